import type { Metric } from '../adaptation/metric.ts'
import type { LogDensity } from '../density/density.ts'

/** A point of phase space with what was computed there. */
export interface PhasePoint {
  q: Float64Array
  /** Momentum. */
  p: Float64Array
  /** Velocity M^-1 p. */
  v: Float64Array
  /** Gradient of the log density at q. */
  gradient: Float64Array
  logDensity: number
}

export function point(dimension: number): PhasePoint {
  return {
    q: new Float64Array(dimension),
    p: new Float64Array(dimension),
    v: new Float64Array(dimension),
    gradient: new Float64Array(dimension),
    logDensity: Number.NEGATIVE_INFINITY,
  }
}

/** One leapfrog step of size `step` (negative: back in time), in place. */
export function leapfrog(density: LogDensity, metric: Metric, z: PhasePoint, step: number): void {
  const { q, p, v, gradient } = z
  const n = q.length
  const half = 0.5 * step
  for (let i = 0; i < n; i += 1) p[i] = (p[i] as number) + half * (gradient[i] as number)
  metric.velocity(p, v)
  for (let i = 0; i < n; i += 1) q[i] = (q[i] as number) + step * (v[i] as number)
  z.logDensity = density.evaluate(q, gradient)
  for (let i = 0; i < n; i += 1) p[i] = (p[i] as number) + half * (gradient[i] as number)
  metric.velocity(p, v)
}

/** The Hamiltonian: minus log density plus kinetic energy (nats; without the log determinant of the metric). Anything not finite is +Infinity. */
export function hamiltonian(z: PhasePoint): number {
  const { p, v } = z
  let twice = 0
  for (let i = 0; i < p.length; i += 1) twice += (p[i] as number) * (v[i] as number)
  const h = 0.5 * twice - z.logDensity
  return h > Number.NEGATIVE_INFINITY && h < Number.POSITIVE_INFINITY ? h : Number.POSITIVE_INFINITY
}

export function copyPoint(from: PhasePoint, to: PhasePoint): void {
  copy(from.q, to.q)
  copy(from.p, to.p)
  copy(from.v, to.v)
  copy(from.gradient, to.gradient)
  to.logDensity = from.logDensity
}

/** A loop beats `set` for the short vectors of most models. */
export function copy(from: Float64Array, to: Float64Array): void {
  for (let i = 0; i < from.length; i += 1) to[i] = from[i] as number
}
