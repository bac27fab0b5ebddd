import { log } from '../../base/special/logarithm.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import type { LogDensity, NoiseSource } from '../density/density.ts'
import { copy, hamiltonian, leapfrog, point } from '../samplers/leapfrog.ts'
import type { NutsState } from '../samplers/nuts.ts'
import type { Metric } from './metric.ts'

/**
 * A step size of about the right order: doubled or halved from `from` until one leapfrog step's acceptance probability
 * crosses 0.8, each time with a fresh momentum (Hoffman & Gelman 2014, algorithm 4, with Stan's threshold).
 */
export function initialStepSize(
  density: LogDensity,
  metric: Metric,
  state: NutsState,
  from: number,
  stream: NoiseSource,
): number | ChainFailure {
  const z = point(density.dimension)
  const crosses = log(0.8)
  const gain = (size: number): number => {
    copy(state.q, z.q)
    copy(state.gradient, z.gradient)
    z.logDensity = state.logDensity
    metric.draw(z.p, stream)
    metric.velocity(z.p, z.v)
    const before = hamiltonian(z)
    leapfrog(density, metric, z, size)
    return before - hamiltonian(z)
  }
  const larger = gain(from) > crosses
  let size = from
  while (gain(size) > crosses === larger) {
    size *= larger ? 2 : 0.5
    if (size > 1e7)
      return {
        kind: 'failed',
        sentence: 'Steps of any size are accepted: the density does not fall off in some direction, so it cannot be sampled.',
      }
    if (size < 1e-300)
      return {
        kind: 'failed',
        sentence: 'No step is small enough to be accepted: the density is not continuous at the starting point, or its gradient is wrong.',
      }
  }
  return size
}
