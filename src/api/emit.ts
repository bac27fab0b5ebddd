import { andThen, type Checked, checked, type Diagnostic, diagnostic, hasErrors, made, unmade } from '../base/diagnostic.ts'
import { askedOf } from '../compile/infer.ts'
import { readings } from '../compile/readings.ts'
import { withRelaxed } from '../compile/relax/distribution.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Energy } from '../middle/energy.ts'
import * as ports from '../middle/ports.ts'
import { type Situation, unknownsOf } from '../middle/situation.ts'
import type { PriorParts } from '../run/prior.ts'
import type { SamplingParts } from '../run/sampling.ts'
import { wouldMove } from './density.ts'
import { declarations } from './emit/declarations.ts'
import { header } from './emit/header.ts'
import { Kernels } from './emit/kernels.ts'
import { drawnIn, needsOf } from './emit/needs.ts'
import type { EmitOptions, ModuleParts, Reading } from './emit/options.ts'
import { type RuntimeEntry, runtimeText } from './emit/runtime.ts'
import { moduleStyles } from './emit/target.ts'
import { asJavaScript } from './emit/text.ts'
import type { Loaded } from './load.ts'
import { energyParts, retrievalParts, samplingParts } from './pipeline.ts'
import { priorParts } from './predictive.ts'

export interface Emitted {
  /** An ES module that imports nothing, or TensorFlow.js alone. */
  readonly module: string
  /** Its TypeScript declarations. */
  readonly declarations: string
  /** Statements of the model that this has no use for: rules and objectives. */
  readonly unused: readonly Unused[]
}

/**
 * A model's reading as a module of its own: generated kernels, the model as data, and the loops that drive them. For
 * TensorFlow.js the program's graph is there as data too. Diagnostics: those of the reading; AMP710 where the target
 * cannot have it.
 */
export async function emit(loaded: Loaded, reading: Reading, options: EmitOptions = {}): Promise<Checked<Emitted>> {
  const { target = 'kernel' } = options
  // Where the energy is evaluated, every state is given a value.
  const asked = askedOf(loaded.energy, reading, reading === 'energy' ? { ...options, observed: [] } : options)
  if (asked.value === undefined) return unmade(asked.diagnostics)
  const { value: situation } = asked
  const style = moduleStyles[target]
  const parts = partsOf[reading](loaded, situation, options)
  const prior = options.prior === true ? priorOf(loaded, reading, situation, options) : unmade([])
  const diagnostics = [...parts.diagnostics, ...prior.diagnostics, ...idleSampler(reading, options)]
  if (parts.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  const refusal = style.refusal(reading, discreteIn(parts.value)) // biome-ignore format: one thought
  if (refusal !== undefined) return unmade([...diagnostics, refusal])
  const unused = unusedBy([readings[reading]], loaded.model)
  const kernels = new Kernels()
  const data = kernels.replace(parts.value, settingOf(parts.value, style.keepsGraph))
  const sizes = prior.value === undefined ? {} : madeSizes(prior.value.axes, {})
  const priorData = kernels.replace(prior.value, { sizes, fixed: new Set(), keepsGraph: false }, 'prior')
  const draws = reading !== 'sample' && drawnIn(parts.value).some((p) => 'program' in p)
  const entries: readonly RuntimeEntry[] = [
    style.entry(reading),
    ...(draws ? (['draws'] as const) : []),
    ...(prior.value === undefined ? [] : (['prior'] as const)),
  ]
  const seen = { ...loaded, energy: withRelaxed(loaded.energy, situation) }
  const module = [
    header(seen, { reading, target, situation, unused }, options),
    section('Kernels: loops over Float64Array. Each is a factory that, given sizes, makes its buffers and a `run`.'),
    `const kernels = {\n${kernels.text()}\n}`,
    section('The model as data: what it is given, and its programs, in which graphs are names of kernels.'),
    `const description = ${asJavaScript({ name: loaded.model.name, bindable: bindableOf(seen), unknown: [...unknownsOf(situation)], parts: data })}`,
    ...(priorData === undefined ? [] : ['', `const priorParts = ${asJavaScript(priorData)}`]),
    section('What drives the kernels: the same for every model, as far as this one needs it.'),
    await runtimeText(entries, needsOf({ reading, parts: parts.value, prior: prior.value, helpers: kernels.helpers() })),
    section('What this module exports.'),
    ...style.before,
    `export const ${exported[reading]} = amp_runtime.${style.factory(reading)}(${style.given}${draws ? ', amp_runtime.drawPrior' : ''})`,
    ...(priorData === undefined ? [] : ['export const prior = amp_runtime.priorModule({ ...description, parts: priorParts }, kernels)']),
    '',
  ].join('\n')
  const declared = declarations(seen, { reading, target, situation }, { parts: parts.value, prior: prior.value })
  return checked({ module, declarations: declared, unused }, diagnostics)
}

const partsOf = {
  retrieve: ({ energy }: Loaded, situation: Situation, { report }: EmitOptions) => retrievalParts(energy, situation, report),
  sample: ({ energy }: Loaded, situation: Situation, { report, predict, sampler }: EmitOptions) =>
    andThen(samplingParts(energy, situation, { report, predict, exact: 'all' }), (parts) =>
      made({ ...parts, ...(sampler === undefined ? {} : { sampler }) }),
    ),
  energy: ({ energy }: Loaded, situation: Situation) => energyParts(energy, situation),
  density: ({ energy }: Loaded, situation: Situation) => densityParts(energy, situation),
} as const

function idleSampler(reading: Reading, { sampler }: EmitOptions): readonly Diagnostic[] {
  if (reading === 'sample' || sampler === undefined) return []
  return [diagnostic('AMP727', `The option sampler has no effect: a module that ${inWords[reading]} draws nothing.`)]
}

/** What a module exports: one function, or some of an object. */
const exported: Readonly<Record<Reading, string>> = {
  retrieve: 'retrieve',
  sample: 'sample',
  energy: '{ energyAt, energies, openEnergy }',
  density: '{ logDensity }',
}

const inWords: Readonly<Record<Reading, string>> = {
  retrieve: 'retrieves',
  sample: 'samples',
  energy: 'evaluates the energy',
  density: 'has a density',
}

/** A sampling program without all that only draws need. */
function densityParts(energy: Energy, situation: Situation): Checked<SamplingParts> {
  return andThen(samplingParts(energy, situation), (parts) => {
    const stuck = wouldMove(energy, parts)
    if (stuck.length > 0) return unmade(stuck)
    const undrawn = { reason: 'nothing is drawn' }
    return made({ ...parts, near: [], program: { ...parts.program, joint: [], ancestral: undrawn, tempered: undrawn } })
  })
}

/** Discrete states that move one at a time. */
function discreteIn({ program }: ModuleParts): readonly string[] {
  return 'discrete' in program ? program.discrete.map((s) => s.name) : []
}

function priorOf(loaded: Loaded, reading: Reading, situation: Situation, { report }: EmitOptions): Checked<PriorParts> {
  if (reading === 'sample') return priorParts(loaded.energy, situation, report)
  return unmade([diagnostic('AMP714', `A module that ${inWords[reading]} draws nothing from the prior.`, { expected: '--to sample' })])
}

/** Only the program's own graphs are told what is fixed, as in process. */
function settingOf(parts: ModuleParts, keepsGraph: boolean) {
  const { program } = parts
  const made = 'exact' in parts ? parts.exact.flatMap((d) => d.axes) : []
  const inside = parts.inner?.program.axes ?? []
  const fixed = new Set([...program.fixed.map((v) => v.name), ports.temperature])
  return { sizes: madeSizes([...program.axes, ...inside, ...made], {}), fixed, keepsGraph }
}

function section(title: string): string {
  return `\n// ${'-'.repeat(117)}\n// ${title}\n`
}

/** What matches values to variables needs: no spans, no bounds of types, which are in the kernels. */
function bindableOf(loaded: Loaded): unknown {
  const { variables, axes, relations } = loaded.energy
  return {
    variables: variables.map(({ name, role, axes, type, label }) => ({ name, role, axes, type: bare(type), label })),
    axes: axes.map(({ span: _, ...axis }) => axis),
    ...(relations.length === 0 ? {} : { relations: relations.map(({ span: _, ...relation }) => relation) }),
  }
}

function bare(type: Loaded['energy']['variables'][number]['type']): unknown {
  return type.kind === 'real' ? { kind: 'real' } : type
}

export type { Diagnostic }
