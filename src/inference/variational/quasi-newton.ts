import type { LogDensity } from '../density/density.ts'
import { addTo, dot, type InverseHessian, inverseHessian } from './inverse-hessian.ts'

/** A point of the way up, which is written over by the next. */
export interface PathPoint {
  readonly q: Float64Array
  readonly value: number
  readonly gradient: Float64Array
  readonly hessian: InverseHessian
}

export interface QuasiNewtonOptions {
  /** At most so many steps. */
  readonly steps: number
  /** At rest where a step raises the log density by no more than this, relative to 1 + its magnitude. */
  readonly gain: number
  /** Steps that the inverse Hessian remembers. */
  readonly memory: number
}

/** How many points along a line are tried, and what is asked of the one that is taken (weak Wolfe conditions). */
const [MOST_TRIES, RISE, FLATTER] = [40, 1e-4, 0.9]

/**
 * Up the log density from `q`, a point after each step, the first included, by L-BFGS; each line is searched by doubling and bisection
 * (Lewis and Overton 2013), which keeps the curvature along every step positive. Ends at a point of rest, or where no better one is found.
 */
export function* quasiNewton(density: LogDensity, from: Float64Array, { steps, gain, memory }: QuasiNewtonOptions): Generator<PathPoint> {
  const n = density.dimension
  const hessian = inverseHessian(n, memory)
  const [q, gradient, direction] = [from.slice(), new Float64Array(n), new Float64Array(n)]
  const [next, slope, change] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  let value = density.evaluate(q, gradient)
  yield { q, value, gradient, hessian }
  for (let step = 0; step < steps; step += 1) {
    hessian.apply(gradient, direction)
    const along = dot(gradient, direction)
    if (!(along > 0)) return
    const first = step === 0 ? Math.min(1, 1 / Math.sqrt(along)) : 1
    const found = search(density, { q, value, along, direction, next, slope }, first)
    if (found === undefined) return
    for (let i = 0; i < n; i += 1) {
      direction[i] = (next[i] as number) - (q[i] as number)
      change[i] = (gradient[i] as number) - (slope[i] as number)
    }
    hessian.learn(direction, change)
    const rise = found - value
    q.set(next)
    gradient.set(slope)
    value = found
    yield { q, value, gradient, hessian }
    if (rise <= gain * (1 + Math.abs(value))) return
  }
}

interface LineSearch {
  readonly q: Float64Array
  readonly value: number
  readonly along: number
  readonly direction: Float64Array
  readonly next: Float64Array
  readonly slope: Float64Array
}

/** The log density at the point that is taken, which is left in `next` and its gradient in `slope`. */
function search(density: LogDensity, { q, value, along, direction, next, slope }: LineSearch, first: number): number | undefined {
  let [low, high, t] = [0, Number.POSITIVE_INFINITY, first]
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    next.set(q)
    addTo(next, direction, t)
    const there = density.evaluate(next, slope)
    const isHigher = there >= value + RISE * t * along && slope.every(Number.isFinite)
    if (isHigher && dot(slope, direction) <= FLATTER * along) return there
    if (isHigher) low = t
    else high = t
    t = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2
    if (t === low || t === high) return undefined
  }
  return undefined
}
