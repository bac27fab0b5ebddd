import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import type { FitPart } from './part.ts'
import type { LevelShares } from './shares.ts'
import type { SmallScene } from './trial.ts'

/** The elements of a random axis, as its first `levels`, and all that a change of who takes them is judged by. */
export interface SharedElements {
  /** The states that take them; all other blocks. */
  readonly pickers: readonly LevelShares[]
  readonly others: readonly FitPart[]
  elbo(): number
  /** All means as they are now, to go back to. */
  save(): () => void
  readonly stream: Stream
  /** Called with the ELBO after each move that was taken. */
  taken(elbo: number): void
  /** A scene of these sites of the only picker, where there can be one. */
  readonly small?: (sites: ArrayLike<number>) => SmallScene
}

/** So many rows of an element are a share of it that counts: below it, it stands empty. */
export const USED = 1e-3

/** Sweeps in which a change must pay. */
const SETTLED = 3

/** A change is given up where so many more rises like the last would not do. */
const FAR = 5

/** Remembers what was tried in vain, of elements of so many rows. */
export interface Memory {
  readonly failed: Map<string, number>
}

/** Whether any move was taken; `tried`: a split was looked at; `full`: a split was not tried, since all elements are used. */
export interface Round {
  readonly moved: boolean
  readonly tried: boolean
  readonly full: boolean
}

export function countsOf({ pickers }: Pick<SharedElements, 'pickers'>): Float64Array {
  const [first, ...more] = pickers.map((p) => p.counts())
  return must(first, 'counts').map((c, k) => more.reduce((sum, other) => sum + (other[k] as number), c))
}

/** Makes a change, and takes it back where the ELBO is no higher after a few sweeps. */
export function attempt(e: SharedElements, change: () => void): boolean {
  const { pickers, others, elbo } = e
  const before = elbo()
  const back = e.save()
  change()
  let last = Number.NEGATIVE_INFINITY
  for (let s = 0; s < SETTLED; s += 1) {
    for (const part of [...others, ...pickers]) part.update(elbo)
    const after = elbo()
    if (after > before + 1e-10 * (1 + Math.abs(before))) {
      e.taken(after)
      return true
    }
    // Far from it, and slow.
    if (after + FAR * (after - last) < before) break
    last = after
  }
  back()
  for (const part of others) part.update(elbo)
  return false
}

/** As `attempt`, which is not made again of elements of these sizes once it was in vain. */
export function attemptOnce(e: SharedElements, { failed }: Memory, what: string, change: () => void): boolean {
  if (failed.has(what)) return false
  const done = attempt(e, change)
  if (!done) failed.set(what, 1)
  return done
}
