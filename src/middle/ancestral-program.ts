import type { FamilyName } from '../families/tables/signatures.ts'
import type { Graph } from '../ir/graph.ts'
import type { ValueType } from './model.ts'

/**
 * Draw each in turn: `graph` has outputs `NAME:0`, `NAME:1`, ... (the family's arguments) given the earlier values under
 * their names, and `NAME:lower`, `NAME:upper` where the draw is truncated, `NAME:least`, `NAME:most` where it is censored.
 * `NAME:positive`, where it is there, does not depend on earlier values: the family has a density if it is above 0.
 * An argument is laid out over the axes of the value without `over`, then over its own (the levels of an element, the
 * elements of a vector).
 */
export interface AncestralProgram {
  readonly graph: Graph
  readonly draws: readonly {
    readonly name: string
    readonly axes: readonly string[]
    readonly family: FamilyName
    readonly over: readonly string[]
    readonly arguments: number
    readonly truncated: boolean
    readonly censored: boolean
    readonly type: ValueType
  }[]
}
