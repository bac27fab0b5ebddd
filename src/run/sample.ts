import { type Checked, checked, type Diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { InternalError } from '../base/internal-error.ts'
import { fold } from '../base/random.ts'
import type { Bound } from '../bind/bound.ts'
import type { ChainResult, ChainRun, ChainState } from '../inference/chains/chain.ts'
import type { ChainOutcome } from '../inference/chains/outcome.ts'
import { type SummaryRow, summary } from '../inference/diagnostics/summary.ts'
import { swapWarnings } from '../inference/diagnostics/swaps.ts'
import { type SamplingWarning, warnings } from '../inference/diagnostics/warnings.ts'
import { columnNames, type DrawnVariable, type Draws } from '../inference/draws/draws.ts'
import { level } from '../inference/draws/equal-lengths.ts'
import { gathered, type Responsibility } from '../inference/draws/generated.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import type { ConditionalDraw } from '../middle/conditional-draw.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Eliminated } from '../middle/energy.ts'
import type { Target } from '../middle/executable.ts'
import type { OpenSetting } from '../middle/open.ts'
import { defaults } from '../middle/options.ts'
import type { AncestralProgram, SamplingProgram } from '../middle/program.ts'
import { ancestralAt, ancestralWorkbench } from './ancestral.ts'
import { chainStart } from './chain-start.ts'
import type { DrawnParams } from './complete.ts'
import { type Derived, derivedOf } from './derived.ts'
import { isDrawable } from './exact-blocks.ts'
import { once } from './once.ts'
import { oneObservation } from './one-observation.ts'
import { optionTroubles } from './option-troubles.ts'
import { partitionColumns, type SampledPartition } from './partition-draws.ts'
import { continued } from './resume.ts'
import { beginRun, type Run } from './run.ts'
import { type Ancestral, type ExactlyDrawn, exactlyDrawn, nameOf, type Plan, planOf } from './samplers.ts'
import type { RunSampleOptions, SampledChain, SamplingParts } from './sampling.ts'
import type { StateTail } from './states-tails.ts'
import { ladderTroubles, temperedWorkbench } from './tempered.ts'
import { unusedCues } from './unused-cues.ts'
import { tooManyDraws } from './within-memory.ts'
import { markovWorkbench, type Workbench } from './workbench.ts'

export interface Sampled {
  /** What drew: the blocks in turn, or `exact`. */
  readonly sampler: string
  /** What was drawn exactly, given everything else. */
  readonly exact: readonly ExactlyDrawn[]
  readonly draws: Draws
  /** Posteriors of the discrete states that were summed out, averaged over the draws: over their axes and the level axis. */
  readonly responsibilities: readonly Responsibility[]
  /** What was integrated out or minimised: its draws given the rest of each draw are among the others. */
  readonly eliminated: readonly Pick<Eliminated, 'name' | 'how'>[]
  /** How the elements of random axes are shared out. */
  readonly partitions: readonly SampledPartition[]
  /** A row for each element of each variable that is not observed, but for those that have other numbers in each draw. */
  readonly summary: readonly SummaryRow[]
  readonly warnings: readonly SamplingWarning[]
  /** How each chain ended. */
  readonly outcomes: readonly ChainOutcome[]
  readonly tuning: readonly ChainResult['tuning'][]
  readonly chains: readonly SampledChain[]
  /** Params with a prior that were not given: drawn once, under the run's seed. */
  readonly drawn: DrawnParams
  /** T of exp(-E/T). */
  readonly temperature: number
}

/** A program with its values, ready to run chains in any order and place. */
export interface PreparedSample {
  /** What drew: the blocks in turn, or `exact`. */
  readonly sampler: string
  /** Starts chain number `chain`, or goes on with it. One chain at a time. */
  open(chain: number, options: RunSampleOptions, from?: ChainState): ChainRun
  /** Coordinates along which the density has no finite integral; none where draws are exact. */
  openTails(): readonly StateTail[]
  /** What was asked about, at every draw of (a stretch of) the chain; `sums` are those of what came before it. */
  generate(chain: ChainResult, sums?: SampledChain['sums']): SampledChain
  /** All chains together. */
  finish(chains: readonly SampledChain[]): Sampled
  /** The same with no summary and no warnings, which take time. */
  gather(chains: readonly SampledChain[]): Sampled
  /** What the densities of its chains are given. */
  readonly given?: OpenSetting
}

/** Draws from exp(-E/T) given what is bound, by the sampler that fits the program; the chains one after the other. */
export function runSample(parts: SamplingParts, target: Target, given: Bound, options: RunSampleOptions): Checked<Sampled> {
  const { value: prepared, diagnostics } = prepareSample(parts, target, given, options)
  return prepared === undefined ? unmade(diagnostics) : checked(runAll(prepared, options), diagnostics)
}

/** All chains in turn. Interrupted, those that were begun. */
export function runAll(prepared: PreparedSample, options: RunSampleOptions): Sampled {
  return prepared.finish(chainsInTurn(prepared, options))
}

export function chainsInTurn(prepared: PreparedSample, options: RunSampleOptions): readonly SampledChain[] {
  const chains: SampledChain[] = []
  for (let chain = 0; chain < (options.chains ?? defaults.chains); chain += 1) {
    if (chain > 0 && options.signal?.aborted === true) break
    chains.push(runOne(prepared, chain, options))
  }
  return chains
}

/** One chain from its start, or from where it was, to its end. */
export function runOne(prepared: PreparedSample, chain: number, options: RunSampleOptions): SampledChain {
  const earlier = options.resume?.[chain]
  return continued(earlier, (from) => {
    const run = prepared.open(chain, options, from)
    while (run.advance(Number.MAX_SAFE_INTEGER));
    return prepared.generate(run.take(), earlier?.sums)
  })
}

/** Everything up to the first step. What is wrong with the values is reported. */
export function prepareSample(parts: SamplingParts, target: Target, given: Bound, options: RunSampleOptions): Checked<PreparedSample> {
  const wrong = optionTroubles('sample', options, ['run'])
  if (hasErrors(wrong)) return unmade(wrong)
  const { value, diagnostics } = planSample(parts, target, given, options)
  if (value === undefined) return unmade(diagnostics)
  const { run, plan, ancestral } = value
  const troubles = plan.kind === 'tempered' ? ladderTroubles(options, run.temperature) : []
  if (hasErrors(troubles)) return unmade([...diagnostics, ...troubles])
  const workbench = once(() => {
    if (plan.kind === 'ancestral') return ancestralWorkbench(run, drawable(ancestral), fold(run.key, 'ancestral'))
    return plan.kind === 'tempered' ? temperedWorkbench(run, plan, options) : markovWorkbench(run, plan)
  })
  const isMore = parts.reports.length > 0 || parts.last !== undefined || parts.predictive !== undefined
  const row = () => ({ there: workbench().variables, elements: elementsOf(parts) })
  const derived = isMore ? once(() => derivedOf(run, parts, row())) : () => nothingDerived
  const how = { sampler: nameOf(plan), exact: exactlyDrawn(plan, parts.exact) }
  return checked({ ...prepared(how, run, workbench, derived, options), given: run }, diagnostics)
}

/** What is to be drawn by what. */
export interface PlannedSample {
  readonly run: Run<SamplingParts>
  readonly plan: Plan
  readonly ancestral: Ancestral
}

/** The values of a run and what draws it; where its chains could not start, why. */
export function planSample(parts: SamplingParts, target: Target, given: Bound, options: RunSampleOptions): Checked<PlannedSample> {
  const { program } = parts
  const bound = { ...given, sizes: madeSizes([...program.axes, ...parts.exact.flatMap((d) => d.axes)], given.sizes) }
  const diagnostics: Diagnostic[] = [
    ...oneObservation(bound),
    ...unusedCues(bound, program),
    ...tooManyDraws(keptOf(parts), bound.sizes, options),
  ]
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  const { value: run, diagnostics: found } = beginRun(parts, program.fixed, { target, bound, draw: drawPrior }, options)
  diagnostics.push(...found)
  if (run === undefined) return unmade(diagnostics)
  const { ancestral, diagnostics: unnormalised } =
    'reason' in program.ancestral ? { ancestral: program.ancestral, diagnostics: [] } : ancestralAt(run)
  diagnostics.push(...unnormalised)
  const isFree = Object.keys(bound.observed).length === 0 && Object.keys(bound.cues).length === 0
  const may = {
    program,
    exact: parts.exact,
    partitions: parts.partitions ?? [],
    ancestral,
    isFree,
    isProper: (draw: ConditionalDraw) => isDrawable(run, draw),
  }
  const plan = planOf(may, options.sampler ?? parts.sampler ?? defaults.sampler, diagnostics)
  if (plan === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  if (plan.kind !== 'ancestral') for (let i = 0; i < Math.max(1, bound.count); i += 1) chainStart(run, i, diagnostics)
  return hasErrors(diagnostics) ? unmade(diagnostics) : checked({ run, plan, ancestral }, diagnostics)
}

const nothingDerived: Derived = { variables: [], widen: (chain) => chain }

/** The variables of a program whose values count from 1 outside and from 0 inside. */
export function elementsOf({ program }: SamplingParts): ReadonlySet<string> {
  const types = [...program.states, ...program.responsibilities, ...program.discrete]
  return new Set(types.filter((s) => s.type.kind === 'element').map((s) => s.name))
}

function keptOf({ program, reports, last, predictive }: SamplingParts): readonly { readonly axes: readonly string[] }[] {
  return [
    ...program.states,
    ...program.discrete,
    ...program.responsibilities,
    ...program.eliminated,
    ...(last?.draws ?? []),
    ...reports,
    ...(predictive?.draws ?? []),
  ]
}

function prepared(
  how: Pick<Sampled, 'sampler' | 'exact'>,
  run: Run<SamplingParts>,
  workbench: () => Workbench,
  derived: () => Derived,
  options: RunSampleOptions,
): PreparedSample {
  const {
    parts: { program, partitions = [] },
    bound: { observed },
  } = run
  const there = (): Draws['variables'] => [...workbench().variables, ...derived().variables]
  const shared = partitions.length === 0 ? () => undefined : once(() => partitionColumns(partitions, there(), run))
  return {
    sampler: how.sampler,
    open: (chain, now, from) => workbench().open(chain, now, from),
    openTails: () => workbench().openTails(),
    generate(chain, sums) {
      const { failure, ...generated } = workbench().generate(chain, sums)
      const widened = derived().widen(generated.draws, chain.first)
      const draws = shared()?.widen(widened) ?? widened
      return { ...generated, draws, outcome: failure ?? chain.outcome, tuning: chain.tuning, state: chain.state }
    },
    finish(chains) {
      const plain = this.gather(chains)
      const told = { ...plain, partitions: shared()?.told(plain.draws, options.coclustering === true) ?? [] }
      return summarised(told, options, observed, shared()?.renumbered)
    },
    gather(chains) {
      return gathering(how, program, [...there(), ...(shared()?.variables ?? [])], chains, run)
    },
  }
}

/** Draws without their summary. */
export function gathering(
  how: Pick<Sampled, 'sampler' | 'exact'>,
  program: Pick<SamplingProgram, 'responsibilities' | 'eliminated'>,
  variables: Draws['variables'],
  chains: readonly SampledChain[],
  { drawn, temperature }: Pick<Run<unknown>, 'drawn' | 'temperature'>,
): Sampled {
  const { draws, responsibilities } = gathered(chains[0]?.sums.length === 0 ? { responsibilities: [] } : program, variables, chains)
  return {
    ...how,
    draws,
    responsibilities,
    eliminated: program.eliminated.map(({ name, how }) => ({ name, how })),
    partitions: [],
    summary: [],
    warnings: [],
    outcomes: chains.map((c) => c.outcome),
    tuning: chains.map((c) => c.tuning),
    chains,
    drawn,
    temperature,
  }
}

/** Draws with their summary and what is to be said of them. What is observed is no result, and has no row. */
export function summarised(
  plain: Sampled,
  { depth }: Pick<RunSampleOptions, 'depth'>,
  observed: Bound['observed'] = {},
  apart: ReadonlySet<string> = new Set(),
): Sampled {
  const even = level(plain.draws)
  const known = new Set(
    even.variables.flatMap((v) => (apart.has(v.name) ? columnNames(v.name, v.shape) : observedNames(v, observed[v.name]?.data))),
  )
  const rows = summary(even, known)
  const summedOut = new Set(plain.responsibilities.map((r) => r.name))
  const ladders = plain.tuning.flatMap(({ ladder }) => ladder ?? [])
  const seldom = ladders.length === 0 ? [] : swapWarnings(ladders)
  return { ...plain, summary: rows, warnings: plain.sampler === 'exact' ? [] : [...warnings(even, rows, depth, summedOut), ...seldom] }
}

function observedNames({ name, shape }: DrawnVariable, data: Float64Array | undefined): readonly string[] {
  const names = data === undefined ? [] : columnNames(name, shape)
  return names.length === data?.length ? names.filter((_, i) => !Number.isNaN(data[i])) : []
}

function drawable(ancestral: Ancestral): AncestralProgram {
  if (!('graph' in ancestral)) throw new InternalError('not a directed model')
  return ancestral
}
