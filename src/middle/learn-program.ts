import type { Graph } from '../ir/graph.ts'
import type { ChainProgram } from './chain-program.ts'
import type { EnergyAxis, EnergyVariable } from './energy.ts'
import type { Default, PriorDraw } from './parts.ts'
import type { SamplingState } from './program.ts'

/**
 * What learning goes down: the loss of a batch of patterns, nats a pattern, over the coordinates of what moves. Inputs of the
 * graph: what is fixed under its own name, what each pattern has under its own name over `patterns` first, `coordinate:NAME`
 * of params, and `onePart`, 1 over the number of all patterns. Outputs: `energy` (the loss), and of each param `gradient:NAME`
 * (of the loss, by the coordinates) and `value:NAME`.
 */
export interface LearnProgram {
  readonly kind: 'learn'
  readonly graph: Graph
  readonly axes: readonly EnergyAxis[]
  /** The axis of the patterns of a batch. */
  readonly patterns: string
  /** Given, and the same for all patterns. */
  readonly fixed: readonly EnergyVariable[]
  readonly params: readonly SamplingState[]
  /** Given for each pattern. */
  readonly given: readonly EnergyVariable[]
  /** What has `noise(name)` on it in every pattern: standard normal numbers, new at every step. */
  readonly noise: readonly { readonly name: string; readonly axes: readonly string[] }[]
  /**
   * What is drawn at every step: states that are `shown` come into the loss as `drawn(name)`; chains start from the patterns, or from what
   * `from`s say of these states, or persist.
   */
  readonly negative?: {
    readonly chains: ChainProgram
    readonly shown: readonly { readonly name: string; readonly axes: readonly string[] }[]
    readonly persists: boolean
    readonly starts: readonly (Default | PriorDraw)[]
  }
  readonly statements: readonly LearnedStatement[]
  /** What was summed or integrated out. */
  readonly gone: readonly string[]
}

/** A statement of the model, and whether it counts once or for each pattern. */
export interface LearnedStatement {
  readonly name: string
  readonly shared: boolean
}
