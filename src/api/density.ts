import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { bind } from '../bind/bind.ts'
import type { Bound, GivenByRole } from '../bind/bound.ts'
import { flatDirections } from '../compile/flat-directions.ts'
import { askedOf } from '../compile/infer.ts'
import { marginalise } from '../compile/marginalise.ts'
import { plainTemperature } from '../compile/temperature.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Energy } from '../middle/energy.ts'
import type { Target } from '../middle/executable.ts'
import { type OptionsOf, ofRun, stated } from '../middle/options.ts'
import { type Situation, unknownsOf } from '../middle/situation.ts'
import { openDensity, type RunDensityOptions, type UnconstrainedDensity } from '../run/density.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import type { SamplingParts } from '../run/sampling.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { loopsFor } from './backend.ts'
import type { Loaded } from './load.ts'
import { posteriorReading } from './posterior-reading.ts'

export type DensityOptions = OptionsOf<'density'>

/**
 * The log density of exp(-E/T) given what is observed, in unconstrained coordinates and with the Jacobian: what NUTS is given
 * here, for a sampler of one's own. Discrete states are summed out; AMP604 where one would have to move.
 */
export function logDensity(loaded: Loaded, given: GivenByRole, options: DensityOptions = {}): Checked<UnconstrainedDensity> {
  const wrong = optionTroubles('density', options)
  if (hasErrors(wrong)) return unmade(wrong)
  const { value: asked, diagnostics: refused } = askedOf(loaded.energy, 'density', {
    ...plainTemperature(loaded.energy),
    ...stated(options),
  })
  if (asked === undefined) return unmade(refused)
  const bound = bind(loaded.energy, given, unknownsOf(asked))
  if (bound.value === undefined) return unmade(bound.diagnostics)
  try {
    return densityIn(loaded, { ...bound, value: bound.value }, asked, options)
  } catch (error) {
    return unmade([...bound.diagnostics, ...outOfMemory(error, bound.value.sizes)])
  }
}

function densityIn(
  loaded: Loaded,
  given: Checked<Bound> & { readonly value: Bound },
  asked: Situation,
  options: DensityOptions,
): Checked<UnconstrainedDensity> {
  const { value, diagnostics: before } = posteriorTarget(loaded, given, asked)
  if (value === undefined) return unmade(before)
  const { parts, bound, target } = value
  const opened = openDensity(parts, target, bound, ofRun<RunDensityOptions>('density', options), drawPrior)
  const diagnostics = [...before, ...opened.diagnostics]
  return opened.value === undefined ? unmade(diagnostics) : checked(opened.value, diagnostics)
}

/** A program of which nothing has to jump, its values, and what computes it. */
export interface PosteriorTarget {
  readonly parts: SamplingParts
  readonly bound: Bound
  readonly target: Target
}

/** What a density of coordinates is worked out from; AMP604 where a discrete state would have to move beside them. */
export function posteriorTarget(
  loaded: Loaded,
  { value: given, diagnostics: before }: Checked<Bound> & { readonly value: Bound },
  asked: Situation,
): Checked<PosteriorTarget> {
  const reading = posteriorReading(loaded, given, asked)
  if (reading.value === undefined) return unmade([...before, ...reading.diagnostics])
  const {
    bound,
    reading: { parts },
  } = reading.value
  const stuck = wouldMove(loaded.energy, parts)
  if (stuck.length > 0) return unmade([...before, ...stuck])
  const backend = loopsFor(madeSizes(parts.program.axes, {}))
  const flat = flatDirections(loaded.energy, asked, new Set(Object.keys(given.observed)))
  return checked({ parts, bound, target: backend.target }, [...before, ...reading.diagnostics, ...backend.diagnostics, ...flat])
}

/** Coordinates are of continuous states: a discrete one that is left would have to move beside them. */
export function wouldMove(energy: Energy, { program }: SamplingParts): readonly Diagnostic[] {
  return program.discrete.flatMap(({ name }) => {
    const hint = `Observe "${name}" whole, or draw from the model with amp sample, which moves it one element at a time.`
    const why = marginalise(energy, [name]).diagnostics.filter((d) => d.code === 'AMP604')
    if (why.length > 0) return why.map((d) => ({ ...d, hint }))
    const span = energy.variables.find((v) => v.name === name)?.span
    const message = `"${name}" cannot be summed out beside the other states, and a density of coordinates cannot move it.`
    return [diagnostic('AMP604', message, { ...(span && { span }), hint })]
  })
}
