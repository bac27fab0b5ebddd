import type { ProcessName } from '../families/processes/table.ts'
import type { Graph } from '../ir/graph.ts'
import type { EnergyAxis, EnergyVariable } from './energy.ts'

/**
 * What a pattern does to a memory over an axis that grows: which element takes it, and what it adds to what that element has. Natural
 * parameters are inputs over the axis, of which any number of elements may be there.
 */
export interface GrowingProgram {
  readonly kind: 'growing'
  readonly axis: string
  readonly process: ProcessName
  /** The state that is an element, and the memory of counts. */
  readonly picker: string
  readonly count: string
  /** Outputs: `score` over the axis, the log predictive density of the pattern by each element; `added(P)` for each parameter, over its axes. */
  readonly graph: Graph
  /** The arguments of the process: outputs `argument(weight(axis), i)`. */
  readonly arguments: Graph
  /** What parameters are of an element that no pattern took: outputs under their names. */
  readonly prior: Graph
  /** The output `value`: minus the log normaliser of what one element has, by its parameters. Their sums are evidence. */
  readonly evidence: Graph
  readonly axes: readonly EnergyAxis[]
  /** Data and params that are read. */
  readonly fixed: readonly EnergyVariable[]
  /** States of a pattern. */
  readonly states: readonly EnergyVariable[]
  readonly parameters: readonly GrowingParameter[]
}

/** A natural parameter: over the growing axis, and these. */
export interface GrowingParameter {
  readonly name: string
  readonly axes: readonly string[]
}
