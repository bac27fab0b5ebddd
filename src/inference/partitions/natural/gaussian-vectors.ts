import { log as logOf } from '../../../base/special/logarithm.ts'
import type { NaturalForm, NaturalShape } from '../natural-form.ts'

const LOG_2PI = logOf(2 * Math.PI)

/** Gaussian vectors, E = x'Px / 2 - h'x: the numbers are the matrices P of all groups, row-major, then their h. */
export function gaussianVectors({ groups, members: d }: NaturalShape): NaturalForm {
  const factor = new Float64Array(d * d)
  const solved = new Float64Array(d)
  const linearFrom = groups * d * d

  /** The factor of a group's P, and L^-1 h; the log of the product of its diagonal, not a number where there is none. */
  function factorise(eta: Float64Array, at: number, g: number): number {
    let log = 0
    for (let i = 0; i < d; i += 1) {
      let h = eta[at + linearFrom + g * d + i] as number
      for (let j = 0; j <= i; j += 1) {
        let rest = eta[at + (g * d + i) * d + j] as number
        for (let k = 0; k < j; k += 1) rest -= (factor[i * d + k] as number) * (factor[j * d + k] as number)
        if (i === j && !(rest > 0)) return Number.NaN
        factor[i * d + j] = i === j ? Math.sqrt(rest) : rest / (factor[j * d + j] as number)
        if (j < i) h -= (factor[i * d + j] as number) * (solved[j] as number)
      }
      const own = factor[i * d + i] as number
      solved[i] = h / own
      log += logOf(own)
    }
    return log
  }

  return {
    width: linearFrom + groups * d,
    values: groups * d,
    logIntegral(eta, at) {
      let sum = 0.5 * groups * d * LOG_2PI
      for (let g = 0; g < groups; g += 1) {
        sum -= factorise(eta, at, g)
        for (let i = 0; i < d; i += 1) sum += 0.5 * (solved[i] as number) * (solved[i] as number)
      }
      return sum
    },
    // L'(x - mean) is standard normal, and L' mean is L^-1 h.
    draw(eta, at, stream, out) {
      for (let g = 0; g < groups; g += 1) {
        factorise(eta, at, g)
        for (let i = d - 1; i >= 0; i -= 1) {
          let rest = (solved[i] as number) + stream.normal()
          for (let k = i + 1; k < d; k += 1) rest -= (factor[k * d + i] as number) * (out[g * d + k] as number)
          out[g * d + i] = rest / (factor[i * d + i] as number)
        }
      }
    },
  }
}
