import { type Checked, type Diagnostic, unmade } from '../../base/diagnostic.ts'
import type { Graph } from '../../ir/graph.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import type { LearnedStatement } from '../../middle/learn-program.ts'
import type { Situation } from '../../middle/situation.ts'

/** What a loss is made of. */
export interface LossScene {
  readonly energy: Energy
  /** What is hidden moves; params stand still. */
  readonly situation: Situation
  /** What each pattern has of its own: states, and data that are given for each. */
  readonly own: ReadonlySet<string>
  readonly statements: readonly LearnedStatement[]
  readonly params: ReadonlySet<string>
}

/** A loss of one pattern, over the variables of the model under their own names: the outputs `shared` and `each`. */
export interface Loss {
  readonly graph: Graph
  /** With the axes that were made, and what is left of the variables. */
  readonly energy: Energy
  /** What has `noise(name)` on it, standard normal and new at every step. */
  readonly noise?: readonly EnergyVariable[]
  /** What is drawn at every step: of `states`, in the order of a sweep, those that are `shown` come into the loss as `drawn(name)`. */
  readonly chains?: { readonly states: readonly EnergyVariable[]; readonly shown: readonly EnergyVariable[]; readonly persists: boolean }
}

export type LossRule = (scene: LossScene) => Checked<Loss>

/** Several troubles, or what comes of none. */
export function unless(diagnostics: readonly Diagnostic[], then: () => Checked<Loss>): Checked<Loss> {
  return diagnostics.length > 0 ? unmade(diagnostics) : then()
}
