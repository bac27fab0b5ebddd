import type { Stream } from '../../base/random.ts'
import { log } from '../../base/special/logarithm.ts'

/** An index with probability proportional to exp(logWeights): the largest of Gumbel-perturbed log weights. */
export function drawIndex(stream: Stream, logWeights: ArrayLike<number>): number {
  let best = 0
  let highest = Number.NEGATIVE_INFINITY
  for (let k = 0; k < logWeights.length; k += 1) {
    const height = (logWeights[k] as number) - log(stream.exponential())
    if (height > highest) {
      highest = height
      best = k
    }
  }
  return best
}

/** `values`, or one value repeated. */
export function spread(values: Float64Array, size: number): Float64Array {
  return values.length === size ? values : new Float64Array(size).fill(values[0] as number)
}
