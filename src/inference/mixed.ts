import type { Stream } from '../base/random.ts'
import type { NutsSampler } from './adaptive-nuts.ts'
import type { GibbsSampler } from './gibbs-sampler.ts'
import type { Failure } from './outcome.ts'
import type { Sampler } from './sampler.ts'

/** Sweeps over the discrete states before it is given up to find values at which the energy is finite. */
const SWEEPS = 5

/**
 * Alternates a NUTS step over the continuous states given the discrete ones with a Gibbs step over the discrete states
 * given the continuous ones. Both must look at the same buffers: the density reads the discrete values, the fields'
 * `prepare` the values of the continuous states at the last point evaluated. The position is the coordinates followed
 * by the discrete values; `lp__` is that of the pair.
 */
export function mixedSampler(continuous: NutsSampler, discrete: GibbsSampler): Sampler {
  const size = continuous.position.length
  const position = new Float64Array(size + discrete.position.length)
  const own = discrete.columns.filter((c) => c !== 'lp__')
  const columns = [...continuous.columns, ...own]
  const statistics = new Float64Array(columns.length)

  function publish(): void {
    position.set(continuous.position)
    position.set(discrete.position, size)
    statistics.set(continuous.statistics)
    own.forEach((c, i) => {
      statistics[continuous.columns.length + i] = discrete.statistics[discrete.columns.indexOf(c)] as number
    })
  }

  /** Values drawn at random may be impossible together (nothing is seen where nothing is): a sweep makes them possible. */
  function possible(warmup: number, stream: Stream): Failure | undefined {
    let failure = continuous.begin(warmup, stream)
    for (let sweep = 0; failure !== undefined && sweep < SWEEPS; sweep += 1) {
      discrete.step(true, stream)
      failure = continuous.begin(warmup, stream)
    }
    return failure
  }

  return {
    position,
    columns,
    statistics,
    begin: (warmup, stream) => discrete.begin(warmup, stream) ?? possible(warmup, stream),
    step(warming, stream, stop) {
      const failure = continuous.step(warming, stream, stop)
      if (failure !== undefined) return failure
      // The last point evaluated is some point of the trajectory; the fields must see the one that was drawn.
      continuous.refresh()
      discrete.algorithm.refresh()
      // Broken off here, the continuous states have moved already; a sweep is short beside a trajectory, so it is not.
      discrete.step(warming, stream)
      continuous.refresh()
      publish()
      statistics[0] = continuous.logDensity()
      return undefined
    },
    state: () => ({ ...continuous.state(), ...discrete.state() }),
    resume(saved) {
      discrete.resume(saved)
      continuous.resume(saved)
    },
    tuning: () => continuous.tuning(),
  }
}
