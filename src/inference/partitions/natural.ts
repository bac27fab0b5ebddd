import { exp } from '../../base/special/exponential.ts'
import { logBeta } from '../../base/special/log-beta.ts'
import { log as logOf } from '../../base/special/logarithm.ts'
import { lgamma, logBesselI } from '../../base/special/operations.ts'
import { drawBeta, drawLogGamma } from '../../families/numbers/gamma.ts'
import { drawVonMisesFisher } from '../../families/numbers/von-mises-fisher.ts'
import type { IntegratedForm } from '../../middle/partition-program.ts'
import { gaussianVectors } from './natural/gaussian-vectors.ts'
import { matrices, normalMatrices } from './natural/matrices.ts'
import { normalScales } from './natural/normal-scales.ts'
import type { NaturalForm, NaturalShape } from './natural-form.ts'

const LOG_2PI = logOf(2 * Math.PI)

/** Each form's natural parameters one statistic after the other, in the order of `integratedForms`. */
const naturals: Readonly<Record<IntegratedForm, (shape: NaturalShape) => NaturalForm>> = {
  gaussian: ({ groups: n }) => ({
    width: 2 * n,
    values: n,
    logIntegral(eta, at) {
      let [sum, product] = [0.5 * n * LOG_2PI, 1]
      for (let i = at; i < at + n; i += 1) {
        const precision = eta[i] as number
        const linear = eta[i + n] as number
        if (!(precision > 0)) return Number.NaN
        sum += (0.5 * linear * linear) / precision
        // One logarithm of several factors, as long as their product is an ordinary number.
        product *= precision
        if (product > 1e100 || product < 1e-100) {
          sum -= 0.5 * logOf(product)
          product = 1
        }
      }
      return sum - 0.5 * logOf(product)
    },
    draw(eta, at, stream, out) {
      for (let i = 0; i < n; i += 1) {
        const precision = eta[at + i] as number
        out[i] = (eta[at + n + i] as number) / precision + stream.normal() / Math.sqrt(precision)
      }
    },
  }),
  gaussian_vectors: gaussianVectors,
  gamma: ({ groups: n }) => ({
    width: 2 * n,
    values: n,
    logIntegral: (eta, at) => gammaIntegrals(eta, at, n, (log) => 1 - log),
    draw(eta, at, stream, out) {
      for (let i = 0; i < n; i += 1) out[i] = exp(drawLogGamma(stream, 1 - (eta[at + i] as number)) - logOf(eta[at + n + i] as number))
    },
  }),
  inverse_gamma: ({ groups: n }) => ({
    width: 2 * n,
    values: n,
    logIntegral: (eta, at) => gammaIntegrals(eta, at, n, (log) => log - 1),
    draw(eta, at, stream, out) {
      for (let i = 0; i < n; i += 1) out[i] = exp(logOf(eta[at + n + i] as number) - drawLogGamma(stream, (eta[at + i] as number) - 1))
    },
  }),
  beta: ({ groups: n }) => ({
    width: 2 * n,
    values: n,
    logIntegral(eta, at) {
      let sum = 0
      for (let i = at; i < at + n; i += 1) {
        const [a, b] = [1 - (eta[i] as number), 1 - (eta[i + n] as number)]
        if (!(a > 0 && b > 0)) return Number.NaN
        sum += logBeta(a, b)
      }
      return sum
    },
    draw(eta, at, stream, out) {
      for (let i = 0; i < n; i += 1) out[i] = drawBeta(stream, 1 - (eta[at + i] as number), 1 - (eta[at + n + i] as number))
    },
  }),
  dirichlet: ({ groups, members }) => ({
    width: groups * members,
    values: groups * members,
    logIntegral(eta, at) {
      let sum = 0
      for (let g = at; g < at + groups * members; g += members) {
        let total = 0
        for (let i = g; i < g + members; i += 1) {
          const alpha = 1 - (eta[i] as number)
          if (!(alpha > 0)) return Number.NaN
          total += alpha
          sum += lgamma(alpha)
        }
        sum -= lgamma(total)
      }
      return sum
    },
    draw(eta, at, stream, out) {
      for (let g = 0; g < groups * members; g += members) {
        let most = Number.NEGATIVE_INFINITY
        for (let i = g; i < g + members; i += 1) {
          out[i] = drawLogGamma(stream, 1 - (eta[at + i] as number))
          most = Math.max(most, out[i] as number)
        }
        let total = 0
        for (let i = g; i < g + members; i += 1) {
          out[i] = exp((out[i] as number) - most)
          total += out[i] as number
        }
        for (let i = g; i < g + members; i += 1) out[i] = (out[i] as number) / total
      }
    },
  }),
  von_mises_fisher: ({ groups, members }) => {
    const [half, order] = [members / 2, members / 2 - 1]
    // Without a pull every direction is as good: the area of the sphere.
    const area = Math.LN2 + half * logOf(Math.PI) - lgamma(half)
    return {
      width: groups * members,
      values: groups * members,
      logIntegral(eta, at) {
        let sum = 0
        for (let g = at; g < at + groups * members; g += members) {
          const kappa = lengthOf(eta, g, members)
          sum += kappa === 0 ? area : half * LOG_2PI + logBesselI(order, kappa) - order * logOf(kappa)
        }
        return sum
      },
      draw(eta, at, stream, out) {
        for (let g = 0; g < groups * members; g += members) {
          const kappa = lengthOf(eta, at + g, members)
          const mean = Float64Array.from({ length: members }, (_, i) =>
            kappa === 0 ? 1 / Math.sqrt(members) : -(eta[at + g + i] as number) / kappa,
          )
          out.set(drawVonMisesFisher(stream, mean, kappa), g)
        }
      },
    }
  },
  normal_gamma: (shape) => normalScales(shape, 1),
  normal_inverse_gamma: (shape) => normalScales(shape, -1),
  wishart: (shape) => matrices(shape, 1),
  inverse_wishart: (shape) => matrices(shape, -1),
  normal_wishart: (shape) => normalMatrices(shape, 1),
  normal_inverse_wishart: (shape) => normalMatrices(shape, -1),
}

export function naturalOf(form: IntegratedForm, shape: NaturalShape): NaturalForm {
  return naturals[form](shape)
}

/** Independent parameters beside each other. */
export function sideBySide(parts: readonly NaturalForm[]): NaturalForm {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  return {
    width: parts.reduce((sum, p) => sum + p.width, 0),
    values: parts.reduce((sum, p) => sum + p.values, 0),
    logIntegral(eta, at) {
      let [sum, from] = [0, at]
      for (const part of parts) {
        sum += part.logIntegral(eta, from)
        from += part.width
      }
      return sum
    },
    draw(eta, at, stream, out) {
      let [from, to] = [at, 0]
      for (const part of parts) {
        part.draw(eta, from, stream, out.subarray(to, to + part.values))
        from += part.width
        to += part.values
      }
    },
  }
}

function gammaIntegrals(eta: Float64Array, at: number, n: number, shapeOf: (log: number) => number): number {
  let sum = 0
  for (let i = at; i < at + n; i += 1) {
    const [shape, rate] = [shapeOf(eta[i] as number), eta[i + n] as number]
    if (!(shape > 0 && rate > 0)) return Number.NaN
    sum += lgamma(shape) - shape * logOf(rate)
  }
  return sum
}

function lengthOf(eta: Float64Array, from: number, members: number): number {
  let sum = 0
  for (let i = from; i < from + members; i += 1) sum += (eta[i] as number) * (eta[i] as number)
  return Math.sqrt(sum)
}
