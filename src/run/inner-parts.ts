import type { Graph } from '../ir/graph.ts'
import type { RetrievalProgram } from '../middle/program.ts'
import type { StartParts } from './start.ts'

/** The minimum inside an energy, found by a loop, with all that says where it starts: plain data. */
export interface InnerParts extends StartParts {
  readonly program: RetrievalProgram
  /** From the coordinates of what moves outside to the values that are read inside: outputs `value:NAME`. */
  readonly outside: Graph
}
