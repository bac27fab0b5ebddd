import { type Checked, checked, hasErrors, unmade } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source.ts'
import { lower } from '../compile/lower.ts'
import { analyse } from '../dsl/analyse.ts'
import type { Energy } from '../middle/energy.ts'
import type { Model } from '../middle/model.ts'

/** A model as text, checked, and as one energy: what both readings start from. */
export interface Loaded {
  readonly source: SourceFile
  readonly model: Model
  readonly energy: Energy
}

/** Reads, checks and lowers a model. All diagnostics of the text come together; lowering adds what cannot run yet. */
export function load(source: SourceFile): Checked<Loaded> {
  const analysed = analyse(source)
  if (analysed.value === undefined || hasErrors(analysed.diagnostics)) return unmade(analysed.diagnostics)
  const lowered = lower(analysed.value)
  const diagnostics = [...analysed.diagnostics, ...lowered.diagnostics]
  if (lowered.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  return checked({ source, model: analysed.value, energy: lowered.value }, diagnostics)
}
