import type { Loaded } from 'amp-lang'
import { dot, type Estimate, estimate, type Lab, normals, ofLength, type Vector } from 'amp-lang/experiment'

/** How often stored patterns are recalled at one load. */
export interface Load extends Estimate {
  readonly patterns: number
}

export interface Capacity {
  readonly dimension: number
  /** The number of patterns of which half are recalled, and its standard error. */
  readonly patterns: Estimate
  readonly loads: readonly Load[]
}

/** `count` random patterns on the sphere of radius sqrt(dimension). */
export function patternsOn(lab: Lab, dimension: number, count: number, ...parts: readonly (string | number)[]): readonly Vector[] {
  const random = lab.random('patterns', dimension, count, ...parts)
  return Array.from({ length: count }, () => ofLength(Math.sqrt(dimension), normals(random, dimension)))
}

export interface Effort {
  /** Memories made afresh at each load. */
  readonly memories: number
  /** Patterns cued of each. */
  readonly cues: number
}

/**
 * Cued by themselves, patterns count as recalled where the overlap is above 0.5 after at most 60 mean-shift steps. The
 * load is doubled until fewer than half are, then the bracket is halved in its logarithm, and the capacity interpolated.
 */
export async function capacity(
  lab: Lab,
  model: Loaded,
  inverseVariance: number,
  dimension: number,
  from: number,
  effort: Effort,
): Promise<Capacity> {
  const loads: Load[] = []
  const at = async (patterns: number): Promise<Load> => {
    const shares: number[] = []
    for (let k = 0; k < effort.memories; k += 1)
      shares.push(await recalled(lab, model, inverseVariance, patternsOn(lab, dimension, patterns, inverseVariance, k), effort.cues))
    const load = { patterns, ...estimate(shares) }
    loads.push(load)
    return load
  }
  let good = await at(from)
  while (good.value < 0.5 && good.patterns > 2) good = await at(Math.ceil(good.patterns / 2))
  // What does not even hold two holds nothing.
  if (good.value < 0.5) return { dimension, patterns: { value: 0, error: 0 }, loads }
  let bad = good
  while (bad.value >= 0.5) {
    good = bad
    bad = await at(2 * bad.patterns)
  }
  while (bad.patterns / good.patterns > 1.2 && bad.patterns - good.patterns > 1) {
    const middle = await at(Math.round(Math.sqrt(good.patterns * bad.patterns)))
    if (middle.value >= 0.5) good = middle
    else bad = middle
  }
  return { dimension, patterns: half(good, bad), loads: loads.sort((a, b) => a.patterns - b.patterns) }
}

/** The share of (some of) the patterns that come back. */
async function recalled(lab: Lab, model: Loaded, inverseVariance: number, patterns: readonly Vector[], cues: number): Promise<number> {
  const cued = patterns.slice(0, cues)
  const inputs = { memory: { xi: patterns }, param: { sigma: 1 / Math.sqrt(inverseVariance) }, cue: { x: cued } }
  // Where a step moves no coordinate by more than this share, an overlap of 0.5 is decided.
  const found = await lab.retrieve(model, inputs, { flow: 'fixed-point', maxSteps: 60, tolerance: 1e-3 })
  const back = found.filter(({ states }, k) => overlap([...(states.x?.data ?? [])], cued[k] as Vector) > 0.5)
  return back.length / cued.length
}

/** The part of a pattern that is there: 1 where it came back whole. */
const overlap = (found: Vector, pattern: Vector): number => dot(found, pattern) / dot(pattern, pattern)

/** Where a line through two shares, in the logarithm of the load, is at one half; its error is that of the shares. */
function half(good: Load, bad: Load): Estimate {
  const width = Math.log(bad.patterns / good.patterns)
  const fall = good.value - bad.value
  const part = (good.value - 0.5) / fall
  const value = good.patterns * Math.exp(part * width)
  const spread = Math.hypot((1 - part) * good.error, part * bad.error)
  return { value, error: (value * spread * width) / fall }
}
