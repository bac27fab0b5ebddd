import { type Checked, checked, type Diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import type { Bound } from '../bind/bound.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import type { Graph } from '../ir/graph.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { LayerProgram, PriorBase } from '../middle/evidence-program.ts'
import type { Target } from '../middle/executable.ts'
import type { OptionsOf } from '../middle/options.ts'
import type { DrawnParams } from './complete.ts'
import type { LogZEstimate } from './evidence/estimate.ts'
import { openLayers } from './evidence/layers.ts'
import { type EvidenceMethod, evidenceMethods, type Remainder } from './evidence/methods.ts'
import { configurationsIn, openEvidence } from './evidence/scene.ts'
import { oneObservation } from './one-observation.ts'
import { beginRun } from './run.ts'
import type { SamplingParts } from './sampling.ts'
import { type StateTail, statesTails } from './states-tails.ts'
import { unusedCues } from './unused-cues.ts'

export type { EstimateDetails, LogZEstimate } from './evidence/estimate.ts'
export { type EvidenceMethod, evidenceMethods, type Remainder } from './evidence/methods.ts'

/** A density and what methods need of it besides. */
export interface EvidenceParts extends SamplingParts {
  prior(): PriorBase | undefined
  second(): Graph
  /** Where all that moves is two-valued, in layers. */
  readonly layers?: readonly LayerProgram[]
}

/** Ready to be integrated. */
export interface PreparedEvidence {
  readonly left: Remainder
  readonly drawn: DrawnParams
  readonly temperature: number
  /** Coordinates along which there is no finite integral. */
  openTails(): readonly StateTail[]
  run(by: EvidenceMethod): LogZEstimate
  dispose(): void
}

export type RunEvidenceOptions = OptionsOf<'evidence', 'run'>

export function prepareEvidence(
  parts: EvidenceParts,
  target: Target,
  given: Bound,
  options: RunEvidenceOptions,
): Checked<PreparedEvidence> {
  const { program } = parts
  const bound = { ...given, sizes: madeSizes(program.axes, given.sizes) }
  const before: readonly Diagnostic[] = [...oneObservation(bound), ...unusedCues(bound, program)]
  if (hasErrors(before)) return unmade(before)
  const { value: run, diagnostics: found } = beginRun(parts, program.fixed, { target, bound, draw: drawPrior }, options)
  const diagnostics = [...before, ...found]
  if (run === undefined) return unmade(diagnostics)
  const scene = openEvidence(run, diagnostics)
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  const prepared: PreparedEvidence = {
    left: { dimension: scene.density.dimension, configurations: configurationsIn(scene) },
    drawn: run.drawn,
    temperature: run.temperature,
    openTails: () => statesTails(program.states, bound.sizes, scene.all, scene),
    run(by) {
      const layers = parts.layers && openLayers(scene, parts.layers)
      return evidenceMethods[by].run({ scene, options, prior: parts.prior, second: parts.second, layers })
    },
    dispose: () => scene.dispose(),
  }
  return checked(prepared, diagnostics)
}
