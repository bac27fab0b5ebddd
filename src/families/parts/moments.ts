import type { Each, WrittenSignature } from './signature.ts'

/** Mean and variance of a family of single numbers. Infinite or NaN where the family has none. */
export interface NumberMoments<S extends WrittenSignature = WrittenSignature> {
  mean(args: Each<S, number>): number
  variance(args: Each<S, number>): number
}

/**
 * Of a family over axes: the mean and the variance of each element of a draw, in the order of a draw, of which `size` and
 * `columns` are as there. Covariances between elements are left to the caller: a matrix has too many. NaN where the family
 * has none, and infinite where the integral is.
 */
export interface AxisMoments<S extends WrittenSignature = WrittenSignature> {
  means(args: Each<S, Float64Array>, size: number, columns: number): Float64Array
  variances(args: Each<S, Float64Array>, size: number, columns: number): Float64Array
}
