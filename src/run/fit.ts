import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { fold, Stream } from '../base/random.ts'
import type { Bound } from '../bind/bound.ts'
import { mean, pooled, quantile, variance } from '../inference/diagnostics/moments.ts'
import { paretoShape } from '../inference/diagnostics/pareto.ts'
import { columnNames, type DrawnVariable, type Draws, seriesAt } from '../inference/draws/draws.ts'
import type { Responsibility } from '../inference/draws/generated.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import { type Ascent, ascend, scatter } from '../inference/fit/ascent.ts'
import { familyPart } from '../inference/fit/family-part.ts'
import { gaussianPart } from '../inference/fit/gaussian-part.ts'
import { levelPart } from '../inference/fit/level-part.ts'
import type { FitBuffers, FitPart, PartMoments } from '../inference/fit/part.ts'
import { sizeOf, volumeOver } from '../ir/layout.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Target } from '../middle/executable.ts'
import { type FitBlock, type FitProgram, formWords, namesIn } from '../middle/fit-program.ts'
import { type OpenSetting, open } from '../middle/open.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import * as ports from '../middle/ports.ts'
import type { SamplingState } from '../middle/program.ts'
import type { DrawnParams, Presets } from './complete.ts'
import { beginRun, type Run } from './run.ts'
import { type StartParts, startingPoint } from './start.ts'

/** A program to fit with all that gives it values. */
export interface FitParts extends Omit<Presets, 'startDraws'>, StartParts {
  readonly fit: FitProgram
  readonly program: { readonly states: readonly SamplingState[]; readonly discrete: readonly [] }
}

export type RunFitOptions = OptionsOf<'fit', 'run'>

export interface Fitted extends Ascent {
  /** The last of the trace: a lower bound of log Z at this temperature, in nats. NaN where there is none. */
  readonly elbo: number
  /** By which q was found. */
  readonly blocks: readonly FittedBlock[]
  /** What was summed or integrated out before. */
  readonly gone: readonly string[]
  /** A row for each number of each variable: mean and sd of continuous ones as q has them, quantiles from the draws. */
  readonly summary: readonly FittedRow[]
  /** The probabilities of the levels of each discrete variable. */
  readonly responsibilities: readonly (Responsibility & { readonly level: string })[]
  /** Independent draws of q. */
  readonly draws: Draws
  /** The Pareto shape of the ratios of exp(-E/T) to q, what is discrete summed out where it factorises. */
  readonly khat: number
  /** Which of the starts it is, from 0, and the ELBO that each came to. */
  readonly start: number
  readonly starts: readonly number[]
  readonly drawn: DrawnParams
  readonly temperature: number
}

export interface FittedRow {
  readonly name: string
  readonly mean: number
  readonly sd: number
  readonly q5: number
  readonly q50: number
  readonly q95: number
}

export interface FittedBlock {
  readonly names: readonly string[]
  /** The family of q, in words. */
  readonly density: string
}

/** Gibbs sweeps from which a start begins where nobody says where to start. */
const SCATTERED = 20

export function runFit(parts: FitParts, target: Target, given: Bound, options: RunFitOptions): Checked<Fitted> {
  const { fit } = parts
  const bound = { ...given, sizes: madeSizes(fit.axes, given.sizes) }
  const troubles = observedInPart(bound, fit)
  if (hasErrors(troubles)) return unmade(troubles)
  const { value: run, diagnostics } = beginRun(parts, fit.fixed, { target, bound, draw: drawPrior }, options)
  if (run === undefined) return unmade(diagnostics)
  const scene = openFit(run)
  const { starts = defaults.starts } = options
  let best: FitStart | undefined
  const all: number[] = []
  for (let i = 0; i < starts; i += 1) {
    const start = from(scene, i, options)
    all.push(start.elbo)
    if (best === undefined || start.elbo > best.elbo || Number.isNaN(best.elbo)) best = start
  }
  const found = must(best, 'start')
  if (starts > 1) restore(scene, found)
  return checked({ ...found.ascent, ...told(scene, options), elbo: found.elbo, start: found.number, starts: all }, diagnostics)
}

/** All that ascent works in. */
interface FitScene {
  readonly run: Run<FitParts>
  readonly parts: readonly FitPart[]
  readonly buffers: FitBuffers
  elbo(): number
  /** E/T at the values that are there. */
  energy(): number
}

function openFit(run: Run<FitParts>): FitScene {
  const { fit, program } = run.parts
  const { sizes } = run
  const values = new Map(program.states.map((s) => [s.name, new Float64Array(volumeOver(s.axes, sizes))]))
  const means = new Map(run.fixed)
  for (const block of fit.blocks) for (const { port, axes } of meansOf(block)) means.set(port, new Float64Array(volumeOver(axes, sizes)))
  const buffers = { means, values }
  const parts = fit.blocks.map((block) => partOf(block, run, buffers))
  const expected = open(run, fit.mean, means)
  const exact = open(run, fit.exact, new Map([...run.fixed, ...values]))
  const scale = 1 / run.temperature
  return {
    ...{ run, parts, buffers },
    elbo() {
      expected.run()
      const energy = must(expected.outputs.get(ports.energy), 'energy')[0] as number
      return parts.reduce((sum, p) => sum + p.entropy(), -energy * scale)
    },
    energy() {
      exact.run()
      return (must(exact.outputs.get(ports.energy), 'energy')[0] as number) * scale
    },
  }
}

/** The means under q of a block, by the input that each is. */
function meansOf(block: FitBlock): readonly { readonly port: string; readonly axes: readonly string[] }[] {
  if (block.kind === 'family') return block.statistics.map(({ port }) => ({ port, axes: block.axes }))
  if (block.kind === 'levels') return [{ port: block.name, axes: block.over }]
  return [...block.draw.variables.map((v) => ({ port: v.name, axes: v.axes })), ...block.covariances]
}

function partOf(block: FitBlock, setting: OpenSetting, buffers: FitBuffers): FitPart {
  if (block.kind === 'family') return familyPart(block, setting, buffers)
  return block.kind === 'levels' ? levelPart(block, setting, buffers) : gaussianPart(block, setting, buffers)
}

interface FitStart {
  readonly number: number
  readonly ascent: Ascent
  readonly elbo: number
  /** The means that it came to. */
  readonly means: ReadonlyMap<string, Float64Array>
}

/** One way up: the first from where it is said to start, else from draws. */
function from(scene: FitScene, number: number, { sweeps = defaults.sweeps, gain = defaults.gain }: RunFitOptions): FitStart {
  const { run, parts, buffers, elbo } = scene
  const cued = new Set<string>()
  for (const state of run.parts.program.states) {
    const start = startingPoint(run, state, { cue: 0, draw: number })
    must(buffers.values.get(state.name), state.name).set(start.values)
    if (number === 0 && start.cued.includes(1)) cued.add(state.name)
  }
  for (const part of parts) part.pin()
  // What is said to start somewhere is read before it moves.
  const order = [...parts].sort((a, b) => Number(a.names.every((n) => cued.has(n))) - Number(b.names.every((n) => cued.has(n))))
  const stream = new Stream(fold(fold(run.key, 'fit'), number))
  const failed = cued.size > 0 ? undefined : scatter(order, elbo, stream, SCATTERED)
  const ascent = failed === undefined ? ascend(order, elbo, { sweeps, gain }) : { outcome: failed, trace: [] }
  const means = new Map(run.parts.fit.blocks.flatMap(meansOf).map(({ port }) => [port, must(buffers.means.get(port), port).slice()]))
  return { number, ascent, elbo: ascent.outcome.kind === 'failed' ? Number.NaN : (ascent.trace.at(-1) ?? Number.NaN), means }
}

/** Everything as it was at the end of a start: means, and then each q given them. */
function restore({ parts, buffers, elbo }: FitScene, { means, ascent }: FitStart): void {
  for (const [port, values] of means) must(buffers.means.get(port), port).set(values)
  if (ascent.outcome.kind !== 'failed') for (const part of parts) part.update(elbo)
}

/** Of each draw: -E/T, what is discrete summed out where it factorises; log q of what is left; and log q of what is gone from E. */
const columns = ['log_p__', 'log_g__', 'log_levels__'] as const

function told(scene: FitScene, { draws: count = defaults.draws }: RunFitOptions) {
  const { run, parts, buffers } = scene
  const { fit, program } = run.parts
  const { drawn, temperature, sizes } = run
  const variables = program.states.map((s): DrawnVariable => ({ name: s.name, axes: s.axes, shape: s.axes.map((a) => sizeOf(a, sizes)) }))
  const names = variables.flatMap((v) => columnNames(v.name, v.shape))
  const values = new Float64Array(count * names.length)
  const ratios = new Float64Array(count)
  const statistics = new Float64Array(count * columns.length)
  const stream = new Stream(fold(run.key, 'draws of q'))
  // What is summed out of E is no part of the density that it is held against.
  const read = new Set(fit.exact.inputs.map((p) => p.name))
  for (let d = 0; d < count; d += 1) {
    let [log, ofLevels] = [0, 0]
    for (const part of parts) {
      const own = part.draw(stream)
      if (part.names.some((name) => read.has(name))) log += own
      else ofLevels += own
    }
    const density = -scene.energy()
    statistics.set([density, log, ofLevels], d * columns.length)
    ratios[d] = density - log
    let at = d * names.length
    for (const s of program.states) {
      const first = s.type.kind === 'element' ? 1 : 0
      for (const v of must(buffers.values.get(s.name), s.name)) values[at++] = v + first
    }
  }
  const chain = { chain: 0, count, values, columns, statistics }
  return {
    blocks: fit.blocks.map((block) => ({ names: namesIn(block), density: densityIn(block) })),
    gone: fit.gone,
    summary: summaryOf(
      { variables, names, chains: [chain] },
      parts.flatMap((p) => p.moments()),
    ),
    responsibilities: fit.blocks.flatMap((block) => (block.kind === 'levels' ? [probabilities(block, buffers)] : [])),
    draws: { variables, names, chains: [chain] },
    khat: paretoShape(ratios),
    ...{ drawn, temperature },
  }
}

/** Of discrete variables, whose q has no moments, those of the draws. */
function summaryOf(draws: Draws, moments: readonly PartMoments[]): readonly FittedRow[] {
  const exact = new Map(
    moments.flatMap(({ name, mean, sd }) => {
      const { shape } = must(draws.variables.find((v) => v.name === name), name) // biome-ignore format: one thought
      return columnNames(name, shape).map((column, i) => [column, { mean: mean[i] as number, sd: sd[i] as number }] as const)
    }),
  )
  return draws.names.map((name, at) => {
    const values = pooled(seriesAt(draws, at)).sort()
    const found = exact.get(name) ?? { mean: mean(values), sd: Math.sqrt(variance(values)) }
    return { name, ...found, q5: quantile(values, 0.05), q50: quantile(values, 0.5), q95: quantile(values, 0.95) }
  })
}

function densityIn(block: FitBlock): string {
  return block.kind === 'gaussian' ? 'Gaussian' : block.kind === 'levels' ? 'categorical' : formWords[block.form]
}

function probabilities(block: Extract<FitBlock, { readonly kind: 'levels' }>, { means }: FitBuffers) {
  const { name, axes, level = `${block.name}:level` } = block
  const q = must(means.get(name), name)
  // The upper of two values has the probability q; with the lower beside it they are over levels, too.
  const all =
    block.level === undefined ? Float64Array.from({ length: 2 * q.length }, (_, i) => both(q[i >> 1] as number, i & 1)) : q.slice()
  return { name, axes: [...axes, level], level, mean: all }
}

const both = (upper: number, level: number): number => (level === 1 ? upper : 1 - upper)

function observedInPart({ observed, count }: Bound, { blocks }: FitProgram): readonly Diagnostic[] {
  const moving = new Set(blocks.flatMap(namesIn))
  const parts = Object.keys(observed).filter((name) => moving.has(name))
  const troubles = parts.map((name) =>
    diagnostic('AMP511', `Some elements of "${name}" are observed and some are not.`, {
      expected: `all of "${name}" or nothing, since a block of q is of whole variables`,
    }),
  )
  if (count > 1)
    troubles.push(diagnostic('AMP508', `There are ${count} observations, and a fit is of one.`, { expected: 'one observation' }))
  return troubles
}
