import { log } from '../base/special/logarithm.ts'
import type { Estimate } from './experiment.ts'

/** Arithmetic mean of independent values, with its standard error. */
export function estimate(values: readonly number[]): Estimate {
  const n = values.length
  const value = values.reduce((sum, v) => sum + v, 0) / n
  const squares = values.reduce((sum, v) => sum + (v - value) * (v - value), 0)
  return { value, error: Math.sqrt(squares / (n - 1) / n) }
}

/** The largest difference between two lists of numbers, entry by entry; of unequal lengths NaN, which passes no line. */
export function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN
  let most = 0
  for (let i = 0; i < a.length; i += 1) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)))
  return most
}

/** The largest difference relative to 1 + |b|, entry by entry. */
export function furthestRelative(a: readonly number[], b: readonly number[]): number {
  const scale = (x: readonly number[]): readonly number[] => x.map((v, i) => v / (1 + Math.abs(b[i] ?? Number.NaN)))
  return furthest(scale(a), scale(b))
}

/** A derivative by differences of fourth order, from values two steps and one step before a point, and one and two after it. */
export function slopeFrom([a, b, c, d]: readonly [number, number, number, number], step: number): number {
  return (a - 8 * b + 8 * c - d) / (12 * step)
}

/** How much a sequence rises at most from one entry to the next; negative where it always falls. */
export function largestRise(values: readonly number[]): number {
  return -smallestRise(values.map((v) => -v))
}

/** How much a sequence rises at least from one entry to the next; positive where it always rises. */
export function smallestRise(values: readonly number[]): number {
  let least = Infinity
  for (let i = 1; i < values.length; i += 1) least = Math.min(least, (values[i] as number) - (values[i - 1] as number))
  return least
}

export interface FittedLine {
  readonly slope: number
  readonly intercept: number
  /** The share of the variance of y that the line explains. */
  readonly r2: number
}

/** The line of least squares through points. */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): FittedLine {
  const mean = (of: (p: { x: number; y: number }) => number): number => points.reduce((sum, p) => sum + of(p), 0) / points.length
  const [x, y] = [mean((p) => p.x), mean((p) => p.y)]
  const xx = mean((p) => (p.x - x) * (p.x - x))
  const xy = mean((p) => (p.x - x) * (p.y - y))
  const yy = mean((p) => (p.y - y) * (p.y - y))
  const slope = xy / xx
  return { slope, intercept: y - slope * x, r2: (xy * xy) / (xx * yy) }
}

/**
 * How far two ways to group the same things agree: their mutual information over the mean of their entropies; 1 where they
 * are the same up to names, 0 where they are independent.
 */
export function mutualInformation(a: readonly number[], b: readonly number[]): number {
  const shares = (keys: readonly (string | number)[]): ReadonlyMap<string | number, number> => {
    const counts = new Map<string | number, number>()
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1 / keys.length)
    return counts
  }
  const entropy = (keys: readonly (string | number)[]): number => [...shares(keys).values()].reduce((sum, p) => sum - p * log(p), 0)
  const [ha, hb, both] = [entropy(a), entropy(b), entropy(a.map((v, i) => `${v} ${b[i]}`))]
  return ha + hb === 0 ? 1 : (2 * (ha + hb - both)) / (ha + hb)
}
