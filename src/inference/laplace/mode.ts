import type { LogDensity } from '../density/density.ts'

/** A place where a density is highest, as far as steps uphill found one. */
export interface DensityMode {
  readonly at: Float64Array
  readonly logDensity: number
  /** The gradient there. */
  readonly gradient: Float64Array
  readonly steps: number
  /** Whether nothing more could be gained beyond rounding. */
  readonly converged: boolean
}

/** Pairs of steps and changes of gradient that are remembered. */
const MEMORY = 10
const MOST_STEPS = 2000
const MOST_TRIES = 60
/** Armijo's and (weak) Wolfe's constants. */
const [ENOUGH, CURVATURE] = [1e-4, 0.9]

/**
 * Uphill from `start` by limited-memory BFGS (Nocedal and Wright 2006, algorithm 7.4) with the bisecting weak Wolfe line search of Lewis
 * and Overton (2013). Done where a step promises less than rounding of the log density.
 */
export function findMode(density: LogDensity, start: Float64Array): DensityMode {
  const n = density.dimension
  let here: HillPoint = pointAt(density, Float64Array.from(start))
  let pairs: Secant[] = []
  for (let steps = 0; ; steps += 1) {
    const ended = (converged: boolean): DensityMode => ({ at: here.q, logDensity: here.value, gradient: here.gradient, steps, converged })
    if (!Number.isFinite(here.value)) return ended(false)
    let direction = uphill(here.gradient, pairs)
    let along = dot(direction, here.gradient)
    if (!(along > 0) && pairs.length > 0) {
      pairs = []
      direction = uphill(here.gradient, pairs)
      along = dot(direction, here.gradient)
    }
    if (!(along > rounding(here.value))) return ended(along >= 0 || n === 0)
    if (steps >= MOST_STEPS) return ended(false)
    // The first step has no curvature to go by.
    const first = pairs.length === 0 ? 1 / Math.max(1, Math.sqrt(dot(here.gradient, here.gradient))) : 1
    const next = search(density, here, direction, along, first)
    if (next === undefined && pairs.length > 0) {
      pairs = []
      continue
    }
    if (next === undefined) return ended(along * first <= 1e6 * rounding(here.value))
    pairs = [...pairs, ...learned(here, next)].slice(-MEMORY)
    here = next
  }
}

interface HillPoint {
  readonly q: Float64Array
  readonly value: number
  readonly gradient: Float64Array
}

interface Secant {
  readonly step: Float64Array
  /** How much less the gradient is after it. */
  readonly change: Float64Array
  readonly product: number
}

function pointAt(density: LogDensity, q: Float64Array): HillPoint {
  const gradient = new Float64Array(q.length)
  return { q, value: density.evaluate(q, gradient), gradient }
}

const rounding = (value: number): number => 8 * Number.EPSILON * (1 + Math.abs(value))

function search(density: LogDensity, here: HillPoint, direction: Float64Array, along: number, first: number): HillPoint | undefined {
  let [low, high, t] = [0, Number.POSITIVE_INFINITY, first]
  let best: HillPoint | undefined
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const next = pointAt(
      density,
      here.q.map((x, i) => x + t * (direction[i] as number)),
    )
    const gains = next.value - here.value >= ENOUGH * t * along && next.gradient.every(Number.isFinite)
    if (!gains) high = t
    else if (dot(next.gradient, direction) <= CURVATURE * along) return next
    else [low, best] = [t, next]
    t = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * t
    if (high - low <= 1e-12 * high) break
  }
  return best
}

/** The gradient times an approximate inverse of minus the Hessian, by the two loops. */
function uphill(gradient: Float64Array, pairs: readonly Secant[]): Float64Array {
  const direction = Float64Array.from(gradient)
  const factors: number[] = []
  for (const { step, change, product } of pairs.toReversed()) {
    const factor = dot(step, direction) / product
    factors.push(factor)
    add(direction, -factor, change)
  }
  const last = pairs.at(-1)
  const scale = last === undefined ? 1 : last.product / dot(last.change, last.change)
  for (let i = 0; i < direction.length; i += 1) direction[i] = scale * (direction[i] as number)
  for (const { step, change, product } of pairs) add(direction, (factors.pop() as number) - dot(change, direction) / product, step)
  return direction
}

function learned(here: HillPoint, next: HillPoint): readonly Secant[] {
  const step = next.q.map((x, i) => x - (here.q[i] as number))
  const change = here.gradient.map((g, i) => g - (next.gradient[i] as number))
  const product = dot(step, change)
  return product > 1e-12 * Math.sqrt(dot(step, step) * dot(change, change)) ? [{ step, change, product }] : []
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number)
  return sum
}

function add(x: Float64Array, factor: number, y: Float64Array): void {
  for (let i = 0; i < x.length; i += 1) x[i] = (x[i] as number) + factor * (y[i] as number)
}
