import type { Stream } from '../../base/random.ts'

/**
 * The parameters of one component by their natural parameters `eta`: exp(-E) is exp(-(eta . statistics)), and data add to eta. `eta`
 * starts at a place of an array that holds those of many components.
 */
export interface NaturalForm {
  /** How many numbers eta has, and how many the parameters. */
  readonly width: number
  readonly values: number
  /** Log of the integral over the parameters; not a number, or infinite, where there is none. */
  logIntegral(eta: Float64Array, at: number): number
  /** Draws the parameters into `out`. */
  draw(eta: Float64Array, at: number, stream: Stream, out: Float64Array): void
}

/** So many independent groups, each of so many elements that belong together. */
export interface NaturalShape {
  readonly groups: number
  readonly members: number
}
