import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Tensor } from '../base/tensor.ts'
import { bind } from '../bind/bind.ts'
import type { Bound, GivenByRole } from '../bind/bound.ts'
import { improperForms } from '../compile/conditionals/improper.ts'
import { readEnergy } from '../compile/evaluation.ts'
import { flatDirections } from '../compile/flat-directions.ts'
import { askedOf } from '../compile/infer.ts'
import { discreteMoving } from '../compile/marginalise.ts'
import { nearMemories } from '../compile/memory-rows.ts'
import { onlyOutputs } from '../compile/outputs.ts'
import { readings } from '../compile/readings.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import type { ChainOutcome } from '../inference/chains/outcome.ts'
import { mean } from '../inference/diagnostics/moments.ts'
import { swapWarnings } from '../inference/diagnostics/swaps.ts'
import { heatCapacity, meanOf, susceptibility, type ThermalEstimate } from '../inference/diagnostics/thermal.ts'
import type { SamplingWarning } from '../inference/diagnostics/warnings.ts'
import { columnNames, type Draws, series, statistic } from '../inference/draws/draws.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Energy } from '../middle/energy.ts'
import { defaults, type OptionsOf, ofRun, stated } from '../middle/options.ts'
import type { NearMemory, ReportedLet } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import { keeping, type Situation, unknownsOf } from '../middle/situation.ts'
import type { DrawnParams } from '../run/complete.ts'
import { largestOverlaps } from '../run/nearest-memories.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import { prepareSweep, type RunSweepOptions, type SweptRungs } from '../run/sweep.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { chooseBackend } from './backend.ts'
import { type Busy, plainly } from './busy.ts'
import { improperDensities } from './improper.ts'
import type { Loaded } from './load.ts'
import { samplingParts } from './pipeline.ts'
import { drawingIn } from './posterior-reading.ts'
import { retrieve } from './retrieve.ts'
import { askedWith, seenWith } from './seen-with.ts'

export interface SweepOptions extends OptionsOf<'sweep'>, Pick<RunSweepOptions, 'signal'> {
  /** How the work is run; as it is. */
  readonly busy?: Busy
}

/** A number of the text, an element of a let each, along the temperatures. */
export interface SweptQuantity {
  /** `m`, `overlap[2]`. */
  readonly name: string
  readonly mean: ThermalEstimate
  /** Of |m|, which does not vanish where m and -m are alike. */
  readonly absolute: ThermalEstimate
  /** Var(m) / T and Var(|m|) / T: d<m>/dh for a term -h m of the energy. NaN at T = 0. */
  readonly susceptibility: ThermalEstimate
  readonly absoluteSusceptibility: ThermalEstimate
}

/** How like the nearest row of a memory a state is: the mean over draws of the largest overlap (the cosine of an angle) of either sign. */
export interface SweptOverlap {
  readonly state: string
  readonly memory: string
  readonly overlap: ThermalEstimate
}

/** What holds at one temperature. Energies are in nats, as the model writes them; errors are Monte Carlo standard errors. */
export interface SweepRow {
  readonly temperature: number
  readonly energy: ThermalEstimate
  /** C = Var(E) / T^2. NaN at T = 0. */
  readonly heatCapacity: ThermalEstimate
  readonly quantities: readonly SweptQuantity[]
  readonly overlaps: readonly SweptOverlap[]
  /** Mean acceptance probability of trajectories of continuous states, and the share of sites that a sweep changed; NaN where there are none. */
  readonly acceptance: number
  readonly moved: number
  /** How often it swapped with the next temperature; NaN for the last one. */
  readonly swapRate: number
}

export interface SweepResult {
  readonly rows: readonly SweepRow[]
  /** What moved each temperature, in words. */
  readonly sampler: string
  readonly warnings: readonly SamplingWarning[]
  readonly outcomes: readonly ChainOutcome[]
  readonly ladders: SweptRungs['ladders']
  readonly drawn: DrawnParams
  readonly bound: Bound
  readonly unused: readonly Unused[]
}

/** E among what is reported: a word of the language, and so no let. */
const ENERGY = 'energy'

/**
 * The mean energy, the heat capacity, order parameters and overlaps along temperatures, from one run of replica exchange over all of
 * them; at 0 the states of least energy that retrieval finds from as many starts. Every state moves, none is summed out.
 */
export async function sweep(model: Loaded, given: GivenByRole, options: SweepOptions = {}): Promise<Checked<SweepResult>> {
  const { busy: _, signal: __, ...plain } = options
  const wrong = optionTroubles('sweep', plain)
  if (hasErrors(wrong)) return unmade(wrong)
  const { temperatures = [] } = options
  const unordered = temperatureTroubles(temperatures)
  if (unordered.length > 0) return unmade(unordered)
  const loaded = seenWith(model, given)
  // Said, so that the model's own temperature has no say.
  const said = { ...stated(plain), temperature: must(temperatures.at(-1), 'temperature') }
  const { value: asked, diagnostics: refused } = askedOf(loaded.energy, 'sweep', askedWith(loaded.energy, 'sweep', said, given))
  if (asked === undefined) return unmade(refused)
  const bound = bind(loaded.energy, given, unknownsOf(asked))
  if (bound.value === undefined) return unmade(bound.diagnostics)
  try {
    const found = await sweepBound(loaded, given, bound.value, asked, options, temperatures)
    const diagnostics = [...bound.diagnostics, ...found.diagnostics]
    return found.value === undefined ? unmade(diagnostics) : checked(found.value, diagnostics)
  } catch (error) {
    return unmade([...bound.diagnostics, ...outOfMemory(error, bound.value.sizes, options.draws ?? defaults.draws)])
  }
}

function temperatureTroubles(temperatures: readonly number[]): readonly Diagnostic[] {
  const expected = 'temperatures from 0 on that go up, one at least above 0'
  const told = (message: string): readonly Diagnostic[] => [diagnostic('AMP641', message, { expected })]
  const negative = temperatures.find((t) => t < 0)
  if (negative !== undefined) return told(`The temperature ${negative} is below 0.`)
  const late = temperatures.findIndex((t, k) => k > 0 && t <= (temperatures[k - 1] as number))
  if (late > 0) return told(`The temperature ${temperatures[late]} comes after ${temperatures[late - 1]}.`)
  return (temperatures.at(-1) ?? 0) > 0 ? [] : told('No temperature above 0 was asked for.')
}

async function sweepBound(
  loaded: Loaded,
  given: GivenByRole,
  whole: Bound,
  { temperature: _, ...asked }: Situation,
  options: SweepOptions,
  temperatures: readonly number[],
): Promise<Checked<SweepResult>> {
  const { report = [], busy = plainly } = options
  const kept = discreteMoving(loaded.energy, asked).map((v) => v.name)
  const drawing = drawingIn(loaded, whole, keeping(asked, kept))
  if (drawing.value === undefined) return unmade(drawing.diagnostics)
  const { energy, bound, situation } = drawing.value
  if (situation.moving.size === 0)
    return unmade([diagnostic('AMP607', 'Every state is observed, or the model has none: nothing depends on T.')])
  const known = new Set(Object.keys(bound.observed))
  const improper = improperForms(loaded.energy, asked, known)
  const flat = flatDirections(loaded.energy, asked, known)
  if (improper.length > 0) return unmade([...improper, ...flat])
  const { value: plain, diagnostics } = samplingParts(energy, situation, { report })
  if (plain === undefined) return unmade([...diagnostics, ...flat])
  const parts = { ...plain, reports: [...plain.reports, energyLet(energy, situation)] }
  const backend = await chooseBackend('auto', {
    known: madeSizes(parts.program.axes, {}),
    main: { graph: parts.steps, sizes: madeSizes(parts.program.axes, bound.sizes) },
  })
  const above = temperatures.filter((t) => t > 0)
  const run = { ...ofRun<RunSweepOptions>('sweep', options as RunSweepOptions), temperatures: above }
  const { value: prepared, diagnostics: found } = busy(() =>
    prepareSweep(parts, backend.target, bound, { ...run, ...(options.signal && { signal: options.signal }) }),
  )
  const before = [...diagnostics, ...backend.diagnostics, ...found, ...flat]
  if (prepared === undefined) return unmade(before)
  const tails = busy(() => prepared.openTails()).map((tail) => ({ ...tail, temperature: must(above.at(-1), 'temperature') }))
  const endless = improperDensities(loaded.energy, tails, bound.sizes)
  if (hasErrors(endless)) return unmade([...before, ...endless])
  const near = likeRows(parts.program.fixed, [...parts.program.states, ...parts.program.discrete], bound)
  const still = temperatures[0] === 0 ? await coldRow(loaded, given, options, { report, kept, near, energy, bound }) : checked([], [])
  if (still.value === undefined) return unmade([...before, ...still.diagnostics])
  const swept = busy(() => prepared.run())
  const scene: RowScene = { report, near, energy, bound }
  const rows = above.map((temperature, k) => warmRow(temperature, k, swept, scene))
  const failed = swept.outcomes.filter((o) => o.kind === 'failed')
  return checked(
    {
      rows: failed.length === 0 ? [...still.value, ...rows] : still.value,
      sampler: prepared.sampler,
      warnings: above.length > 1 && failed.length === 0 ? swapWarnings(swept.ladders) : [],
      outcomes: swept.outcomes,
      ladders: swept.ladders,
      drawn: prepared.drawn,
      bound: whole,
      unused: unusedBy([readings.sweep], loaded.model),
    },
    [...before, ...still.diagnostics],
  )
}

/** E of the states as they are, without a Jacobian and not divided by T. */
function energyLet(energy: Energy, situation: Situation): ReportedLet {
  const { graph } = readEnergy(energy, situation)
  return { name: ENERGY, axes: [], graph: onlyOutputs(graph, new Map([[ports.energy, ports.result]])) }
}

/** States that look like rows of a memory that is given, where rows come first. */
function likeRows(fixed: Energy['variables'], states: Parameters<typeof nearMemories>[1], { values }: Bound) {
  return nearMemories(fixed, states).filter(({ axes, axis, memory }) => axes[0] === axis && values[memory] !== undefined)
}

interface RowScene {
  readonly report: readonly string[]
  readonly near: readonly NearMemory[]
  readonly energy: Energy
  readonly bound: Bound
}

function warmRow(temperature: number, k: number, { rungs, ladders }: SweptRungs, scene: RowScene): SweepRow {
  const draws = must(rungs[k], 'rung')
  const energies = series(draws, ENERGY)
  const average = (name: string): number => mean((statistic(draws, name) ?? []).map(mean))
  return {
    temperature,
    energy: meanOf(energies),
    heatCapacity: heatCapacity(energies, temperature),
    quantities: namesOf(draws, scene.report).map((name) => quantityOf(name, series(draws, name), temperature)),
    overlaps: scene.near.map((near) => overlapOf(near, valuesOf(draws, near.state), scene)),
    acceptance: average('accept_stat__'),
    moved: average('moved__'),
    swapRate: mean(ladders.map((l) => l.swapRates[k] ?? Number.NaN)),
  }
}

function namesOf({ variables }: Draws, report: readonly string[]): readonly string[] {
  return variables.filter((v) => report.includes(v.name)).flatMap((v) => columnNames(v.name, v.shape))
}

function quantityOf(name: string, values: readonly Float64Array[], temperature: number): SweptQuantity {
  const sizes = values.map((chain) => chain.map(Math.abs))
  return {
    name,
    mean: meanOf(values),
    absolute: meanOf(sizes),
    susceptibility: temperature === 0 ? none : susceptibility(values, temperature),
    absoluteSusceptibility: temperature === 0 ? none : susceptibility(sizes, temperature),
  }
}

const none: ThermalEstimate = { value: Number.NaN, error: Number.NaN }

/** The values of a state at each draw, a list of them a chain. */
function valuesOf({ variables, names, chains }: Draws, state: string): readonly (readonly Float64Array[])[] {
  const place = variables.findIndex((v) => v.name === state)
  const variable = must(variables[place], state)
  const width = columnNames(state, variable.shape).length
  const from = variables.slice(0, place).reduce((sum, v) => sum + columnNames(v.name, v.shape).length, 0)
  return chains.map(({ count, values }) =>
    Array.from({ length: count }, (_, d) => values.subarray(d * names.length + from, d * names.length + from + width)),
  )
}

function overlapOf(near: NearMemory, values: readonly (readonly Float64Array[])[], { energy, bound }: RowScene): SweptOverlap {
  const { type } = must(energy.variables.find((v) => v.name === near.state), near.state) // biome-ignore format: one thought
  const memory = must(bound.values[near.memory], near.memory)
  const overlaps = values.map((chain) => largestOverlaps(near, type, memory, chain, bound.sizes))
  return { state: near.state, memory: near.memory, overlap: meanOf(overlaps) }
}

interface ColdScene extends RowScene {
  /** Discrete states, which flip. */
  readonly kept: readonly string[]
}

/** At T = 0 there is nothing to draw: the lowest ends of as many retrievals as there are chains, from each cue where some are given. */
async function coldRow(
  loaded: Loaded,
  given: GivenByRole,
  { seed, infer, chains = defaults.chains }: SweepOptions,
  scene: ColdScene,
): Promise<Checked<readonly SweepRow[]>> {
  if (infer !== undefined && infer.length > 0) {
    const hint = 'Leave the temperature 0 out: what is inferred moves above it alone.'
    return unmade([diagnostic('AMP641', `At temperature 0 states alone move, and "${infer.join('", "')}" does not.`, { hint })])
  }
  const starts = given.cues.length > 0 ? 1 : chains
  const asked = { report: scene.report, keep: scene.kept, starts, ...(seed === undefined ? {} : { seed }) }
  const { value, diagnostics } = await retrieve(loaded, given, asked)
  if (value === undefined) return unmade(diagnostics)
  const { retrievals } = value
  const one = (tensors: readonly (Tensor | undefined)[], i: number): Float64Array =>
    Float64Array.from(tensors, (t) => t?.data[i] ?? Number.NaN)
  const quantities = scene.report.flatMap((name) => {
    const tensors = retrievals.map((r) => r.reported[name])
    const shape = tensors[0]?.shape ?? []
    return columnNames(name, shape).map((column, i) => quantityOf(column, [one(tensors, i)], 0))
  })
  const ends = (state: string): readonly Float64Array[] => retrievals.map((r) => must(r.states[state], state).data)
  const row: SweepRow = {
    temperature: 0,
    energy: { value: mean(retrievals.map((r) => r.energy)), error: Number.NaN },
    heatCapacity: none,
    quantities,
    overlaps: scene.near.map((near) => overlapOf(near, [ends(near.state)], scene)),
    acceptance: Number.NaN,
    moved: Number.NaN,
    swapRate: Number.NaN,
  }
  return checked([row], diagnostics)
}
