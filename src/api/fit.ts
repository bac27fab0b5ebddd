import { type Checked, checked, hasErrors, unmade } from '../base/diagnostic.ts'
import { bind } from '../bind/bind.ts'
import type { Bound, GivenByRole } from '../bind/bound.ts'
import { improperForms } from '../compile/conditionals/improper.ts'
import { askedOf } from '../compile/infer.ts'
import { readings } from '../compile/readings.ts'
import { plainTemperature } from '../compile/temperature.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import { type OptionsOf, ofRun, stated } from '../middle/options.ts'
import { type Situation, unknownsOf } from '../middle/situation.ts'
import { type Fitted, type RunFitOptions, runFit } from '../run/fit.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { loopsFor } from './backend.ts'
import type { Loaded } from './load.ts'
import { situationIn } from './observed.ts'
import { fitParts } from './pipeline.ts'
import { askedWith, seenWith } from './seen-with.ts'

export type FitOptions = OptionsOf<'fit'>

export interface FitResult extends Fitted {
  readonly bound: Bound
  /** Rules and objectives, which are no part of E. */
  readonly unused: readonly Unused[]
}

/**
 * Variational inference: the product of densities of blocks of variables, each of its conditional form, that makes the evidence lower
 * bound as large as coordinate ascent finds it. AMP614 where a variable that moves has no such form.
 */
export function fit(model: Loaded, given: GivenByRole, options: FitOptions = {}): Checked<FitResult> {
  const loaded = seenWith(model, given)
  const wrong = optionTroubles('fit', options)
  if (hasErrors(wrong)) return unmade(wrong)
  const { value: asked, diagnostics: refused } = askedOf(
    loaded.energy,
    'fit',
    askedWith(loaded.energy, 'fit', { ...plainTemperature(loaded.energy), ...stated(options) }, given),
  )
  if (asked === undefined) return unmade(refused)
  const bound = bind(loaded.energy, given, unknownsOf(asked))
  if (bound.value === undefined) return unmade(bound.diagnostics)
  try {
    return fitBound(loaded, { ...bound, value: bound.value }, asked, options)
  } catch (error) {
    return unmade([...bound.diagnostics, ...outOfMemory(error, bound.value.sizes)])
  }
}

function fitBound(
  { energy, model }: Loaded,
  { value: bound, diagnostics: before }: Checked<Bound> & { readonly value: Bound },
  asked: Situation,
  options: FitOptions,
): Checked<FitResult> {
  const situation = situationIn(energy, asked, bound)
  const improper = improperForms(energy, situation, new Set(Object.keys(bound.observed)))
  if (improper.length > 0) return unmade([...before, ...improper])
  const parts = fitParts(energy, situation)
  if (parts.value === undefined) return unmade([...before, ...parts.diagnostics])
  const backend = loopsFor(madeSizes(parts.value.fit.axes, {}))
  const fitted = runFit(parts.value, backend.target, bound, ofRun<RunFitOptions>('fit', options))
  const diagnostics = [...before, ...parts.diagnostics, ...backend.diagnostics, ...fitted.diagnostics]
  if (fitted.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  return checked({ ...fitted.value, bound, unused: unusedBy([readings.fit], model) }, diagnostics)
}
