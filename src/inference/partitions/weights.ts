import { exp } from '../../base/special/exponential.ts'
import type { Uniforms } from '../density/density.ts'

/** The place drawn from the first `count` log weights, which are made weights; -1 where none is above minus infinity. */
export function pickLog(weights: Float64Array, count: number, stream: Uniforms): number {
  let most = Number.NEGATIVE_INFINITY
  for (let k = 0; k < count; k += 1) if ((weights[k] as number) > most) most = weights[k] as number
  if (most === Number.NEGATIVE_INFINITY) return -1
  let total = 0
  for (let k = 0; k < count; k += 1) {
    const weight = exp((weights[k] as number) - most)
    // NaN is the log of nothing.
    total += weight > 0 ? weight : 0
    weights[k] = total
  }
  const u = stream.uniform() * total
  for (let k = 0; k < count; k += 1) if (u < (weights[k] as number)) return k
  return count - 1
}
