import { must } from '../../base/internal-error.ts'
import { fold, type Key, Stream } from '../../base/random.ts'
import { defaults, type OptionsOf } from '../../middle/options.ts'
import { farBetterMode } from '../adaptation/far-better-mode.ts'
import { gradientWarmUp, inverseFromGradient } from '../adaptation/gradient-warm-up.ts'
import { initialStepSize } from '../adaptation/initial-step-size.ts'
import { type MetricKind, metric as makeMetric } from '../adaptation/metric.ts'
import { stanWarmUp } from '../adaptation/stan-warm-up.ts'
import type { Adaptation } from '../adaptation/warm-up.ts'
import type { WindowSizes } from '../adaptation/windows.ts'
import { type InitialOptions, initialPoint } from '../chains/initial.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import type { LogDensity } from '../density/density.ts'
import type { Block } from './block.ts'
import { type NutsInfo, type NutsOptions, type NutsState, nuts } from './nuts.ts'
import { type BrokenOff, brokenOff, type Stop } from './sampler.ts'

export interface AdaptiveNutsOptions extends NutsOptions {
  /** The variables that the coordinates are of. */
  readonly moves?: readonly string[]
  /** As by default unless said. */
  readonly metric?: MetricName
  /** The inverse metric to start from; the identity, or what the first gradient says. */
  readonly inverseMetric?: Float64Array
  /** The step size to start from; 1. Without warm-up it is used as it is, or found by the heuristic when absent. */
  readonly stepSize?: number
  /** The mean acceptance probability aimed at in warm-up; 0.8. */
  readonly targetAcceptance?: number
  readonly initial?: InitialOptions
  readonly windows?: WindowSizes
  /** Whether warm-up starts anew from a mode that is better beyond doubt, where another random start leads to one. */
  readonly screened?: boolean
}

type MetricName = NonNullable<OptionsOf<'sample'>['metric']>

/** The kind of a metric, and whether warm-up finds it from gradients, too. */
const metrics: Record<Exclude<MetricName, 'auto'>, { readonly kind: MetricKind; readonly by: 'draws' | 'gradients' }> = {
  unit: { kind: 'unit', by: 'draws' },
  diagonal: { kind: 'diagonal', by: 'gradients' },
  'low-rank': { kind: 'low-rank', by: 'gradients' },
  dense: { kind: 'dense', by: 'draws' },
  stan: { kind: 'diagonal', by: 'draws' },
}

/** Beyond, directions would cost more than they save: each is read at every step, and they are found among fewer draws than there are of them. */
const MOST_FOR_DIRECTIONS = 100

function chosen(name: MetricName, dimension: number): Exclude<MetricName, 'auto'> {
  if (name !== 'auto') return name
  return dimension <= MOST_FOR_DIRECTIONS ? 'low-rank' : 'diagonal'
}

/** Stan's names of a step's numbers. */
export const nutsColumns = ['lp__', 'accept_stat__', 'stepsize__', 'treedepth__', 'n_leapfrog__', 'divergent__', 'energy__'] as const

/** A NUTS chain that finds its step size and its metric in warm-up. */
export function nutsSampler(density: LogDensity, options: AdaptiveNutsOptions = {}): Block {
  const { kind, by } = metrics[chosen(options.metric ?? defaults.metric, density.dimension)]
  const metric = makeMetric(kind, density.dimension)
  if (options.inverseMetric !== undefined) metric.update(options.inverseMetric)
  const algorithm = nuts(density, metric, options)
  const state = algorithm.init(new Float64Array(density.dimension))
  const statistics = new Float64Array(nutsColumns.length)
  let warmup = 0
  let warmingUp: Adaptation | undefined
  let stepSize = options.stepSize ?? 1
  let screening: Screening | undefined

  const warmUp = (): Adaptation => {
    const setting = { ...adapting(options), warmup }
    return by === 'gradients' ? gradientWarmUp(metric, setting) : stanWarmUp(density, metric, setting)
  }

  function take(size: number | ChainFailure): ChainFailure | undefined {
    if (typeof size !== 'number') return size
    stepSize = size
    return undefined
  }

  /** At one step of warm-up: a failure, a break, or nothing, where the chain goes on from here or from another mode. */
  function screen(stop: Stop | undefined): ChainFailure | BrokenOff | undefined {
    if (screening === undefined) return undefined
    if (screening.left > 0) {
      screening = { ...screening, left: screening.left - 1, highest: Math.max(screening.highest, state.logDensity) }
      return undefined
    }
    const { highest, spent, key } = screening
    const better = farBetterMode(density, { highest, spent, logDensity: state.logDensity, metric }, options.initial, key, stop)
    if (stop?.aborted === true) return brokenOff
    screening = undefined
    if (better === undefined) return undefined
    state.q.set(better)
    state.logDensity = density.evaluate(state.q, state.gradient)
    metric.update(by === 'gradients' ? inverseFromGradient(state.gradient) : makeMetric(kind, density.dimension).inverse)
    warmup -= screenedAfter(warmup)
    warmingUp = warmUp()
    return take(initialStepSize(density, metric, state, 1, new Stream(fold(key, 'step size'))))
  }

  function settle(): void {
    stepSize = warmingUp?.settled() ?? stepSize
    warmingUp = undefined
  }

  return {
    moves: options.moves ?? [],
    position: state.q,
    columns: nutsColumns,
    statistics,
    begin(steps, stream) {
      const initial = initialPoint(density, stream, options.initial)
      if (initial.kind === 'failed') return initial
      state.q.set(initial.q)
      this.refresh()
      warmup = steps
      if (warmup > 0 && by === 'gradients' && options.inverseMetric === undefined) metric.update(inverseFromGradient(state.gradient))
      if (warmup > 0) warmingUp = warmUp()
      const given = warmup === 0 && options.stepSize !== undefined
      const failure = given || density.dimension === 0 ? undefined : take(initialStepSize(density, metric, state, stepSize, stream))
      if (options.screened === true && density.dimension > 0 && isScreened(warmup, options)) {
        const key = { hi: Math.floor(stream.uniform() * 0x1_0000_0000), lo: Math.floor(stream.uniform() * 0x1_0000_0000) }
        screening = { left: screenedAfter(warmup), highest: Number.NEGATIVE_INFINITY, spent: 0, key }
      }
      return failure
    },
    step(warming, stream, stop) {
      if (!warming) settle()
      else {
        const ended = screen(stop)
        if (ended !== undefined) return ended
      }
      const info = algorithm.step(state, stepSize, stream, stop)
      if (info.brokenOff) return brokenOff
      record(statistics, info, state, stepSize)
      if (screening !== undefined) screening = { ...screening, spent: screening.spent + info.leapfrogs }
      return warmingUp === undefined ? undefined : take(warmingUp.learn(info.acceptance, state, stream))
    },
    state: () => ({
      position: [...state.q],
      stepSize: [stepSize],
      inverseMetric: [...metric.inverse],
      ...(warmingUp === undefined ? {} : { warmup: [warmup], ...warmingUp.state() }),
      ...(screening === undefined
        ? {}
        : { screening: [screening.left, screening.highest, screening.spent, screening.key.hi, screening.key.lo] }),
    }),
    resume(saved) {
      state.q.set(must(saved.position, 'position'))
      stepSize = must(saved.stepSize?.[0], 'step size')
      metric.update(Float64Array.from(must(saved.inverseMetric, 'inverse metric')))
      warmup = saved.warmup?.[0] ?? 0
      warmingUp = warmup > 0 ? warmUp() : undefined
      warmingUp?.resume(saved)
      const [left, highest = 0, spent = 0, hi = 0, lo = 0] = saved.screening ?? []
      screening = left === undefined ? undefined : { left, highest, spent, key: { hi, lo } }
      this.refresh()
    },
    place(position) {
      state.q.set(position)
      this.refresh()
    },
    tuning: () => ({ stepSize, metric: metric.kind, inverseMetric: metric.inverse.slice() }),
    refresh() {
      state.logDensity = density.evaluate(state.q, state.gradient)
    },
    logDensity: () => state.logDensity,
  }
}

/** What is known until a chain is compared with other starts: in how many steps that is, its highest log density so far, and its leapfrogs. */
interface Screening {
  readonly left: number
  readonly highest: number
  readonly spent: number
  readonly key: Key
}

/** Steps of warm-up after which a chain has come to its mode, with most of warm-up still to come. */
function screenedAfter(warmup: number): number {
  return Math.floor(warmup / 5)
}

/** A start that someone gave is kept, in whatever mode it is, and so is one near a memory; a metric that is given says nothing of the mode. */
function isScreened(warmup: number, { metric = defaults.metric, inverseMetric, initial = {} }: AdaptiveNutsOptions): boolean {
  const isDrawn = initial.at === undefined || initial.at.every(Number.isNaN)
  const isAnywhere = initial.around === undefined || initial.around.every((x) => x === 0)
  return warmup >= LEAST_SCREENED && metric !== 'unit' && inverseMetric === undefined && isDrawn && isAnywhere
}

/** A shorter warm-up has no time to start anew. */
const LEAST_SCREENED = 200

function adapting({ targetAcceptance = 0.8, stepSize = 1, windows }: AdaptiveNutsOptions) {
  return { targetAcceptance, stepSize, ...(windows === undefined ? {} : { windows }) }
}

/** In the order of `nutsColumns`. */
function record(out: Float64Array, info: NutsInfo, state: NutsState, stepSize: number): void {
  out[0] = state.logDensity
  out[1] = info.acceptance
  out[2] = stepSize
  out[3] = info.depth
  out[4] = info.leapfrogs
  out[5] = info.divergent ? 1 : 0
  out[6] = info.energy
}
