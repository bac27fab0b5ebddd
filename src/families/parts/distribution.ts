import type { Each, WrittenSignature } from './signature.ts'

/** The distribution function of a family of single numbers and its inverse, by numbers. */
export interface Distribution<S extends WrittenSignature = WrittenSignature> {
  /** P(X <= x). */
  cdf(x: number, args: Each<S, number>): number
  /** The smallest x with P(X <= x) >= p. */
  quantile(p: number, args: Each<S, number>): number
}
