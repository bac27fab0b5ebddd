import { exp } from '../../base/special/exponential.ts'
import { log } from '../../base/special/logarithm.ts'
import { squared } from '../../base/special/pow.ts'
import type { Fit } from './success.ts'
import { type Cluster, type Threshold, thresholdOf } from './threshold.ts'

/** What came of one load. */
export interface LoadPoint extends Omit<Fit, 'nearest'> {
  /** Patterns that were stored. */
  readonly count: number
  readonly tried: number
  /** The share of cues that succeeded, and Wilson's interval of it at 95 %. */
  readonly success: number
  readonly interval: readonly [number, number]
}

export interface MeasuredLoad {
  readonly point: LoadPoint
  readonly clusters: readonly Cluster[]
}

export interface SearchOptions {
  readonly level: number
  readonly from: number
  readonly to: number
  /** Bisection ends where the loads on both sides of the level are nearer than this factor. */
  readonly ratio: number
}

export interface FoundCapacity {
  readonly points: readonly LoadPoint[]
  /** The load at which the share falls below the level; absent where it does not between `from` and `to`. */
  readonly capacity?: Threshold
}

/** Doubles the load until fewer succeed than the level says, then halves the gap in its logarithm. `measure` may say that there is no going on. */
export async function search(
  measure: (count: number) => Promise<MeasuredLoad | undefined>,
  options: SearchOptions,
): Promise<FoundCapacity | undefined> {
  const { level, from, to, ratio } = options
  const all: MeasuredLoad[] = []
  const at = async (count: number): Promise<LoadPoint | undefined> => {
    const measured = await measure(count)
    if (measured === undefined) return undefined
    all.push(measured)
    return measured.point
  }
  let good = await at(from)
  if (good === undefined) return undefined
  if (good.success < level) return foundAmong(all)
  let bad = good
  while (bad.success >= level) {
    if (bad.count >= to) return foundAmong(all)
    good = bad
    const next = await at(Math.min(to, 2 * bad.count))
    if (next === undefined) return undefined
    bad = next
  }
  while (bad.count / good.count > ratio && bad.count - good.count > 1) {
    const point = await at(Math.round(Math.sqrt(good.count * bad.count)))
    if (point === undefined) return undefined
    if (point.success >= level) good = point
    else bad = point
  }
  return { ...foundAmong(all), capacity: thresholdAt(all, level, good, bad) }
}

function foundAmong(all: readonly MeasuredLoad[]): FoundCapacity {
  return { points: all.map((m) => m.point).sort((a, b) => a.count - b.count) }
}

/** By regression on all that was tried; where shares fall at once, between the two nearest loads. */
export function thresholdAt(all: readonly MeasuredLoad[], level: number, good: LoadPoint, bad: LoadPoint): Threshold {
  const fitted = thresholdOf(
    all.flatMap((m) => m.clusters),
    level,
  )
  const [low, high] = [good.count, bad.count]
  const inside = fitted !== undefined && fitted.estimate > low / 2 && fitted.estimate < high * 2
  if (!inside) return { estimate: exp((log(low) + log(high)) / 2), interval: [low, high] }
  // Loads are whole numbers: what lies between two of them is not known any better.
  const [a, b] = fitted.interval
  return { estimate: fitted.estimate, interval: [Math.min(a, fitted.estimate, low), Math.max(b, fitted.estimate, high)] }
}

/** How the capacity grows with a size, by least squares on its logarithm. */
export interface Growth {
  readonly slope: number
  readonly error: number
  /** Share of the variance of log capacity that the line explains. */
  readonly r2: number
}

/** `x`: the sizes, or their logarithms. Nothing below three of them. */
export function growthOf(x: readonly number[], capacities: readonly number[]): Growth | undefined {
  const n = x.length
  if (n < 3) return undefined
  const y = capacities.map(log)
  const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / n
  const [mx, my] = [mean(x), mean(y)]
  const sxx = x.reduce((s, v) => s + squared(v - mx), 0)
  const sxy = x.reduce((s, v, i) => s + (v - mx) * ((y[i] as number) - my), 0)
  const syy = y.reduce((s, v) => s + squared(v - my), 0)
  const slope = sxy / sxx
  const left = Math.max(0, syy - slope * sxy)
  return { slope, error: Math.sqrt(left / (n - 2) / sxx), r2: syy === 0 ? 1 : 1 - left / syy }
}
