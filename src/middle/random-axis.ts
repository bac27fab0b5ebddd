import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/source.ts'
import type { ProcessName } from '../families/processes/table.ts'
import type { Graph } from '../ir/graph.ts'

/**
 * An axis whose elements a process makes as they are needed, and how a model uses it. In E its weights are a state `weight(axis)`
 * of which E has no density, and its size is open: what it is to have comes with the pass that opens it.
 */
export interface RandomAxis {
  readonly axis: string
  readonly process: ProcessName
  /** How many arguments: outputs `argument(weight(axis), i)` of `Energy.written`, single numbers. */
  readonly arguments: number
  readonly span: Span
  /**
   * `pattern`: `state z : cluster`, one element a pattern, which is told by those that were written before; `rows`:
   * `state z[row] : cluster`, all at once.
   */
  readonly form: 'pattern' | 'rows'
  /** The states that are elements of the axis, seated by the process, in declared order. */
  readonly pickers: readonly string[]
  /** The variables that each element has one of, all with a prior that is the same for every element, in declared order. */
  readonly slots: readonly string[]
  /** Why no reading can open it, whatever is given. */
  readonly refused: readonly Diagnostic[]
}

/** What the element of a random axis is called that no pattern has taken yet. */
export const NEW = 'new'

/** A random axis of one element a pattern that has a level for every element of a store, and one that is new. */
export interface OpenedAxis {
  readonly axis: string
  readonly process: ProcessName
  /** The state that is an element. */
  readonly picker: string
  /** The memory that says how many patterns took each; 0 of the one that is new. */
  readonly count: string
  /** How many arguments the process has. */
  readonly arguments: number
  /** What each element has: it was integrated out, and is known by natural parameters. */
  readonly slots: readonly string[]
  /** Memories over the axis, and these. */
  readonly parameters: readonly SlotParameter[]
  /** The output `value`: minus the log normaliser of what one element has, by its parameters without the axis. */
  readonly evidence: Graph
}

export interface SlotParameter {
  readonly name: string
  readonly axes: readonly string[]
  /** The output `value`, over the axes: what a pattern adds to it. */
  readonly added: Graph
}
