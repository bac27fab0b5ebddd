import type { Graph } from '../ir/graph.ts'
import type { EnergyVariable } from './energy.ts'
import type { EnergyAxis } from './energy-axis.ts'

/** How a model moves: its graphs are over its variables as they are, without coordinates. */
export interface SimulationProgram {
  readonly kind: 'simulation'
  /** In time, from step to step, or not at all: a model of lets alone only reports them. */
  readonly clock: 'time' | 'steps' | 'still'
  readonly axes: readonly EnergyAxis[]
  /** What moves, in declared order. */
  readonly states: readonly EnergyVariable[]
  /** Signals: constant, or given over time. */
  readonly inputs: readonly EnergyVariable[]
  /** All else. */
  readonly fixed: readonly EnergyVariable[]
  /** For each state that flows `gradient:NAME`, dx/dt; for each that steps `value:NAME`, what it is next. */
  readonly rates: Graph
  /** `noise:NAME` of flows that are shaken. */
  readonly noise?: NoiseGraph
  /** With a `coordinate:NAME` for each flow as an input, the derivatives `gradient:NAME` of the sum of their products with dx/dt. */
  readonly slopes?: Graph
  /** Whether dx/dt is A x + b, A and b made of what does not move; and whether b is affine in inputs, and A free of them. */
  readonly affine: boolean
  readonly affineInInputs: boolean
  readonly jumps: readonly Jump[]
  /** `excess:i` of each condition, one for jumps that happen together, and `landing:i` of each jump. */
  readonly excesses: Graph
  readonly landings: Graph
  /** What is reported: `let:NAME` for each of these, and `energy`. */
  readonly reports: Graph
  readonly lets: readonly { readonly name: string; readonly axes: readonly string[] }[]
  /** Whether the model has an energy, which ought not to rise along a flow. */
  readonly hasEnergy: boolean
}

export interface NoiseGraph {
  readonly graph: Graph
  /** Whether it reads nothing that moves. */
  readonly additive: boolean
}

/** `jump target = landing where excess > 0`. */
export interface Jump {
  readonly target: string
  /** Over the axes of the target, and then those of the condition that it lacks. */
  readonly axes: readonly string[]
  /** The number of its condition. */
  readonly condition: number
  /** Over what that varies. */
  readonly over: readonly string[]
}
