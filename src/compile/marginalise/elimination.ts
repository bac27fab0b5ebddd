import type { NodeId } from '../../ir/graph.ts'
import type { EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import type { SumPiece } from './pieces.ts'
import type { SummedEnergy } from './work.ts'

/** What the sum over one state needs to know. */
export interface Elimination {
  readonly work: SummedEnergy
  readonly variable: EnergyVariable
  readonly state: NodeId
  /** Its parts of all terms. */
  readonly held: readonly SumPiece[]
  readonly level: EnergyAxis
  /** The state's value at each level, over the level axis. */
  readonly value: NodeId
  readonly chain?: string
}

/** The marginal term and p(level) over the sites and the level axis. */
export interface SummedOut {
  readonly marginal: NodeId
  readonly responsibility: NodeId
  /** Axes made on the way. */
  readonly axes: readonly EnergyAxis[]
  /** What it takes to draw the state along a chain. */
  readonly chain?: { readonly axis: string; readonly before: string; readonly forward: NodeId; readonly step: NodeId }
}
