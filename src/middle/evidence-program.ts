import type { Graph } from '../ir/graph.ts'
import type { AncestralProgram, DiscreteState } from './program.ts'

/** What of the variables of a program has a density by itself that can be drawn from: where paths to the whole density begin. */
export interface PriorBase {
  /** Those variables; all others are for the run to draw. */
  readonly names: readonly string[]
  readonly draw: AncestralProgram
  /** Outputs `energy`, minus their log density in the coordinates of the program at T = 1, and `gradient:NAME` by all of these. */
  readonly graph: Graph
  /** How that changes with the discrete ones of the program, in its order. */
  readonly discrete: readonly DiscreteState[]
}

/** The axis of many particles at once. */
export const PARTICLE = 'particle of a path'

/** Two-valued elements that do not meet each other. */
export interface LayerProgram {
  readonly name: string
  readonly axes: readonly string[]
  /** Output `change`, over particles and `axes`: how E changes where one element alone flips. Inputs `value:NAME` of all layers, over particles. */
  readonly change: Graph
}
