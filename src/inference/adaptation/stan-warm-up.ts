import { must } from '../../base/internal-error.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import type { LogDensity, NoiseSource } from '../density/density.ts'
import type { NutsState } from '../samplers/nuts.ts'
import { dualAveraging } from './dual-averaging.ts'
import { initialStepSize } from './initial-step-size.ts'
import type { Metric } from './metric.ts'
import type { Adaptation, AdaptationOptions } from './warm-up.ts'
import { covariances, type Estimator, variances } from './welford.ts'
import { windows } from './windows.ts'

/** Stan's warm-up: the step size by dual averaging at every step, the metric from the draws of each window, at its end. */
export function stanWarmUp(density: LogDensity, metric: Metric, options: AdaptationOptions): Adaptation {
  const size = dualAveraging(options.targetAcceptance, options.stepSize)
  const estimator = estimatorFor(metric)
  const schedule = windows(options.warmup, options.windows)
  const last = schedule.ends.at(-1) ?? -1
  let iteration = -1

  function renewed(state: NutsState, from: number, stream: NoiseSource): number | ChainFailure {
    metric.update(estimator.estimate())
    estimator.restart()
    const renewedSize = initialStepSize(density, metric, state, from, stream)
    if (typeof renewedSize === 'number') size.restart(renewedSize)
    return renewedSize
  }

  return {
    learn(acceptance, state, stream) {
      iteration += 1
      const next = size.learn(acceptance)
      if (metric.kind === 'unit') return next
      if (iteration >= schedule.first && iteration <= last) estimator.add(state.q)
      return schedule.ends.includes(iteration) ? renewed(state, next, stream) : next
    },
    settled: () => size.average(),
    state: () => ({ iteration: [iteration], averaging: size.state(), estimate: estimator.state() }),
    resume(state) {
      iteration = must(state.iteration?.[0], 'iteration')
      size.resume(must(state.averaging, 'averaging'))
      estimator.resume(must(state.estimate, 'estimate'))
    },
  }
}

function estimatorFor(metric: Metric): Estimator {
  return metric.kind === 'dense' ? covariances(metric.dimension) : variances(metric.dimension)
}
