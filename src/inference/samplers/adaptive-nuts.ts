import { must } from '../../base/internal-error.ts'
import { defaults, type OptionsOf } from '../../middle/options.ts'
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
import { brokenOff } from './sampler.ts'

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

  const warmUp = (): Adaptation => {
    const setting = { ...adapting(options), warmup }
    return by === 'gradients' ? gradientWarmUp(metric, setting) : stanWarmUp(density, metric, setting)
  }

  function take(size: number | ChainFailure): ChainFailure | undefined {
    if (typeof size !== 'number') return size
    stepSize = size
    return undefined
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
      return given || density.dimension === 0 ? undefined : take(initialStepSize(density, metric, state, stepSize, stream))
    },
    step(warming, stream, stop) {
      if (!warming) settle()
      const info = algorithm.step(state, stepSize, stream, stop)
      if (info.brokenOff) return brokenOff
      record(statistics, info, state, stepSize)
      return warmingUp === undefined ? undefined : take(warmingUp.learn(info.acceptance, state, stream))
    },
    state: () => ({
      position: [...state.q],
      stepSize: [stepSize],
      inverseMetric: [...metric.inverse],
      ...(warmingUp === undefined ? {} : { warmup: [warmup], ...warmingUp.state() }),
    }),
    resume(saved) {
      state.q.set(must(saved.position, 'position'))
      stepSize = must(saved.stepSize?.[0], 'step size')
      metric.update(Float64Array.from(must(saved.inverseMetric, 'inverse metric')))
      warmup = saved.warmup?.[0] ?? 0
      warmingUp = warmup > 0 ? warmUp() : undefined
      warmingUp?.resume(saved)
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
