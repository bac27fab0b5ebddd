import type { OpenPopulation } from '../../inference/evidence/population.ts'
import type { Graph } from '../../ir/graph.ts'
import type { PriorBase } from '../../middle/evidence-program.ts'
import type { OptionsOf } from '../../middle/options.ts'
import type { EvidenceScene } from './scene.ts'

/** What a method works with. */
export interface EvidenceBench {
  readonly scene: EvidenceScene
  readonly options: OptionsOf<'evidence', 'run'>
  readonly prior: () => PriorBase | undefined
  /** Second derivatives of minus the log density, times a direction. */
  readonly second: () => Graph
  /** A path of its own, for layers of two-valued states. */
  readonly layers: OpenPopulation | undefined
}
