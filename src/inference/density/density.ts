/**
 * What the samplers of continuous states draw from: the log of an unnormalised density of `dimension` unconstrained
 * real coordinates, in nats.
 */
export interface LogDensity {
  readonly dimension: number
  /**
   * The log density at `q`; writes its gradient by the coordinates into `gradient`. Keeps neither array. May return
   * anything that is not finite where the density is zero or cannot be computed; the samplers then turn back.
   */
  evaluate(q: Float64Array, gradient: Float64Array): number
  /** The terms of the energy (nats) at the last `q` evaluated, to say which of them is broken. */
  terms?(): readonly TermValue[]
  /** All coordinates of the last `q` evaluated, those that are held included. */
  whole?(): Float64Array
}

export interface TermValue {
  readonly name: string
  readonly value: number
}

/** A source of uniform numbers on (0, 1): what the samplers need of a `Stream` to choose. */
export interface Uniforms {
  uniform(): number
}

/** A source of uniform and standard normal numbers: a `Stream`, or a script in a test. */
export interface NoiseSource extends Uniforms {
  normal(): number
}
