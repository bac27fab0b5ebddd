/** `dy/dt = f(t, y)`. */
export interface OdeSystem {
  readonly length: number
  /** f into `out`. */
  rate(t: number, y: Float64Array, out: Float64Array): void
  /** df/dy by rows into `out`; without it, stiff systems are integrated by shorter and shorter explicit steps. */
  readonly jacobian?: (t: number, y: Float64Array, out: Float64Array) => void
}

/** Errors allowed in one step: `absolute + relative |y|` for each number. */
export interface Tolerances {
  readonly relative: number
  readonly absolute: number
}

/** One accepted step, until the next one is taken. */
export interface OdeStep {
  readonly from: number
  readonly to: number
  /** The solution at a time between, into `out`. */
  at(t: number, out: Float64Array): void
}

/** What one step method does from `y` at `t`: a new place and what its error is, in units of the tolerances (1 is just allowed). */
export interface StepAttempt {
  /** The root mean square of errors over tolerances; not finite where the method broke down, which asks for a shorter step. */
  readonly error: number
  /** Set where an explicit step is held back by stability and not by error. */
  readonly stiff?: boolean
}

/** A pair of a method and its error estimate. */
export interface StepMethod {
  /** Of the error estimate: a step of h has an error of `h^(order + 1)`. */
  readonly order: number
  /** The longest factor by which a step grows at once. */
  readonly growth: number
  begin(t: number, y: Float64Array): void
  attempt(t: number, y: Float64Array, h: number, next: Float64Array): StepAttempt
  /** The attempt counts: the next one goes on from there. */
  accept(): void
  /** The solution within the accepted step. */
  at(t: number, out: Float64Array): void
}

/** The root mean square of errors in units of what is allowed. */
export function errorNorm(error: Float64Array, y: Float64Array, next: Float64Array, { relative, absolute }: Tolerances): number {
  const { length } = error
  if (length === 0) return 0
  let sum = 0
  for (let i = 0; i < length; i += 1) {
    const scale = absolute + relative * Math.max(Math.abs(y[i] as number), Math.abs(next[i] as number))
    sum += square((error[i] as number) / scale)
  }
  return Math.sqrt(sum / length)
}

export function square(x: number): number {
  return x * x
}
