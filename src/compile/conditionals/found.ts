import type { Span } from '../../base/source.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import type { EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import type { Mixing } from './coefficients.ts'
import type { FormName } from './forms.ts'
import type { Linear } from './linear.ts'

/**
 * E as a function of one variable x, all others held. `gaussian`: x'Px / 2 - h'x with the precision P and the `linear` term
 * h; the other forms: the sum of each statistic times its coefficient; both up to what does not depend on x.
 */
export interface Conditional {
  readonly variable: EnergyVariable
  readonly form: FormName
  /** Whether bounds of the type, or of a statement, cut the density off. */
  readonly truncated: boolean
  /** Outputs `coefficient(variable, statistic)` by the values of what the variable depends on. */
  readonly graph: Graph
  readonly coefficients: readonly { readonly statistic: string; readonly port: string }[]
  /** Variables that the coefficients, or bounds of the type, depend on: the Markov blanket. */
  readonly dependsOn: readonly string[]
  /** Axes along which its elements are independent given the rest. */
  readonly apart: readonly string[]
  /** Axes along which they meet, with a second name each, of the matrix or of another site. */
  readonly mixing: readonly Mixing[]
  /** Statements in which it appears. */
  readonly terms: readonly { readonly name: string; readonly span: Span }[]
  /** Axes made on the way. */
  readonly axes: readonly EnergyAxis[]
}

export interface NoForm {
  readonly variable: EnergyVariable
  /** The end of a sentence. */
  readonly reason: string
  readonly span?: Span
}

/** What a form is, before its graph is cut out. */
export interface FormDraft {
  readonly form: FormName
  readonly truncated: boolean
  readonly mixing: readonly Mixing[]
  readonly coefficients: readonly { readonly statistic: string; readonly node: NodeId; readonly axes: readonly string[] }[]
  /** Each term that mentions the variable, in their order, as the combination of statistics that it is. */
  readonly parts?: readonly Linear[]
  /** Axes made besides those of the algebra. */
  readonly axes?: readonly EnergyAxis[]
}
