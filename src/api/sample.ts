import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, made, unmade } from '../base/diagnostic.ts'
import { bind } from '../bind/bind.ts'
import type { Bound, GivenByRole } from '../bind/bound.ts'
import { improperForms } from '../compile/conditionals/improper.ts'
import { flatDirections } from '../compile/flat-directions.ts'
import { askedOf } from '../compile/infer.ts'
import { movingWithRows } from '../compile/partitions/open-rows.ts'
import { readings } from '../compile/readings.ts'
import { plainTemperature } from '../compile/temperature.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Energy } from '../middle/energy.ts'
import type { Target } from '../middle/executable.ts'
import { defaults, type OptionsOf, ofRun, stated } from '../middle/options.ts'
import type { RandomAxis } from '../middle/random-axis.ts'
import { type Asked, type Situation, unknownsOf } from '../middle/situation.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import { type PriorParts, preparePrior } from '../run/prior.ts'
import { chainsInTurn, type PreparedSample, prepareSample, type Sampled } from '../run/sample.ts'
import type { RunSampleOptions, SampledChain, SamplingParts } from '../run/sampling.ts'
import { startedByDraws } from '../run/start.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { type Backend, type BackendName, chooseBackend } from './backend.ts'
import { type Busy, plainly } from './busy.ts'
import { idleOnFixedAxes, idleSampleOptions } from './idle-options.ts'
import { explained, type SamplingScene } from './impossible.ts'
import { improperDensities } from './improper.ts'
import type { Loaded } from './load.ts'
import { pathfinderStarts } from './pathfinder-starts.ts'
import type { WantedDraws } from './pipeline.ts'
import { posteriorReading } from './posterior-reading.ts'
import { priorParts } from './predictive.ts'
import { askedWith, seenWith } from './seen-with.ts'
import { type WithSlots, withSlots } from './slots.ts'

export interface SampleOptions extends OptionsOf<'sample'>, RunSampleOptions {
  /** Where the chains run; here, one after the other, unless said. */
  readonly runChains?: RunChains
  /** How the work before and after the chains is run; as it is. */
  readonly busy?: Busy
}

/** Runs all chains of a task and returns them in order. It must leave the draws what they are: `runOne` of each. */
export type RunChains = (task: ChainsTask) => Promise<readonly SampledChain[]>

/** Chains to run, here (`prepared`) or elsewhere: all else is plain data, and `prepare` there makes the same of it. */
export interface ChainsTask {
  readonly prepared: PreparedSample
  readonly options: RunSampleOptions
  readonly elsewhere: Preparation
  /** What was drawn so far, as a result without its summary. */
  sofar(chains: readonly SampledChain[]): SampleResult
}

/** All that draws depend on besides the options of the run: plain data. */
export interface Preparation {
  readonly reading: { readonly kind: 'posterior'; readonly parts: SamplingParts } | { readonly kind: 'prior'; readonly parts: PriorParts }
  readonly bound: Bound
  readonly backend: BackendName
}

/** A program with its values, compiled where it is to run. */
export async function prepare({ reading, bound, backend }: Preparation, options: RunSampleOptions): Promise<Checked<PreparedSample>> {
  return prepareFor(reading, bound, (await samplingBackend(backend, { reading, bound })).target, options)
}

function axesOf(reading: Preparation['reading']): Energy['axes'] {
  return reading.kind === 'prior' ? reading.parts.axes : reading.parts.program.axes
}

function prepareFor(reading: Preparation['reading'], bound: Bound, target: Target, options: RunSampleOptions): Checked<PreparedSample> {
  return reading.kind === 'prior'
    ? preparePrior(reading.parts, target, bound, options)
    : prepareSample(reading.parts, target, bound, options)
}

export interface SampleResult extends Sampled {
  readonly bound: Bound
  readonly backend: Pick<Backend, 'name' | 'why'>
  /** States whose chains started from draws of what their `from` says. */
  readonly started: readonly string[]
  /** Statements of the model that this has no use for: rules and objectives. */
  readonly unused: readonly Unused[]
}

/** The probability reading: draws from exp(-E/T) given what is observed. */
export async function sample(model: Loaded, said: GivenByRole, options: SampleOptions = {}): Promise<Checked<SampleResult>> {
  const wrong = optionTroubles('sample', options)
  if (hasErrors(wrong)) return unmade(wrong)
  const isByPaths = options.init === 'pathfinder' && options.resume === undefined && options.prior !== true
  const started = isByPaths ? pathfinderStarts(model, said, options) : made(said)
  if (started.value === undefined) return unmade(started.diagnostics)
  const sampled = await sampleFrom(model, started.value, options)
  const diagnostics = [...idleSampleOptions(options), ...started.diagnostics, ...sampled.diagnostics]
  return sampled.value === undefined ? unmade(diagnostics) : checked(sampled.value, diagnostics)
}

async function sampleFrom(model: Loaded, given: GivenByRole, options: SampleOptions): Promise<Checked<SampleResult>> {
  const loaded = seenWith(model, given)
  const { value: wanted, diagnostics: refused } = askedOf(
    loaded.energy,
    'sample',
    withMemories(loaded.energy, { ...plainTemperature(loaded.energy), ...stated(options) }, given, options),
  )
  if (wanted === undefined) return unmade(refused)
  const asked = movingWithRows(loaded.energy, wanted, new Set(given.fixed.map((g) => g.name)))
  const bound = bind(loaded.energy, given, unknownsOf(asked))
  if (bound.value === undefined) return unmade(bound.diagnostics)
  try {
    const { value: slots, diagnostics: misfits } = withSlots(loaded, bound.value, options)
    if (slots === undefined) return unmade([...bound.diagnostics, ...misfits])
    const { bound: sized, ...opened } = slots
    const idle = opened.random.length > 0 ? [] : idleOnFixedAxes(options)
    return await sampleBound(opened, { value: sized, diagnostics: [...bound.diagnostics, ...idle], ok: true }, asked, options)
  } catch (error) {
    return unmade([...bound.diagnostics, ...outOfMemory(error, bound.value.sizes, options.draws ?? defaults.draws)])
  }
}

/** Draws from the prior draw memories, too. */
function withMemories(energy: Energy, asked: Asked, given: GivenByRole, { prior }: SampleOptions): Asked {
  return prior ? asked : askedWith(energy, 'sample', asked, given)
}

async function sampleBound(
  { loaded, random }: Omit<WithSlots, 'bound'>,
  bound: Checked<Bound> & { readonly value: Bound },
  asked: Situation,
  options: SampleOptions,
): Promise<Checked<SampleResult>> {
  const { prior, backend: wanted, runChains = here, busy = plainly } = options
  const run = ofRun<RunSampleOptions>('sample', options)
  const reading = (prior ? priorReading : posteriorReading)(loaded, bound.value, asked, { ...options, random })
  const known = new Set(Object.keys(bound.value.observed))
  const flat = prior ? [] : flatDirections(loaded.energy, asked, known)
  const before = [...bound.diagnostics, ...reading.diagnostics]
  if (reading.value === undefined || hasErrors(reading.diagnostics)) return unmade([...before, ...flat])
  const unbounded = prior ? [] : improperForms(loaded.energy, asked, known)
  if (unbounded.length > 0) return unmade([...before, ...unbounded])
  const { value: preparation } = reading
  const backend = await samplingBackend(wanted, preparation)
  const { value: prepared, diagnostics: found } = busy(() => prepareFor(preparation.reading, preparation.bound, backend.target, run))
  const diagnostics = [...before, ...backend.diagnostics, ...found, ...flat]
  if (prepared === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  if (options.sampler === 'tempering' && prepared.sampler === 'exact') diagnostics.push(nothingTempered())
  // What is flat already needs no second word.
  const tails = busy(() => prepared.openTails()).filter((t) => !flat.some((d) => d.message.includes(`"${t.state.name}"`)))
  const improper = improperDensities(loaded.energy, tails, bound.value.sizes)
  diagnostics.push(...improper)
  if (hasErrors(improper)) return unmade(diagnostics)
  const { name, why } = backend
  const scene = sceneOf(preparation, prepared)
  const unused = unusedBy([readings.sample], loaded.model)
  const { reading: made } = preparation
  const started = made.kind === 'prior' || prepared.sampler === 'exact' ? [] : startedByDraws(made.parts, bound.value)
  const described = (sampled: Sampled): SampleResult => {
    const outcomes = scene === undefined ? sampled.outcomes : sampled.outcomes.map((outcome) => explained(outcome, scene))
    return { ...sampled, outcomes, bound: bound.value, backend: { name, why }, unused, started }
  }
  const sofar = (chains: readonly SampledChain[]): SampleResult => described(prepared.gather(chains))
  const chains = await runChains({ prepared, options: run, elsewhere: { ...preparation, backend: wanted ?? defaults.backend }, sofar })
  return checked(
    described(
      busy(
        () => prepared.finish(chains),
        () => prepared.gather(chains),
      ),
    ),
    diagnostics,
  )
}

function nothingTempered(): Diagnostic {
  return diagnostic('AMP727', 'The option sampler has no effect: nothing is left to move.', {
    hint: 'Keep a state (--keep) to have it drawn.',
  })
}

function sceneOf({ reading, bound }: Omit<Preparation, 'backend'>, { given }: PreparedSample): SamplingScene | undefined {
  return reading.kind === 'prior' || given === undefined ? undefined : { program: reading.parts.program, bound, ...given }
}

function priorReading(
  loaded: Loaded,
  bound: Bound,
  asked: Situation,
  options: SampleOptions & Pick<WantedDraws, 'random'>,
): Checked<Omit<Preparation, 'backend'>> {
  const [shared] = options.random ?? []
  if (shared !== undefined) return unmade([noPriorOf(shared)])
  const { value: parts, diagnostics } = priorParts(loaded.energy, asked, options.report)
  return parts === undefined ? unmade(diagnostics) : checked({ reading: { kind: 'prior', parts }, bound }, diagnostics)
}

function noPriorOf({ axis, pickers, span }: RandomAxis): Diagnostic {
  const message = `--prior cannot draw from this model yet: how rows ("${pickers.join('", "')}") share out the elements of "${axis}" is drawn given data alone.`
  return diagnostic('AMP714', message, { span, hint: `Give the axis a size and \`~ dirichlet(alpha / size)\` for a finite approximation.` })
}

/** What computes chains of a program; its axes tell the sizes that the model itself fixes. */
function samplingBackend(wanted: BackendName = defaults.backend, { reading, bound }: Omit<Preparation, 'backend'>): Promise<Backend> {
  const axes = axesOf(reading)
  const known = madeSizes(axes, {})
  if (reading.kind === 'prior') return chooseBackend(wanted, { known })
  return chooseBackend(wanted, { known, main: { graph: reading.parts.steps, sizes: madeSizes(axes, bound.sizes) } })
}

/** In process, one chain after the other. Interrupted, it returns the chains that were begun. */
async function here({ prepared, options }: ChainsTask): Promise<readonly SampledChain[]> {
  return chainsInTurn(prepared, options)
}
