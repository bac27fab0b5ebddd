import { InternalError, must } from '../base/internal-error.ts'
import { type ChainState, concatenated } from '../inference/chains/chain.ts'
import type { SampledChain } from './sampling.ts'

/** An earlier stretch of a chain followed by what `run` draws from where it ended; as it is when it cannot go on. */
export function continued(earlier: SampledChain | undefined, run: (from?: ChainState) => SampledChain): SampledChain {
  if (earlier === undefined) return run()
  return earlier.state === undefined ? earlier : sequence([earlier, run(earlier.state)])
}

/** Stretches of one chain that follow each other, at least one, as one. */
export function sequence(stretches: readonly SampledChain[]): SampledChain {
  const last = must(stretches.at(-1), 'stretch')
  if (stretches.length === 1) return last
  const drawn = stretches.filter(({ draws }) => draws.count > 0).map(({ draws }) => draws)
  if (new Set(drawn.map((d) => d.values.length / d.count)).size > 1) throw new InternalError('stretches of a chain with different columns')
  return {
    ...last,
    draws: {
      ...last.draws,
      count: drawn.reduce((sum, d) => sum + d.count, 0),
      values: concatenated(drawn.map((d) => d.values)),
      statistics: concatenated(drawn.map((d) => d.statistics)),
    },
  }
}
