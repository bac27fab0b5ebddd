import { must } from '../../../base/internal-error.ts'
import { log } from '../../../base/special/logarithm.ts'
import { lgamma } from '../../../base/special/operations.ts'
import { draw as inverseWishart } from '../../../families/inverse_wishart.ts'
import { factor as factorOf } from '../../../families/numbers/matrices.ts'
import type { NaturalForm, NaturalShape } from '../natural-form.ts'

const [LOG_PI, LOG_2PI] = [log(Math.PI), log(2 * Math.PI)]

/**
 * Positive definite matrices S of d rows, E = c log|S| + tr(A P) with P = S (`power` 1: Wishart) or its inverse (-1: inverse Wishart). The
 * numbers are the c of all groups, then their A, row-major, of which the symmetric part counts.
 */
export function matrices({ groups, members }: NaturalShape, power: 1 | -1): NaturalForm {
  const d = Math.round(Math.sqrt(members))
  const work = wishart(d, power)
  return {
    width: groups * (1 + d * d),
    values: groups * d * d,
    logIntegral(eta, at) {
      let sum = 0
      for (let g = 0; g < groups; g += 1) {
        work.read(eta, at + groups + g * d * d)
        sum += work.logIntegral(eta[at + g] as number)
      }
      return sum
    },
    draw(eta, at, stream, out) {
      for (let g = 0; g < groups; g += 1) {
        work.read(eta, at + groups + g * d * d)
        work.draw(eta[at + g] as number, stream, out.subarray(g * d * d, (g + 1) * d * d))
      }
    },
  }
}

/**
 * Vectors x with such a matrix under them, E = c log|S| + tr(A P) + k x'P x / 2 - x'P q. Integrated in turn: the vectors leave a density of the
 * matrix with A - q q' / (2 k) (DeGroot 1970, section 9.10). The numbers are c, A, k and q of all groups; the parameters are the
 * matrices, then the vectors.
 */
export function normalMatrices({ groups, members }: NaturalShape, power: 1 | -1): NaturalForm {
  const d = Math.round(Math.sqrt(members))
  const work = wishart(d, power)
  const [ofA, ofK, ofQ] = [groups, groups * (1 + d * d), groups * (2 + d * d)]

  /** The c and the A of the matrix alone. */
  function alone(eta: Float64Array, at: number, g: number): number {
    work.read(eta, at + ofA + g * d * d)
    const k = eta[at + ofK + g] as number
    work.less(eta, at + ofQ + g * d, 2 * k)
    return (eta[at + g] as number) + power / 2
  }

  return {
    width: groups * (2 + d + d * d),
    values: groups * (d + d * d),
    logIntegral(eta, at) {
      let sum = 0.5 * groups * d * LOG_2PI
      for (let g = 0; g < groups; g += 1) {
        const k = eta[at + ofK + g] as number
        if (!(k > 0)) return Number.NaN
        sum += work.logIntegral(alone(eta, at, g)) - 0.5 * d * log(k)
      }
      return sum
    },
    draw(eta, at, stream, out) {
      for (let g = 0; g < groups; g += 1) {
        const k = eta[at + ofK + g] as number
        const covariance = work.draw(alone(eta, at, g), stream, out.subarray(g * d * d, (g + 1) * d * d))
        const lower = factorOf(covariance, d)
        const z = Float64Array.from({ length: d }, () => stream.normal() / Math.sqrt(k))
        for (let i = 0; i < d; i += 1) {
          let x = (eta[at + ofQ + g * d + i] as number) / k
          for (let j = 0; j <= i; j += 1) x += (lower[i * d + j] as number) * (z[j] as number)
          out[groups * d * d + g * d + i] = x
        }
      }
    },
  }
}

/** One matrix, in numbers that are kept. */
function wishart(d: number, power: 1 | -1) {
  const matrix = new Float64Array(d * d)
  const lower = new Float64Array(d * d)
  const degreesOf = (c: number): number => power * (d + 1 - 2 * c)
  return {
    read(eta: Float64Array, at: number): void {
      for (let i = 0; i < d; i += 1)
        for (let j = 0; j < d; j += 1) matrix[i * d + j] = 0.5 * ((eta[at + i * d + j] as number) + (eta[at + j * d + i] as number))
    },
    /** Takes q q' / by away. */
    less(eta: Float64Array, at: number, by: number): void {
      for (let i = 0; i < d; i += 1)
        for (let j = 0; j < d; j += 1)
          matrix[i * d + j] = (matrix[i * d + j] as number) - ((eta[at + i] as number) * (eta[at + j] as number)) / by
    },
    logIntegral(c: number): number {
      const half = degreesOf(c) / 2
      if (!(half > (d - 1) / 2)) return Number.NaN
      let sum = (d * (d - 1) * LOG_PI) / 4
      for (let i = 0; i < d; i += 1) {
        sum += lgamma(half - i / 2)
        for (let j = 0; j <= i; j += 1) {
          let rest = matrix[i * d + j] as number
          for (let l = 0; l < j; l += 1) rest -= (lower[i * d + l] as number) * (lower[j * d + l] as number)
          if (i === j && !(rest > 0)) return Number.NaN
          lower[i * d + j] = i === j ? Math.sqrt(rest) : rest / (lower[j * d + j] as number)
        }
        sum -= 2 * half * log(lower[i * d + i] as number)
      }
      return sum
    },
    /** Draws S into `out`, and gives the inverse of P: a covariance either way. */
    draw(c: number, stream: Parameters<NaturalForm['draw']>[2], out: Float64Array): Float64Array {
      const twice = matrix.map((v) => 2 * v)
      const covariance = must(inverseWishart.matrix, 'draws')(stream, [Float64Array.of(degreesOf(c)), twice], d, d)
      out.set(power === 1 ? inverse(covariance, d) : covariance)
      return covariance
    },
  }
}

/** By its Cholesky factor. */
function inverse(matrix: Float64Array, d: number): Float64Array {
  const lower = factorOf(matrix, d)
  // Column by column of L^-1, then its products.
  const root = new Float64Array(d * d)
  for (let column = 0; column < d; column += 1)
    for (let i = column; i < d; i += 1) {
      let rest = i === column ? 1 : 0
      for (let l = column; l < i; l += 1) rest -= (lower[i * d + l] as number) * (root[l * d + column] as number)
      root[i * d + column] = rest / (lower[i * d + i] as number)
    }
  return Float64Array.from({ length: d * d }, (_, at) => {
    const [i, j] = [Math.floor(at / d), at % d]
    let sum = 0
    for (let l = Math.max(i, j); l < d; l += 1) sum += (root[l * d + i] as number) * (root[l * d + j] as number)
    return sum
  })
}
