import type { Stream } from '../base/random.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import type { Tails } from './guards.ts'
import type { Limits } from './limits.ts'

/** What a family means. Formulas are graphs (`logDensity`, elementwise and normalised); samplers are numbers. */
export interface FamilyRule {
  /** Where the parametrisation and the formula come from. */
  readonly source: string
  /**
   * log p(x given args) in nats, elementwise over the union of axes; families over an axis remove it.
   * Minus infinity (never NaN) outside the support; gradients there are 0, not NaN.
   */
  logDensity(m: Maths, x: NodeId, args: readonly NodeId[], context: FamilyContext): NodeId
  /** Logs of P(X <= x) and P(X > x) as graphs; families of counts are asked at whole numbers only. */
  tails?(m: Maths, x: NodeId, args: readonly NodeId[]): Tails
  /** Log of P(from <= X <= to), for families without tails: those of angles, which have no first number. */
  logMass?(m: Maths, from: NodeId, to: NodeId, args: readonly NodeId[]): NodeId
  /** What it is at those ends of parameters that belong to them where the formulas do not say so themselves. */
  readonly limits?: Limits
  /** Arguments, by their number, that `logDensity` itself gives no probability outside their domain. */
  readonly refuses?: readonly number[]
  /** One draw of a scalar family. */
  sample?(stream: Stream, args: readonly number[]): number
  /** One draw of a family of elements, counted from 0: `args` hold scalars (length 1) or a value per level. */
  sampleElement?(stream: Stream, args: readonly Float64Array[], size: number): number
  /** One draw of a family over one axis: `args` hold scalars (length 1) or a value per element. */
  sampleVector?(stream: Stream, args: readonly Float64Array[], size: number): Float64Array
  /** One draw of a family over two axes, row by row: `args` hold scalars (length 1), or matrices row by row. */
  sampleMatrix?(stream: Stream, args: readonly Float64Array[], rows: number, columns: number): Float64Array
  /**
   * Of a family over axes: the mean and the variance of each element of a draw, in the order of `sampleVector` and
   * `sampleMatrix`, of which `size` and `columns` are as there. Covariances between elements are left to the caller: a
   * matrix has too many. NaN where the family has none, and infinite where the integral is.
   */
  means?(args: readonly Float64Array[], size: number, columns: number): Float64Array
  variances?(args: readonly Float64Array[], size: number, columns: number): Float64Array
  /** Infinite or NaN where the family has none. */
  mean?(args: readonly number[]): number
  variance?(args: readonly number[]): number
  /** P(X <= x). */
  cdf?(x: number, args: readonly number[]): number
  /** The smallest x with P(X <= x) >= p. */
  quantile?(p: number, args: readonly number[]): number
}

export interface FamilyContext {
  /** The axes in brackets after the family. */
  readonly over: readonly string[]
  /** The axis of each argument that the left side lacks: the second one of a covariance. */
  readonly own?: readonly (string | undefined)[]
  /** For families of elements: the axis that the left side ranges over. */
  readonly element?: string
  /** Set when the left side's type already keeps it inside the family's support: no guard is needed then. */
  readonly inside?: boolean
}

type Tuple<N extends number, T> = N extends 1 ? readonly [T] : N extends 2 ? readonly [T, T] : readonly [T, T, T]

/** A `FamilyRule` for a family of N parameters, with its arguments as tuples. */
interface Definition<N extends number> {
  readonly source: string
  logDensity(m: Maths, x: NodeId, args: Tuple<N, NodeId>, context: FamilyContext): NodeId
  readonly limits?: Limits
  readonly refuses?: readonly number[]
  tails?(m: Maths, x: NodeId, args: Tuple<N, NodeId>): Tails
  logMass?(m: Maths, from: NodeId, to: NodeId, args: Tuple<N, NodeId>): NodeId
  sample?(stream: Stream, args: Tuple<N, number>): number
  sampleElement?(stream: Stream, args: Tuple<N, Float64Array>, size: number): number
  sampleVector?(stream: Stream, args: Tuple<N, Float64Array>, size: number): Float64Array
  sampleMatrix?(stream: Stream, args: Tuple<N, Float64Array>, rows: number, columns: number): Float64Array
  means?(args: Tuple<N, Float64Array>, size: number, columns: number): Float64Array
  variances?(args: Tuple<N, Float64Array>, size: number, columns: number): Float64Array
  mean?(args: Tuple<N, number>): number
  variance?(args: Tuple<N, number>): number
  cdf?(x: number, args: Tuple<N, number>): number
  quantile?(p: number, args: Tuple<N, number>): number
}

/** The checker has counted the arguments, so rules may take them as tuples. */
export function family<N extends 1 | 2 | 3>(_parameters: N, definition: Definition<N>): FamilyRule {
  return definition as unknown as FamilyRule
}
