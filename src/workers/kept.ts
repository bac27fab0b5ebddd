import { sequence } from '../run/resume.ts'
import type { SampledChain } from '../run/sampling.ts'

/** What the chains of a run have drawn so far, stretch by stretch. What is in here is not lost, whatever happens to what draws. */
export interface KeptDraws {
  add(stretch: SampledChain): void
  /** The last stretch of a chain: from where it goes on. */
  last(chain: number): SampledChain | undefined
  /** By chain number, those left out that were not begun. */
  all(): readonly SampledChain[]
  /** How many stretches were added. */
  added(): number
}

/** Begins with the chains of the run that is resumed, by chain number. */
export function keeping(resumed: readonly (SampledChain | undefined)[] = []): KeptDraws {
  const stretches: SampledChain[][] = []
  resumed.forEach((chain, i) => {
    if (chain !== undefined) stretches[i] = [chain]
  })
  let added = 0
  return {
    add(stretch) {
      const { chain } = stretch.draws
      stretches[chain] ??= []
      stretches[chain].push(stretch)
      added += 1
    },
    last: (chain) => stretches[chain]?.at(-1),
    all() {
      stretches.forEach((list, chain) => {
        stretches[chain] = [sequence(list)]
      })
      return stretches.flatMap(([whole]) => whole ?? [])
    },
    added: () => added,
  }
}
