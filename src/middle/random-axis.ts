import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/source.ts'
import type { ProcessName } from '../families/processes/table.ts'

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
  /** What each element has: it was integrated out, and is known by these memories over the axis, natural parameters. */
  readonly slots: readonly { readonly name: string; readonly parameters: readonly string[] }[]
}
