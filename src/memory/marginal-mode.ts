import { type Tensor, tensor } from '../base/tensor.ts'
import type { Marginalised } from '../middle/energy.ts'
import { levelValue } from '../middle/kinds.ts'

/**
 * The likeliest level of each element of a discrete state that was summed out, each by itself (the marginal modes, which
 * need not be the joint mode): from its posterior over its axes and, last, its levels. Of equal ones the first.
 */
export function marginalMode({ type }: Marginalised, posterior: Tensor): Tensor {
  const levels = posterior.shape.at(-1) ?? 1
  const data = Float64Array.from({ length: posterior.data.length / levels }, (_, i) =>
    levelValue(type, largestOf(posterior.data, i * levels, levels)),
  )
  return tensor(posterior.axes.slice(0, -1), posterior.shape.slice(0, -1), data)
}

/** The place, from 0, of the largest of `length` numbers from `from` on. */
function largestOf(data: Float64Array, from: number, length: number): number {
  let best = 0
  for (let k = 1; k < length; k += 1) if ((data[from + k] as number) > (data[from + best] as number)) best = k
  return best
}
