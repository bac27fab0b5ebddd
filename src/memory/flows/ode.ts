import { exp } from '../../base/special/exponential.ts'
import { expm1 } from '../../base/special/hyperbolic.ts'
import { pow } from '../../base/special/pow.ts'
import { type FlowSetting, largest, retract, slope } from '../geometry.ts'
import { neuronsOf } from '../layout.ts'
import { blocked } from '../outcome.ts'
import { newPoint, rises, type StatePoint } from '../point.ts'
import { type Flow, type Stride, settled } from './flow.ts'

export interface OdeOptions {
  /** Error allowed in a step, relative to 1 + |x|. */
  readonly accuracy: number
  /** The longest step in time. */
  readonly longest: number
  /** The time at which to stop. */
  readonly until: number
}

/**
 * Errors are also kept below this part of the step itself: close to rest, where every error is small, the step would
 * otherwise grow until the coupling between layers makes it unstable, and never come to rest.
 */
const COARSE = 0.1
/** A flow that still rises when its step was halved so often does not descend: shorter ones hide in the rounding. */
const RISES = 20

/**
 * Retrieval in continuous time: `tau dv/dt = -dE/d(activation)` for neurons, `dx/dt = -dE/dx` for everything else (along
 * the surface for unit vectors, stopped at bounds). The leak of a neuron (which the Legendre transform of its Lagrangian
 * puts in: -v) and known curvature are integrated exactly, so fast layers do not shorten the step: exponential
 * Runge-Kutta of order 3 with an embedded second order (Cox & Matthews 2002, ETD3RK) and an adaptive step, shortened
 * further whenever the energy would rise. At rest when no drive is left.
 */
export function ode(setting: FlowSetting, options: OdeOptions): Flow {
  const { length } = setting.layout
  const middle = newPoint(setting.layout, setting.held, setting.grain)
  const end = newPoint(setting.layout, setting.held, setting.grain)
  const [n0, n1, n2, velocity, leak, spread] = Array.from({ length: 6 }, () => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const neuron = neuronsOf(setting.layout)
  let h = Number.NaN
  let now = 0

  /** dx/dt - leak x: what remains when the leak is taken out. */
  function rest(point: StatePoint, out: Float64Array): void {
    velocityAt(setting, point, neuron, velocity)
    for (let i = 0; i < length; i += 1) out[i] = (velocity[i] as number) - (leak[i] as number) * (point.x[i] as number)
  }

  function* attempt(here: StatePoint, next: StatePoint): Generator<StatePoint, number, void> {
    stage(here, middle.x, leak, h / 2, (i, p) => p.one * (n0[i] as number))
    yield middle
    rest(middle, n1)
    stage(here, end.x, leak, h, (i, p) => p.one * (2 * (n1[i] as number) - (n0[i] as number)))
    yield end
    rest(end, n2)
    stage(here, next.x, leak, h, (i, p) => {
      const [a, b, c] = [n0[i] as number, n1[i] as number, n2[i] as number]
      const third = (p.one - 3 * p.two + 4 * p.three) * a + (4 * p.two - 8 * p.three) * b + (4 * p.three - p.two) * c
      spread[i] = h * (third - (p.one - 2 * p.two) * a - 2 * p.two * b)
      return third
    })
    forgiveBounds(here, next.x, spread)
    const error = Math.max(relativeTo(here.x, spread) / options.accuracy, largest(spread) / (COARSE * largestStep(here.x, next.x)))
    retract(setting, here, next.x)
    return error
  }

  return {
    name: 'ode',
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
      for (let i = 0; i < length; i += 1) leak[i] = setting.moves[i] === 0 ? 0 : leakOf(here, neuron, i)
      rest(here, n0)
      const speed = relativeTo(here.x, drives(here, neuron, velocity))
      if (speed <= setting.tolerance) return settled
      if (!(h > 0)) h = Math.min(options.longest, 0.1 / speed, 0.1)
      let rose = 0
      for (let tries = 0; tries < 80; tries += 1) {
        h = Math.min(h, options.until - now)
        const taken = h
        const error = yield* attempt(here, next)
        // Third order: the error goes with the cube of the step; 0.9 keeps the next one on the safe side.
        const factor = error > 0 ? Math.min(5, Math.max(0.2, 0.9 * pow(error, -1 / 3))) : 5
        if (!(error <= 1)) {
          h *= Number.isFinite(error) ? Math.min(factor, 0.9) : 0.2
          continue
        }
        yield next
        if (next.fault !== undefined || rises(here, next)) {
          h /= 2
          rose += 1
          if (rose > RISES) break
          continue
        }
        h = Math.min(options.longest, h * factor)
        now += taken
        return { kind: 'moved', time: taken }
      }
      const failed = [middle, end, next].find((point) => point.fault !== undefined) ?? next
      return blocked(
        failed,
        'The energy rises along the flow however short the step: a Lagrangian that is not convex does that, and so does a kink.',
      )
    },
  }
}

/** Per coordinate: dx/dt. */
function velocityAt(setting: FlowSetting, point: StatePoint, neuron: Uint8Array, out: Float64Array): void {
  slope(setting, point, out)
  for (let i = 0; i < out.length; i += 1) out[i] = -(out[i] as number) / (neuron[i] === 1 ? (point.tau[i] as number) : 1)
}

/** Velocities with time constants taken out again, so that slow neurons do not pass for resting ones. */
function drives(point: StatePoint, neuron: Uint8Array, velocity: Float64Array): Float64Array {
  return velocity.map((v, i) => (neuron[i] === 1 ? v * (point.tau[i] as number) : v))
}

/** What meets its bound stops there: no error is made by how far it would have gone. */
function forgiveBounds(here: StatePoint, x: Float64Array, spread: Float64Array): void {
  for (let i = 0; i < x.length; i += 1) {
    if ((x[i] as number) < (here.lower[i] as number) || (x[i] as number) > (here.upper[i] as number)) spread[i] = 0
  }
}

function largestStep(from: Float64Array, to: Float64Array): number {
  let most = 0
  for (let i = 0; i < from.length; i += 1) most = Math.max(most, Math.abs((to[i] as number) - (from[i] as number)))
  return most
}

function leakOf(point: StatePoint, neuron: Uint8Array, i: number): number {
  if (neuron[i] === 1) return -1 / (point.tau[i] as number)
  const u = point.curvature[i] as number
  return u > 0 ? -u : 0
}

interface Phi {
  one: number
  two: number
  three: number
}

/** out = exp(h leak) x + h remainder(phi(h leak)). */
function stage(here: StatePoint, out: Float64Array, leak: Float64Array, h: number, remainder: (i: number, phi: Phi) => number): void {
  const p: Phi = { one: 1, two: 1 / 2, three: 1 / 6 }
  let last = Number.NaN
  let decay = 1
  for (let i = 0; i < out.length; i += 1) {
    const z = h * (leak[i] as number)
    if (z !== last) {
      phi(z, p)
      decay = exp(z)
      last = z
    }
    out[i] = decay * (here.x[i] as number) + h * remainder(i, p)
  }
}

/** phi_1 = (e^z - 1)/z, phi_k = (phi_{k-1} - 1/(k-1)!)/z; the series where that would cancel. */
function phi(z: number, out: Phi): void {
  if (Math.abs(z) > 1) {
    out.one = expm1(z) / z
    out.two = (out.one - 1) / z
    out.three = (out.two - 1 / 2) / z
    return
  }
  // sum z^k / (k + 3)!, k up to 16: below 2^-53 for |z| <= 1.
  let three = 0
  for (let k = 16; k >= 0; k -= 1) three = (three * z + 1) / (k + 3)
  out.three = three / 2
  out.two = 1 / 2 + z * out.three
  out.one = 1 + z * out.two
}

function relativeTo(x: Float64Array, v: Float64Array): number {
  let most = 0
  for (let i = 0; i < v.length; i += 1) {
    const part = Math.abs(v[i] as number) / (1 + Math.abs(x[i] as number))
    // NaN has to come through.
    if (!(part <= most)) most = part
  }
  return most
}
