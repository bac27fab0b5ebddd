import { fold, type Key, keyFromSeed, Stream } from '../base/random.ts'
import { exp } from '../base/special/exponential.ts'
import { log } from '../base/special/logarithm.ts'

/** A memory whose load is to be tested: how its patterns are made, cued and recalled. */
export interface LoadTest {
  /** `count` patterns under a key. */
  readonly patterns: (key: Key, count: number) => readonly Float64Array[]
  /** What is shown of a pattern; the pattern itself where left out. */
  readonly cue?: (pattern: Float64Array, stream: Stream) => Float64Array
  /** What a memory of the patterns makes of each cue. */
  readonly recall: (patterns: readonly Float64Array[], cues: readonly Float64Array[]) => readonly Float64Array[]
  /** Whether a pattern counts as recalled. Default: overlap above 0.5. */
  readonly success?: (fit: Fit) => boolean
}

/** How well one pattern was recalled. */
export interface Fit {
  /** Cosine of recalled and stored; for spins the share of right signs less that of wrong ones. */
  readonly overlap: number
  /** Share of entries with the wrong sign. */
  readonly errors: number
}

export interface LoadOptions {
  readonly seed: number
  /** Memories made afresh. */
  readonly memories: number
  /** Patterns cued of each, the first ones (or all). */
  readonly cues: number
}

/** Means over everything that was tried at one load. */
export interface LoadPoint extends Fit {
  readonly count: number
  readonly tried: number
  /** Share of cues that succeeded. */
  readonly success: number
}

/** How well a memory of `count` patterns recalls them. The same seed makes the same patterns. */
export function measureLoad(test: LoadTest, count: number, options: LoadOptions): LoadPoint {
  const fits = Array.from({ length: options.memories }, (_, instance) => recallOnce(test, count, instance, options)).flat()
  const mean = (of: (fit: Fit) => number): number => fits.reduce((sum, fit) => sum + of(fit), 0) / fits.length
  const success = test.success ?? (({ overlap }) => overlap > 0.5)
  return {
    count,
    tried: fits.length,
    overlap: mean((f) => f.overlap),
    errors: mean((f) => f.errors),
    success: mean((f) => (success(f) ? 1 : 0)),
  }
}

function recallOnce(test: LoadTest, count: number, instance: number, options: LoadOptions): readonly Fit[] {
  const key = fold(fold(keyFromSeed(options.seed), `load ${count}`), instance)
  const patterns = test.patterns(fold(key, 'patterns'), count)
  const tried = patterns.slice(0, options.cues)
  const stream = new Stream(fold(key, 'cues'))
  const cues = tried.map((pattern) => test.cue?.(pattern, stream) ?? pattern.slice())
  return test.recall(patterns, cues).map((recalled, k) => fitOf(recalled, tried[k] as Float64Array))
}

export function fitOf(recalled: Float64Array, stored: Float64Array): Fit {
  let product = 0
  let left = 0
  let right = 0
  let wrong = 0
  stored.forEach((s, i) => {
    const r = recalled[i] as number
    product += r * s
    left += r * r
    right += s * s
    if (Math.sign(r) !== Math.sign(s)) wrong += 1
  })
  const norm = Math.sqrt(left * right)
  return { overlap: norm > 0 ? product / norm : 0, errors: wrong / stored.length }
}

export interface CapacityOptions extends LoadOptions {
  /** Where the search starts; doubled until recall fails. */
  readonly from: number
  /** The largest load tried. */
  readonly to: number
  /** The share of successes that marks the capacity. Default 0.5. */
  readonly share?: number
  /** Bisection stops when the bracket's ratio is below this. Default 1.05. */
  readonly ratio?: number
}

export interface Capacity {
  /** Interpolated between the brackets, in the logarithm of the load; undefined where `to` is still recalled or `from` is not. */
  readonly count: number | undefined
  readonly points: readonly LoadPoint[]
}

/** The load at which recall fails: doubling, then bisection in the logarithm of the load. */
export function findCapacity(test: LoadTest, options: CapacityOptions): Capacity {
  const share = options.share ?? 0.5
  const points: LoadPoint[] = []
  const at = (count: number): LoadPoint => {
    const point = measureLoad(test, count, options)
    points.push(point)
    return point
  }
  let good = at(options.from)
  if (good.success < share) return { count: undefined, points }
  let bad = good
  while (bad.success >= share) {
    if (bad.count >= options.to) return { count: undefined, points }
    good = bad
    bad = at(Math.min(options.to, 2 * bad.count))
  }
  while (bad.count / good.count > (options.ratio ?? 1.05) && bad.count - good.count > 1) {
    const point = at(Math.round(Math.sqrt(good.count * bad.count)))
    if (point.success >= share) good = point
    else bad = point
  }
  return { count: between(good, bad, share), points }
}

function between(good: LoadPoint, bad: LoadPoint, share: number): number {
  const part = (good.success - share) / (good.success - bad.success)
  return exp(log(good.count) + part * log(bad.count / good.count))
}
