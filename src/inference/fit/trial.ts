import type { Stream } from '../../base/random.ts'
import type { FitPart } from './part.ts'
import type { LevelShares } from './shares.ts'

/**
 * Some rows alone with two elements of an axis, everything that is not of elements as it is: where splits and joins are looked at before
 * all rows are asked. Rows past those that were taken count for nothing.
 */
export interface SmallScene {
  readonly rows: ArrayLike<number>
  readonly picker: LevelShares
  /** The blocks of the elements. */
  readonly others: readonly FitPart[]
  /** Up to a number that is the same for all shares of these rows. */
  elbo(): number
}

/** What rows have of the second element, and the ELBO of that; -Infinity where there is no q. */
export interface Halves {
  readonly second: Float64Array
  readonly elbo: number
}

/** What these rows say may be so many nats off what all say, since sticks are others'. */
export const MARGIN = 2

/** Sweeps from two rows, until the halves are judged. */
const APART = 12

/** Pairs of rows from which halves are grown. */
const TRIES = 6

/** All rows in one element. */
export function together(scene: SmallScene): number {
  const { picker, rows } = scene
  for (let i = 0; i < rows.length; i += 1) picker.put(i, 0)
  return settled(scene, 2, false)
}

/** The rows as they are shared out, after a few sweeps of these two elements alone. */
export function asTheyAre(scene: SmallScene, second: ArrayLike<number>): Halves {
  give(scene, second)
  const elbo = settled(scene, 4, true)
  return { second: seconds(scene), elbo }
}

/** The best of several divisions, each grown from two rows: each alone makes an element, the others go to whichever explains them better. */
export function halves(scene: SmallScene, stream: Stream): Halves {
  const { picker, rows } = scene
  let best: Halves = { second: new Float64Array(rows.length), elbo: Number.NEGATIVE_INFINITY }
  for (let t = 0; t < TRIES; t += 1) {
    const first = stream.integer(rows.length)
    const other = (first + 1 + stream.integer(rows.length - 1)) % rows.length
    for (let i = 0; i < rows.length; i += 1) picker.put(i, i === first ? 0 : i === other ? 1 : undefined)
    const elbo = settled(scene, APART, true)
    if (elbo > best.elbo) best = { second: seconds(scene), elbo }
  }
  return best
}

function give({ picker, rows }: SmallScene, second: ArrayLike<number>): void {
  for (let i = 0; i < rows.length; i += 1) {
    picker.give(i, 0, 1 - (second[i] as number))
    picker.give(i, 1, second[i] as number)
  }
}

function seconds({ picker, rows }: SmallScene): Float64Array {
  return Float64Array.from({ length: rows.length }, (_, i) => picker.of(i, 1))
}

/** Sweeps, in which rows choose between the elements or stay; the ELBO after them. */
function settled({ picker, others, rows, elbo }: SmallScene, sweeps: number, choose: boolean): number {
  for (let s = 0; s < sweeps; s += 1) {
    for (const part of others) if (part.update(elbo) !== undefined) return Number.NEGATIVE_INFINITY
    if (!choose) continue
    picker.weigh()
    for (let i = 0; i < rows.length; i += 1) picker.choose(i)
  }
  for (const part of others) if (part.update(elbo) !== undefined) return Number.NEGATIVE_INFINITY
  const now = elbo()
  return Number.isNaN(now) ? Number.NEGATIVE_INFINITY : now
}
