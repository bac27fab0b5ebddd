import { InternalError } from '../../base/internal-error.ts'
import { type ChainState, concatenated } from '../../inference/chain.ts'
import type { SampledChain } from './sample.ts'

/** An earlier stretch of a chain followed by what `run` draws from where it ended; as it is when it cannot go on. */
export function continued(earlier: SampledChain | undefined, run: (from?: ChainState) => SampledChain): SampledChain {
  if (earlier === undefined) return run()
  return earlier.state === undefined ? earlier : followed(earlier, run(earlier.state))
}

export function followed(earlier: SampledChain, later: SampledChain): SampledChain {
  const [a, b] = [earlier.draws, later.draws]
  if (a.count > 0 && b.count > 0 && a.values.length * b.count !== b.values.length * a.count) {
    throw new InternalError('stretches of a chain with different columns')
  }
  return {
    ...later,
    draws: {
      ...b,
      count: a.count + b.count,
      values: concatenated([a.values, b.values]),
      statistics: concatenated([a.statistics, b.statistics]),
    },
    sums: later.sums.map((sum, i) => sum.map((x, k) => x + (earlier.sums[i]?.[k] ?? 0))),
  }
}
