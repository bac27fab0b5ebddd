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
}

/**
 * What stands for the state: the marginal term, and over the sites and the level axis p(level); where the least energy is
 * looked for, minus the energy at each level.
 */
export interface SummedOut {
  readonly marginal: NodeId
  readonly probability: NodeId
  /** Axes made on the way. */
  readonly axes: readonly EnergyAxis[]
  /** What it takes to go back along a chain. */
  readonly chain?: { readonly axis: string; readonly before: string; readonly forward: NodeId; readonly step: NodeId }
}
