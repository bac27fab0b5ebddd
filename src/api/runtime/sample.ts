import { type Checked, type Diagnostic, diagnostic, hasErrors } from '../../base/diagnostic.ts'
import { InternalError, must } from '../../base/internal-error.ts'
import { fold, type Key, keyFromSeed } from '../../base/random.ts'
import type { Bound } from '../../compile/bind.ts'
import type { Default } from '../../compile/defaults.ts'
import type { Executable, Target } from '../../compile/executable.ts'
import type { Inverse } from '../../compile/inverse.ts'
import { madeSizes } from '../../compile/made-sizes.ts'
import type { SamplingProgram } from '../../compile/program.ts'
import type { Report } from '../../compile/reports.ts'
import { langevinSampler } from '../../inference/adaptive-langevin.ts'
import { nutsSampler } from '../../inference/adaptive-nuts.ts'
import { drawAncestral } from '../../inference/ancestral.ts'
import type { ChainOptions, ChainResult } from '../../inference/chain.ts'
import { sampleChains } from '../../inference/chains.ts'
import type { LogDensity } from '../../inference/density.ts'
import { type SummaryRow, summary } from '../../inference/diagnostics/summary.ts'
import { type SamplingWarning, warnings } from '../../inference/diagnostics/warnings.ts'
import { discreteField } from '../../inference/discrete-field.ts'
import type { Draws } from '../../inference/draws.ts'
import { type Generated, generate } from '../../inference/generated.ts'
import { gibbsSampler } from '../../inference/gibbs-sampler.ts'
import type { MetricKind } from '../../inference/metric.ts'
import { mixedSampler } from '../../inference/mixed.ts'
import type { Outcome } from '../../inference/outcome.ts'
import { flatBuffers, fromProgram } from '../../inference/program-density.ts'
import { withQuantities } from '../../inference/reported.ts'
import { freePart, type Restriction, restrict, widen } from '../../inference/restrict.ts'
import type { Sampler } from '../../inference/sampler.ts'
import { stillSampler } from '../../inference/still-sampler.ts'
import type { Graph } from '../../ir/graph.ts'
import { complete } from './complete.ts'
import { startingPoint } from './start.ts'

/** A sampling program and what is needed to give it values: plain data, so that it can be written into a module. */
export interface SamplingParts {
  readonly program: SamplingProgram
  /** What a sampler's steps need of the program's graph: energy, gradients and, beside discrete states, values. */
  readonly steps: Graph
  readonly defaults: readonly Default[]
  readonly inverses: readonly Inverse[]
  /** Lets to report besides the states. */
  readonly reports: readonly Report[]
}

export type SamplerName = 'auto' | 'nuts' | 'langevin' | 'gibbs' | 'exact'

export interface RunSampleOptions extends Pick<ChainOptions, 'signal' | 'onProgress' | 'keepWarmup' | 'thin'> {
  readonly sampler?: SamplerName
  /** T of exp(-E/T); 1. */
  readonly temperature?: number
  readonly seed?: number
  readonly chains?: number
  readonly warmup?: number
  readonly draws?: number
  readonly metric?: MetricKind
  /** Target acceptance of NUTS; 0.8. */
  readonly delta?: number
  /** Deepest tree of NUTS; 10. */
  readonly depth?: number
}

export interface Sampled {
  readonly sampler: Exclude<SamplerName, 'auto'> | 'nuts within gibbs'
  readonly draws: Draws
  /** Posteriors of the discrete states that were summed out, averaged over the draws: over their axes and the level axis. */
  readonly responsibilities: Generated['responsibilities']
  readonly summary: readonly SummaryRow[]
  readonly warnings: readonly SamplingWarning[]
  /** How each chain ended. */
  readonly outcomes: readonly Outcome[]
  readonly tuning: readonly ChainResult['tuning'][]
}

/** Draws from exp(-E/T) given what is bound, by the sampler that fits the program. */
export function runSample(parts: SamplingParts, target: Target, given: Bound, options: RunSampleOptions): Checked<Sampled> {
  const { program } = parts
  const bound = { ...given, sizes: madeSizes(program.axes, given.sizes) }
  const diagnostics: Diagnostic[] = [...oneObservation(bound)]
  const completed = complete(program.fixed, parts.defaults, bound, target)
  diagnostics.push(...completed.diagnostics)
  const sampler = choose(program, bound, options, diagnostics)
  if (completed.value === undefined || sampler === undefined || hasErrors(diagnostics)) return { diagnostics }
  const fixed = completed.value.set('temperature', Float64Array.of(options.temperature ?? 1))
  const key = keyFromSeed(options.seed ?? 1)
  const value =
    sampler === 'exact' && program.states.length + program.discrete.length > 0
      ? ancestral(parts, target, bound, fixed, key, options)
      : markov(parts, target, bound, fixed, key, sampler, options, diagnostics)
  return value === undefined || hasErrors(diagnostics) ? { diagnostics } : { value, diagnostics }
}

/** The sampler asked for, or the one that fits; undefined (with a diagnostic) when it cannot do this program. */
function choose(
  program: SamplingProgram,
  bound: Bound,
  { sampler = 'auto', temperature = 1 }: RunSampleOptions,
  diagnostics: Diagnostic[],
): Sampled['sampler'] | undefined {
  const continuous = program.states.length > 0
  const discrete = program.discrete.length > 0
  const fromFront =
    'graph' in program.ancestral && temperature === 1 && Object.keys(bound.observed).length === 0 && Object.keys(bound.cues).length === 0
  const refuse = (why: string, hint: string): undefined => {
    diagnostics.push(diagnostic('AMP711', `The sampler ${sampler} cannot draw from this model: ${why}.`, { hint }))
    return undefined
  }
  const fits = !continuous && !discrete ? 'exact' : continuous && discrete ? 'nuts within gibbs' : continuous ? 'nuts' : 'gibbs'
  if (sampler === 'auto') return fromFront ? 'exact' : fits
  if (sampler === 'exact') {
    if (fits === 'exact' || fromFront) return 'exact'
    const why =
      'reason' in program.ancestral
        ? program.ancestral.reason
        : 'it draws everything from the front at temperature 1, with nothing observed or cued'
    return refuse(why.replace(/\.$/, ''), `Use --sampler ${fits === 'gibbs' ? 'gibbs' : 'nuts'}.`)
  }
  if (sampler === 'gibbs')
    return !discrete ? refuse('no discrete state is left to move', 'Use --sampler nuts.') : continuous ? 'nuts within gibbs' : 'gibbs'
  if (!continuous) return refuse('it has no continuous state to move', 'Use --sampler gibbs.')
  if (discrete)
    return sampler === 'nuts'
      ? 'nuts within gibbs'
      : refuse('it also has discrete states', 'Use --sampler nuts, which alternates with Gibbs steps.')
  return sampler
}

function markov(
  parts: SamplingParts,
  target: Target,
  bound: Bound,
  fixed: ReadonlyMap<string, Float64Array>,
  key: Key,
  name: Sampled['sampler'],
  options: RunSampleOptions,
  diagnostics: Diagnostic[],
): Sampled | undefined {
  const { program } = parts
  const shared = new Map([...fixed, ...flatBuffers(program, bound.sizes)])
  // The moves of discrete states read the values of continuous ones where the program's graph leaves them.
  for (const state of program.discrete) shared.set(`value:${state.name}`, new Float64Array(sizeOf(state.axes, bound)))
  const executable = open(program.graph, target, bound, fixed, shared)
  for (const state of program.states) shared.set(`value:${state.name}`, must(executable.outputs.get(`value:${state.name}`), state.name))
  const stepping = open(parts.steps, target, bound, fixed, shared)
  const starts = Array.from({ length: Math.max(1, bound.count) }, (_, i) =>
    start(parts, target, bound, fixed, i, options.seed ?? 1, diagnostics),
  )
  if (hasErrors(diagnostics)) return undefined
  const density = withTerms(fromProgram(program, stepping), fromProgram(program, executable))
  const chains = sampleChains(
    (chain) => {
      const from = must(starts[chain % starts.length], 'start')
      return samplerFor(name, restrict(density, from.restriction), program, target, bound, shared, from, options)
    },
    key,
    options,
  )
  const widened = chains.map((chain) => widen(chain, must(starts[chain.chain % starts.length], 'start').restriction))
  const { draws: drawn, responsibilities } = generate(program, executable, bound.sizes, widened, key)
  const draws = reported(parts, drawn, target, bound, fixed)
  executable.dispose()
  stepping.dispose()
  const rows = summary(draws)
  return {
    sampler: name,
    draws,
    responsibilities,
    summary: rows,
    warnings: warnings(draws, rows, options.depth),
    outcomes: chains.map((c) => c.outcome),
    tuning: chains.map((c) => c.tuning),
  }
}

function samplerFor(
  name: Sampled['sampler'],
  density: LogDensity,
  program: SamplingProgram,
  target: Target,
  bound: Bound,
  shared: Map<string, Float64Array>,
  from: Start,
  options: RunSampleOptions,
): Sampler {
  const { temperature = 1 } = options
  const initial = from.cued ? { at: freePart(from.restriction.at, from.restriction.held) } : {}
  const nuts = () =>
    nutsSampler(density, {
      initial,
      ...(options.metric === undefined ? {} : { metric: options.metric }),
      ...(options.delta === undefined ? {} : { targetAcceptance: options.delta }),
      ...(options.depth === undefined ? {} : { maxDepth: options.depth }),
    })
  const fields = () => program.discrete.map((state) => discreteField(state, target, bound.sizes, shared))
  switch (name) {
    case 'exact':
      return stillSampler(density)
    case 'langevin':
      return langevinSampler(density, { initial })
    case 'gibbs':
      return gibbsSampler(fields(), { temperature, ...(from.discrete === undefined ? {} : { at: from.discrete }) })
    case 'nuts within gibbs':
      return mixedSampler(nuts(), gibbsSampler(fields(), { temperature, ...(from.discrete === undefined ? {} : { at: from.discrete }) }))
    default:
      return nuts()
  }
}

/** The terms are looked up by the whole program, at the last point that the steps evaluated. */
function withTerms(steps: LogDensity, whole: LogDensity): LogDensity {
  const last = new Float64Array(steps.dimension)
  const gradient = new Float64Array(steps.dimension)
  return {
    dimension: steps.dimension,
    evaluate(q, slope) {
      last.set(q)
      return steps.evaluate(q, slope)
    },
    terms() {
      whole.evaluate(last, gradient)
      return whole.terms?.() ?? []
    },
  }
}

function open(
  graph: Graph,
  target: Target,
  bound: Bound,
  fixed: ReadonlyMap<string, Float64Array>,
  shared: Map<string, Float64Array>,
): Executable {
  const known = new Set([...graph.inputs, ...graph.outputs].map((p) => p.name))
  const buffers = new Map([...shared].filter(([name]) => known.has(name)))
  const executable = target(graph, bound.sizes, { buffers, fixed: new Set([...fixed.keys()]) })
  for (const [name, value] of fixed) {
    const buffer = executable.inputs.get(name)
    if (buffer !== undefined && buffer !== value) buffer.set(value)
    executable.touch(name)
  }
  return executable
}

interface Start {
  readonly restriction: Restriction
  /** Whether a cue says where to start; else the sampler finds a point. */
  readonly cued: boolean
  /** Values of the discrete states, one after the other. */
  readonly discrete: Float64Array | undefined
}

function start(
  parts: SamplingParts,
  target: Target,
  bound: Bound,
  fixed: ReadonlyMap<string, Float64Array>,
  i: number,
  seed: number,
  diagnostics: Diagnostic[],
): Start {
  const points = parts.program.states.map((state) => ({ state, ...startingPoint(parts, state, target, bound, fixed, i, seed) }))
  for (const { state, held } of points) {
    if (held.includes(1) && state.coordinateAxes.join() !== state.axes.join()) diagnostics.push(partial(state.name, state.type.kind))
  }
  const at = Float64Array.from(points.flatMap((p) => [...p.coordinates]))
  const held = Uint8Array.from(
    points.flatMap((p) => (p.held.length === p.coordinates.length ? [...p.held] : new Array<number>(p.coordinates.length).fill(0))),
  )
  const jumping = parts.program.discrete.map((state) => ({ state, ...startingPoint(parts, state, target, bound, fixed, i, seed) }))
  for (const { state, held: h } of jumping) if (h.includes(1)) diagnostics.push(partial(state.name, state.type.kind))
  const cued = Object.keys(bound.cues).length > 0
  return { restriction: { held, at }, cued, discrete: cued ? Float64Array.from(jumping.flatMap((p) => [...p.values])) : undefined }
}

function ancestral(
  parts: SamplingParts,
  target: Target,
  bound: Bound,
  fixed: ReadonlyMap<string, Float64Array>,
  key: Key,
  options: RunSampleOptions,
): Sampled {
  const program = parts.program.ancestral
  if (!('graph' in program)) throw new InternalError('not a directed model')
  const executable = target(program.graph, bound.sizes)
  for (const [name, buffer] of executable.inputs) {
    const value = fixed.get(name)
    if (value !== undefined) buffer.set(value)
  }
  const { chains = 4, draws: count = 1000 } = options
  const drawn = drawAncestral(program, executable, bound.sizes, fold(key, 'ancestral'), { chains, draws: count })
  const draws = reported(parts, drawn, target, bound, fixed)
  const rows = summary(draws)
  return {
    sampler: 'exact',
    draws,
    responsibilities: [],
    summary: rows,
    warnings: [],
    outcomes: draws.chains.map(() => ({ kind: 'finished' })),
    tuning: [],
  }
}

/** The draws with the lets that are to be reported. */
function reported(parts: SamplingParts, draws: Draws, target: Target, bound: Bound, fixed: ReadonlyMap<string, Float64Array>): Draws {
  const types = [...parts.program.states, ...parts.program.responsibilities, ...parts.program.discrete]
  const elements = new Set(types.filter((s) => s.type.kind === 'element').map((s) => s.name))
  const quantities = parts.reports.map(({ name, axes, graph }) => {
    const executable = target(graph, bound.sizes)
    for (const [input, buffer] of executable.inputs) buffer.set(fixed.get(input) ?? [])
    return { name, axes, executable, elements }
  })
  return withQuantities(draws, quantities, bound.sizes)
}

function oneObservation(bound: Bound): readonly Diagnostic[] {
  const many = Object.entries(bound.observed).find(([, batch]) => batch.count > 1)
  if (many === undefined) return []
  return [
    diagnostic('AMP502', `"${many[0]}" holds ${many[1].count} observations, but sampling conditions on one.`, {
      hint: 'Give one of them; retrieve takes many at once.',
    }),
  ]
}

function partial(name: string, kind: string): Diagnostic {
  return diagnostic('AMP511', `Some elements of "${name}" are observed and some are not.`, {
    expected: `all of "${name}" or nothing, since its elements (${kind}) cannot be sampled apart`,
  })
}

function sizeOf(axes: readonly string[], bound: Bound): number {
  return axes.reduce((product, axis) => product * must(bound.sizes[axis], `size of ${axis}`), 1)
}
