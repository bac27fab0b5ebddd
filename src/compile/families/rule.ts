import type { Stream } from '../../base/random.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'

/** What a family means. Formulas are graphs (`logDensity`, elementwise and normalised); samplers are numbers. */
export interface FamilyRule {
  /** Where the parametrisation and the formula come from. */
  readonly source: string
  /**
   * log p(x given args) in nats, elementwise over the union of axes; families over an axis remove it.
   * Minus infinity (never NaN) outside the support.
   */
  logDensity(m: Maths, x: NodeId, args: readonly NodeId[], context: FamilyContext): NodeId
  /** One draw of a scalar family. */
  sample?(stream: Stream, args: readonly number[]): number
  /** One draw of a family over one axis: `args` hold scalars (length 1) or a value per element. */
  sampleVector?(stream: Stream, args: readonly Float64Array[], size: number): Float64Array
  readonly mean?: (args: readonly number[]) => number
  readonly variance?: (args: readonly number[]) => number
  /** P(X <= x). */
  readonly cdf?: (x: number, args: readonly number[]) => number
  readonly quantile?: (p: number, args: readonly number[]) => number
}

export interface FamilyContext {
  /** The axes in brackets after the family. */
  readonly over: readonly string[]
  /** For families of elements: the axis that the left side ranges over. */
  readonly element?: string
}
