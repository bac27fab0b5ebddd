import { andThen, type Checked, made } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source.ts'
import type { Energy } from '../middle/energy.ts'
import type { Model } from '../middle/model.ts'
import { energyFrom, modelFrom } from './pipeline.ts'

/** A model as text, checked, and as one energy: what both readings start from. */
export interface Loaded {
  readonly source: SourceFile
  readonly model: Model
  readonly energy: Energy
}

/** Reads, checks and lowers a model. All diagnostics of the text come together; lowering adds what cannot run yet. */
export function load(source: SourceFile): Checked<Loaded> {
  return andThen(modelFrom(source), (model) => andThen(energyFrom(model), (energy) => made({ source, model, energy })))
}
