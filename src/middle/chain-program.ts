import type { Graph } from '../ir/graph.ts'
import type { Levels } from './kinds/rule.ts'

/**
 * How a point is drawn that E prefers, from one that is there: each move draws some states given all others. Graphs are of many chains at
 * once, one for each pattern of a batch: states are inputs under their own names, the chains first.
 */
export interface ChainProgram {
  readonly states: readonly { readonly name: string; readonly axes: readonly string[] }[]
  /** Of a sweep, in order. */
  readonly moves: readonly ChainMove[]
}

export type ChainMove = LevelsMove | NormalMove | SitesMove | LangevinMove

/** All elements of a discrete state at once, which do not depend on each other given the rest: output `responsibility(name)`, the levels last. */
export interface LevelsMove {
  readonly by: 'levels'
  readonly name: string
  readonly axes: readonly string[]
  readonly levels: Levels
  readonly level: string
  readonly graph: Graph
}

/** All elements of a normal state, the same: outputs `mean` and `variance`. */
export interface NormalMove {
  readonly by: 'normal'
  readonly name: string
  readonly axes: readonly string[]
  readonly graph: Graph
}

/** One element of a discrete state after the other, by the change of E that each of its levels would make. */
export interface SitesMove {
  readonly by: 'sites'
  readonly name: string
  readonly axes: readonly string[]
  readonly levels: Levels
  readonly prepare: Graph
  readonly propose: Graph
  readonly commit: Graph
}

/** Steps down the slope of E/T with noise, in unconstrained coordinates: outputs `gradient(name)` and `value(name)`; `inverse`: from values to coordinates. */
export interface LangevinMove {
  readonly by: 'langevin'
  readonly states: readonly {
    readonly name: string
    readonly axes: readonly string[]
    readonly coordinateAxes: readonly string[]
    readonly inverse?: Graph
  }[]
  readonly graph: Graph
}
