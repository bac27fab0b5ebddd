import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, made, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { log } from '../base/special/logarithm.ts'
import { bind } from '../bind/bind.ts'
import type { Bound, GivenByRole } from '../bind/bound.ts'
import { improperForms } from '../compile/conditionals/improper.ts'
import { priorBase } from '../compile/evidence/base.ts'
import { layersOf } from '../compile/evidence/layers.ts'
import { type NotNormalised, notNormalised } from '../compile/evidence/normalised.ts'
import { type ClosedForm, reductions } from '../compile/evidence/reduce.ts'
import { flatDirections } from '../compile/flat-directions.ts'
import { hessianProduct } from '../compile/hessian-product.ts'
import { askedOf } from '../compile/infer.ts'
import { inferable } from '../compile/inferable.ts'
import { discreteMoving } from '../compile/marginalise.ts'
import { readings } from '../compile/readings.ts'
import { plainTemperature } from '../compile/temperature.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import { volumeOver } from '../ir/layout.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Energy } from '../middle/energy.ts'
import { PARTICLE } from '../middle/evidence-program.ts'
import { levelsOf } from '../middle/kinds.ts'
import { defaults, type OptionsOf, ofRun, stated } from '../middle/options.ts'
import { keeping, type Situation, unknownsOf } from '../middle/situation.ts'
import {
  type EvidenceMethod,
  type EvidenceParts,
  evidenceMethods,
  type LogZEstimate,
  type PreparedEvidence,
  prepareEvidence,
  type RunEvidenceOptions,
} from '../run/evidence.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { chooseBackend } from './backend.ts'
import { improperDensities } from './improper.ts'
import type { Loaded } from './load.ts'
import { samplingParts } from './pipeline.ts'
import { type Drawing, drawingIn } from './posterior-reading.ts'
import { askedWith, seenWith } from './seen-with.ts'

export type EvidenceOptions = OptionsOf<'evidence'>

/** log Z, and what it is of. */
export interface EvidenceResult extends LogZEstimate, Pick<PreparedEvidence, 'drawn' | 'temperature'> {
  readonly by: EvidenceMethod
  /** Whether it is the log density of what is given: T is 1, and nothing is not normalised. */
  readonly isEvidence: boolean
  readonly notNormalised: readonly NotNormalised[]
  /** What went in closed form, in order, and what was left to the method. */
  readonly gone: readonly { readonly name: string; readonly how: 'summed out' | 'integrated out' }[]
  readonly left: readonly string[]
  /** Rules and objectives, which are no part of E. */
  readonly unused: readonly Unused[]
  readonly bound: Bound
}

/**
 * The log of Z, the integral of exp(-E/T) over everything that moves, given what is observed (nats). At T = 1, of a model of densities, it
 * is the log evidence. What cannot be normalised is refused (AMP603); so is a method that does not apply (AMP616).
 */
export async function evidence(model: Loaded, given: GivenByRole, options: EvidenceOptions = {}): Promise<Checked<EvidenceResult>> {
  const loaded = seenWith(model, given)
  const { energy } = loaded
  const wrong = optionTroubles('evidence', options)
  if (hasErrors(wrong)) return unmade(wrong)
  const said = { ...plainTemperature(energy), ...stated(options) }
  const { value: asked, diagnostics: refused } = askedOf(energy, 'evidence', askedWith(energy, 'evidence', said, given))
  if (asked === undefined) return unmade(refused)
  const bound = bind(energy, given, unknownsOf(asked))
  if (bound.value === undefined) return unmade(bound.diagnostics)
  try {
    const found = await evidenceBound(loaded, bound.value, asked, options)
    const diagnostics = [...bound.diagnostics, ...found.diagnostics]
    return found.value === undefined ? unmade(diagnostics) : checked(found.value, diagnostics)
  } catch (error) {
    return unmade([...bound.diagnostics, ...outOfMemory(error, bound.value.sizes)])
  }
}

async function evidenceBound(loaded: Loaded, given: Bound, asked: Situation, options: EvidenceOptions): Promise<Checked<EvidenceResult>> {
  const drawing = drawingIn(loaded, given, asked)
  if (drawing.value === undefined) return unmade(drawing.diagnostics)
  const { energy, bound, situation, last } = drawing.value
  if (situation.moving.size === 0 && last === undefined) return unmade([nothingMoves(loaded)])
  const improper = improperIn(loaded, asked, bound)
  if (improper.length > 0) return unmade(improper)
  const opened = await openFor(drawing.value, options)
  if (opened.value === undefined) return unmade(opened.diagnostics)
  const { prepared, by, parts } = opened.value
  const diagnostics = [...opened.diagnostics, ...improperDensities(energy, prepared.openTails(), bound.sizes)]
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  const estimate = prepared.run(by)
  prepared.dispose()
  const { drawn, temperature } = prepared
  const unnormalised = notNormalised(loaded.energy, situation)
  const { program } = parts
  const result: EvidenceResult = {
    ...estimate,
    ...{ by, drawn, temperature, bound },
    isEvidence: temperature === 1 && unnormalised.length === 0,
    notNormalised: unnormalised,
    gone: [
      ...program.responsibilities.map(({ name }) => ({ name, how: 'summed out' as const })),
      ...program.eliminated.map(({ name }) => ({ name, how: 'integrated out' as const })),
    ],
    left: [...program.states, ...program.discrete].map((s) => s.name),
    unused: unusedBy([readings.evidence], loaded.model),
  }
  return checked(result, diagnostics)
}

function nothingMoves({ energy: { statements: terms, variables } }: Loaded): Diagnostic {
  const [name] = inferable({ terms, variables })
  const more = name === undefined ? '' : ` "${name}" has a prior: --infer ${name} integrates over it.`
  const message = 'Every state is observed, or the model has none: there is nothing to sum or integrate over.'
  return diagnostic('AMP607', message, { hint: `amp energy prints E, and log Z would be -E/T.${more}` })
}

/** What shows without a look at any number. */
function improperIn({ energy }: Loaded, asked: Situation, { observed }: Bound): readonly Diagnostic[] {
  const known = new Set(Object.keys(observed))
  const flat = flatDirections(energy, asked, known).map(({ message, code: _, severity: __, ...more }) =>
    diagnostic('AMP603', message, more),
  )
  return [...improperForms(energy, asked, known), ...flat]
}

interface OpenedEvidence {
  readonly prepared: PreparedEvidence
  readonly parts: EvidenceParts
  readonly by: EvidenceMethod
}

/** In the order in which they are tried. */
const byItself: readonly EvidenceMethod[] = ['exact', 'quadrature', 'smc']

async function openFor(drawing: Drawing, options: EvidenceOptions): Promise<Checked<OpenedEvidence>> {
  const { estimator: by = defaults.estimator } = options
  const refused: Diagnostic[] = []
  const tried = by === 'auto' ? byItself : [by]
  for (const method of tried) {
    const opened = await openBy(drawing, method, options)
    if (opened.value === undefined) return unmade(opened.diagnostics)
    const why = evidenceMethods[method].never(opened.value.prepared.left)
    if (why === undefined) return opened
    opened.value.prepared.dispose()
    refused.push(diagnostic('AMP616', `--by ${method} cannot be used here: ${why}.`, { hint: hintFor(method) }))
  }
  return unmade(refused)
}

function hintFor(method: EvidenceMethod): string {
  return method === 'smc' || method === 'ais'
    ? 'Leave out --by.'
    : 'Leave out --by, which takes a method that can be used, or use --by smc.'
}

function openBy(drawing: Drawing, by: EvidenceMethod, options: EvidenceOptions): Promise<Checked<OpenedEvidence>> {
  const { energy, bound, situation } = drawing
  if (evidenceMethods[by].eliminates === 'default') return openIn(drawing, situation, by, options)
  const all = reductions(energy, situation, (name) => bound.observed[name] === undefined)
  return openIn(drawing, { ...situation, treatments: least(drawing, all).treatments }, by, options)
}

async function openIn(
  { energy, bound, last }: Drawing,
  situation: Situation,
  by: EvidenceMethod,
  options: EvidenceOptions,
): Promise<Checked<OpenedEvidence>> {
  const layered = (evidenceMethods[by].layers ?? false) ? inLayers(energy, situation) : undefined
  const { value: sampling, diagnostics } = layered === undefined ? samplingParts(energy, situation, { last }) : made(layered.parts)
  if (sampling === undefined) return unmade(diagnostics)
  const { program } = sampling
  const parts: EvidenceParts = {
    ...sampling,
    prior: () => priorBase(energy, situation, program, (name) => bound.observed[name] === undefined),
    second: () => hessianProduct(program, energy),
    ...(layered && { layers: layered.layers }),
  }
  const sizes = { ...madeSizes(program.axes, bound.sizes), [PARTICLE]: 1 }
  const backend = await chooseBackend('auto', {
    known: madeSizes(program.axes, {}),
    main: { graph: layered?.layers[0]?.change ?? parts.steps, sizes },
  })
  const prepared = prepareEvidence(parts, backend.target, bound, ofRun<RunEvidenceOptions>('evidence', options))
  const all = [...diagnostics, ...backend.diagnostics, ...prepared.diagnostics]
  return prepared.value === undefined ? unmade(all) : checked({ prepared: prepared.value, parts, by }, all)
}

/** Everything kept as it is, where it is in layers of two-valued elements. */
function inLayers(energy: Energy, situation: Situation) {
  const names = discreteMoving(energy, situation).map((v) => v.name)
  const asIs = situation.treatments.every((t) => t.kind === 'keep')
  if (!asIs || names.length < 2 || names.length < situation.moving.size) return undefined
  const kept = keeping(situation, names)
  const parts = samplingParts(energy, kept).value
  const layers = parts && layersOf(energy, parts.program)
  return parts === undefined || layers === undefined ? undefined : { parts, layers }
}

/** The one that leaves fewest numbers, and then fewest configurations. */
function least({ energy, bound }: Drawing, all: readonly ClosedForm[]): ClosedForm {
  const sizes = madeSizes(energy.axes, bound.sizes)
  const variable = (name: string) => must(energy.variables.find((v) => v.name === name), name) // biome-ignore format: one thought
  const numbers = (r: ClosedForm): number => r.continuous.reduce((sum, name) => sum + volumeOver(variable(name).axes, sizes), 0)
  const logs = (r: ClosedForm): number =>
    r.discrete.reduce((sum, name) => {
      const { type, axes } = variable(name)
      const levels = levelsOf(type)
      return sum + volumeOver(axes, sizes) * log(levels?.kind === 'axis' ? (sizes[levels.axis] ?? 1) : 2)
    }, 0)
  const worse = (a: ClosedForm, b: ClosedForm): boolean => numbers(a) - numbers(b) > 0 || (numbers(a) === numbers(b) && logs(a) > logs(b))
  return must(all.reduce((a, b) => (worse(a, b) ? b : a)), 'reduction') // biome-ignore format: one thought
}
