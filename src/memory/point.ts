import { pow } from '../base/special/pow.ts'
import type { Layout } from './layout.ts'

/**
 * A place in the landscape and what the energy looks like from there, over the flat coordinates of all continuous
 * states. A flow writes `x` and asks; the driver fills in the rest.
 */
export interface StatePoint {
  readonly x: Float64Array
  /** 1 for coordinates that are clamped. */
  readonly held: Uint8Array
  /** What energies are good to, relative to `scale`. */
  readonly grain: number
  /** Nats. */
  energy: number
  /** Sum of the absolute values of the terms (nats): what the rounding of `energy` goes with. */
  scale: number
  /** dE/dx; for a neuron dE/d(activation), which is minus its drive. */
  readonly gradient: Float64Array
  /** A diagonal majoriser U; NaN where none is known. */
  readonly curvature: Float64Array
  /** Where mirror steps lead, and how far of the way is safe (1 where nothing is known); NaN for coordinates without one. */
  readonly target: Float64Array
  readonly reach: Float64Array
  /** Of states that take proximal steps: gradient and majoriser of the smooth part; weights of kinks, and where they are. Else empty. */
  readonly smooth: Float64Array
  readonly bend: Float64Array
  readonly weight: Float64Array
  readonly centre: Float64Array
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** Time constants; 1 for what is no neuron. */
  readonly tau: Float64Array
  /** What is wrong here, the end of a sentence: a term or a slope is not a number, or a minimum inside was not reached. */
  fault: string | undefined
}

export function newPoint(layout: Layout, held: Uint8Array, grain: number): StatePoint {
  const zeros = (): Float64Array => new Float64Array(layout.length)
  const split = layout.kinks === undefined ? (): Float64Array => new Float64Array(0) : zeros
  return {
    x: zeros(),
    held,
    grain,
    energy: Number.NaN,
    scale: 0,
    gradient: zeros(),
    curvature: zeros().fill(Number.NaN),
    target: zeros().fill(Number.NaN),
    reach: zeros().fill(1),
    smooth: split(),
    bend: split().fill(Number.NaN),
    weight: split(),
    centre: split(),
    lower: zeros().fill(-Infinity),
    upper: zeros().fill(Infinity),
    tau: zeros().fill(1),
    fault: undefined,
  }
}

/**
 * What energies are good to, relative to the sum of the magnitudes of terms. Sums of n terms in double precision are good
 * to about sqrt(n) 2^-53; 2^-42 leaves room for a few million. In single precision (2^-24) long sums are taken in
 * stages; 2^-16 leaves the same room for a few tens of thousands.
 */
export const grains = { double: pow(2, -42), single: pow(2, -16) } as const

export type Precision = keyof typeof grains

/** How far two energies may differ by rounding alone, nats. */
export function rounding(point: StatePoint): number {
  return point.grain * Math.max(1, point.scale)
}

/** Whether going from one point to the other raised the energy by more than rounding. */
export function rises(from: StatePoint, to: StatePoint): boolean {
  return !(to.energy <= from.energy + Math.max(rounding(from), rounding(to)))
}
