import type { Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { logMeanExp } from './log-mean.ts'
import type { MoveTuning, Population } from './population.ts'

/** A step of the path: to where it leads, and how particles move there. */
export interface PathStep {
  readonly b: number
  readonly tuning: MoveTuning
}

export interface TemperedPath {
  /** log of the integral of f_1; NaN or infinite where the numbers went wrong. */
  readonly logIntegral: number
  readonly rungs: readonly PathStep[]
}

export interface TemperingOptions {
  /** The part of the particles that a step leaves effective; 0.7. */
  readonly effective?: number
  /** Transitions at each rung; 3. */
  readonly moves?: number
}

const MOST_RUNGS = 20_000
/** The acceptance that steps of trajectories are adapted to. */
const ACCEPTANCE = 0.8

/**
 * Sequential Monte Carlo (Del Moral, Doucet and Jasra 2006) along a path: each step as long as leaves the asked part of the particles
 * effective, then resampling and transitions, whose step size and scales come from the particles.
 */
export function temper(population: Population, stream: Stream, { effective = 0.7, moves = 3 }: TemperingOptions = {}): TemperedPath {
  const { count, dimension } = population
  const rungs: PathStep[] = []
  const change = new Float64Array(count)
  let logIntegral = population.logBase
  let step = dimension === 0 ? 1 : 1 / Math.sqrt(Math.sqrt(dimension))
  for (let b = 0; b < 1; ) {
    const next = nextOn(population, b, effective, change)
    logIntegral += logMeanExp(change)
    if (!Number.isFinite(logIntegral) || rungs.length >= MOST_RUNGS) return { logIntegral, rungs }
    population.copy(systematic(change, stream))
    b = next
    let tuning: MoveTuning = { step, scales: population.spread() }
    for (let k = 0; k < moves; k += 1) {
      const accepted = population.move(b, tuning)
      if (Number.isNaN(accepted)) continue
      step *= exp(accepted - ACCEPTANCE)
      tuning = { ...tuning, step }
    }
    rungs.push({ b, tuning })
  }
  return { logIntegral, rungs }
}

/** As far as the part that is asked for stays effective; the changes of log f are written. */
function nextOn(population: Population, b: number, effective: number, change: Float64Array): number {
  const reach = (to: number): number => {
    for (let i = 0; i < change.length; i += 1) change[i] = population.log(i, to) - population.log(i, b)
    return effectivePart(change)
  }
  if (reach(1) >= effective) return 1
  let [low, high] = [b, 1]
  // What no step can keep, since f_0 reaches where f_1 does not, is lost at once.
  for (let k = 0; k < 40; k += 1) {
    const middle = (low + high) / 2
    if (reach(middle) >= effective) low = middle
    else high = middle
  }
  const to = low > b ? low : high
  reach(to)
  return to
}

/** (sum w)^2 / (n sum w^2), of those that have a weight at all. */
function effectivePart(logs: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY
  for (const l of logs) if (l > most) most = l
  if (!Number.isFinite(most)) return 0
  let [sum, squares, count] = [0, 0, 0]
  for (const l of logs) {
    const w = exp(l - most)
    sum += w
    squares += w * w
    if (l > Number.NEGATIVE_INFINITY) count += 1
  }
  return (sum * sum) / (count * squares)
}

/** Systematic resampling: as many copies of each as its share of the weights, up to one. */
function systematic(logs: Float64Array, stream: Stream): Int32Array {
  const n = logs.length
  const most = logs.reduce((a, b) => Math.max(a, b))
  const weights = logs.map((l) => exp(l - most))
  const total = weights.reduce((a, b) => a + b)
  const from = new Int32Array(n)
  let [sum, at] = [weights[0] as number, 0]
  const u = stream.uniform()
  for (let i = 0; i < n; i += 1) {
    const place = ((i + u) / n) * total
    while (sum < place && at < n - 1) sum += weights[++at] as number
    from[i] = at
  }
  return from
}

/** A finer path through the same rungs: `steps` in all, as many between two as between any others. */
export function refined(rungs: readonly PathStep[], steps: number): readonly PathStep[] {
  const parts = Math.max(1, Math.round(steps / rungs.length))
  return rungs.flatMap(({ b, tuning }, k) => {
    const before = k === 0 ? 0 : (rungs[k - 1] as PathStep).b
    return Array.from({ length: parts }, (_, j) => ({ b: j + 1 === parts ? b : before + ((b - before) * (j + 1)) / parts, tuning }))
  })
}

/**
 * Annealed importance sampling (Neal 2001): the log weight of each particle on its own way along the path, whose mean weight is the integral
 * of f_1, without bias.
 */
export function anneal(population: Population, path: readonly PathStep[]): Float64Array {
  const weights = new Float64Array(population.count).fill(population.logBase)
  let before = 0
  path.forEach(({ b, tuning }, k) => {
    for (let i = 0; i < weights.length; i += 1) weights[i] = (weights[i] as number) + population.log(i, b) - population.log(i, before)
    if (k + 1 < path.length) population.move(b, tuning)
    before = b
  })
  return weights
}
