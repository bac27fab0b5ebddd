import { exp } from '../../../base/special/exponential.ts'
import { log as logOf } from '../../../base/special/logarithm.ts'
import { lgamma } from '../../../base/special/operations.ts'
import { drawLogGamma } from '../../../families/numbers/gamma.ts'
import type { NaturalForm, NaturalShape } from '../natural-form.ts'

const LOG_2PI = logOf(2 * Math.PI)

/**
 * Means x with one scale v a group, E = a log v + b s + s (p x^2 / 2 - q x) summed over the members, where s is v to the `power` 1 (a
 * precision) or -1 (a variance). Integrated in turn: the means leave a gamma density of s (DeGroot 1970, section 9.6).
 * The numbers are a, b of the groups, then p, q of their members; the parameters are the scales, then the means.
 */
export function normalScales({ groups, members }: NaturalShape, power: 1 | -1): NaturalForm {
  const n = groups * members
  /** As density of s = v^power: s^(shape - 1) exp(-rate s). */
  const shapeOf = (a: number): number => (power === 1 ? 1 - a : a - 1) - members / 2
  return { width: 2 * (groups + n), values: groups + n, logIntegral, draw }

  function rateOf(eta: Float64Array, at: number, g: number): number {
    let rate = eta[at + groups + g] as number
    for (let i = at + 2 * groups + g * members; i < at + 2 * groups + (g + 1) * members; i += 1) {
      const linear = eta[i + n] as number
      rate -= (0.5 * linear * linear) / (eta[i] as number)
    }
    return rate
  }
  function logIntegral(eta: Float64Array, at: number): number {
    let sum = 0.5 * n * LOG_2PI
    for (let g = 0; g < groups; g += 1) {
      const [shape, rate] = [shapeOf(eta[at + g] as number), rateOf(eta, at, g)]
      if (!(shape > 0 && rate > 0)) return Number.NaN
      sum += lgamma(shape) - shape * logOf(rate)
    }
    for (let i = at + 2 * groups; i < at + 2 * groups + n; i += 1) {
      if (!((eta[i] as number) > 0)) return Number.NaN
      sum -= 0.5 * logOf(eta[i] as number)
    }
    return sum
  }
  function draw(eta: Float64Array, at: number, stream: Parameters<NaturalForm['draw']>[2], out: Float64Array): void {
    for (let g = 0; g < groups; g += 1) {
      const log = drawLogGamma(stream, shapeOf(eta[at + g] as number)) - logOf(rateOf(eta, at, g))
      out[g] = exp(power * log)
      for (let i = g * members; i < (g + 1) * members; i += 1) {
        const p = eta[at + 2 * groups + i] as number
        const q = eta[at + 2 * groups + n + i] as number
        out[groups + i] = q / p + stream.normal() * exp(-0.5 * (log + logOf(p)))
      }
    }
  }
}
