import { must } from '../../base/internal-error.ts'
import { type DualAveraging, dualAveraging } from '../adaptation/dual-averaging.ts'
import { type InitialOptions, initialPoint } from '../chains/initial.ts'
import type { LogDensity } from '../density/density.ts'
import type { Block } from './block.ts'
import { type LangevinOptions, langevin } from './langevin.ts'

export interface AdaptiveLangevinOptions extends LangevinOptions {
  /** The variables that the coordinates are of. */
  readonly moves?: readonly string[]
  /** The step size to start from; 0.1. The unadjusted sampler keeps it. */
  readonly stepSize?: number
  /** The mean acceptance probability aimed at in warm-up; 0.574 (Roberts & Rosenthal 1998). */
  readonly targetAcceptance?: number
  readonly initial?: InitialOptions
}

export const langevinColumns = ['lp__', 'accept_stat__', 'stepsize__', 'divergent__'] as const

/** A Langevin chain. Adjusted, its step size is found in warm-up; unadjusted, it is what it was given. `lp__` is -E/T. */
export function langevinSampler(density: LogDensity, options: AdaptiveLangevinOptions = {}): Block {
  const { adjusted = true, targetAcceptance = 0.574, temperature = 1 } = options
  const algorithm = langevin(density, options)
  const state = algorithm.init(new Float64Array(density.dimension))
  const statistics = new Float64Array(langevinColumns.length)
  let stepSize = options.stepSize ?? 0.1
  let averaging: DualAveraging | undefined

  function move(x: Float64Array): void {
    const found = algorithm.init(x)
    state.x.set(found.x)
    state.gradient.set(found.gradient)
    state.energy = found.energy
  }

  const level = (): number => -state.energy / (temperature === 0 ? 1 : temperature)

  return {
    moves: options.moves ?? [],
    position: state.x,
    columns: langevinColumns,
    statistics,
    begin(warmup, stream) {
      const initial = initialPoint(density, stream, options.initial)
      if (initial.kind === 'failed') return initial
      move(initial.q)
      if (adjusted && warmup > 0) averaging = dualAveraging(targetAcceptance, stepSize)
      return undefined
    },
    step(warming, stream) {
      if (!warming && averaging !== undefined) {
        stepSize = averaging.average()
        averaging = undefined
      }
      const info = algorithm.step(state, stepSize, stream)
      statistics[0] = level()
      statistics[1] = info.acceptance
      statistics[2] = stepSize
      statistics[3] = info.divergent ? 1 : 0
      if (averaging !== undefined) stepSize = averaging.learn(info.acceptance)
      return undefined
    },
    state: () => ({
      position: [...state.x],
      stepSize: [stepSize],
      ...(averaging === undefined ? {} : { averaging: averaging.state() }),
    }),
    resume(saved) {
      move(Float64Array.from(must(saved.position, 'position')))
      stepSize = must(saved.stepSize?.[0], 'step size')
      averaging = saved.averaging === undefined ? undefined : dualAveraging(targetAcceptance, stepSize)
      averaging?.resume(saved.averaging ?? [])
    },
    place: (position) => move(Float64Array.from(position)),
    tuning: () => ({ stepSize }),
    refresh: () => algorithm.look(state),
    logDensity: level,
  }
}
