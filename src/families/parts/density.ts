import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { Each, WrittenSignature } from './signature.ts'

/** What the formula of a family's density is told besides its arguments. */
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

/** The density of a family, as a formula: a graph, elementwise and normalised. */
export interface Density<S extends WrittenSignature = WrittenSignature> {
  /** Where the parametrisation and the formula come from. */
  readonly source: string
  /**
   * log p(x given args) in nats, elementwise over the union of axes; families over an axis remove it.
   * Minus infinity (never NaN) outside the support; gradients there are 0, not NaN.
   */
  logDensity(m: Maths, x: NodeId, args: Each<S, NodeId>, context: FamilyContext): NodeId
  /** Arguments, by their number, that `logDensity` itself gives no probability outside their domain. */
  readonly refuses?: readonly number[]
}
