import type { Stream } from '../base/random.ts'
import { drawBeta, drawLogGamma } from './draws.ts'

/** Matrices are row-major. A covariance that is not positive definite gives NaN. */
type Matrix = Float64Array

/** mu + L z. `mu`: a value per element, or one for all. */
export function drawMultiNormal(stream: Stream, [mu, sigma]: readonly [Float64Array, Matrix], size: number): Float64Array {
  return correlated(stream, sigma, size).map((v, i) => at(mu, i) + v)
}

/** mu + L z, for L given. */
export function drawMultiNormalCholesky(stream: Stream, [mu, lower]: readonly [Float64Array, Matrix], size: number): Float64Array {
  return times(lower, normals(stream, size)).map((v, i) => at(mu, i) + v)
}

/** A normal vector over the root of a chi square divided by its degrees of freedom. */
export function drawMultiStudent(
  stream: Stream,
  [nu, mu, sigma]: readonly [Float64Array, Float64Array, Matrix],
  size: number,
): Float64Array {
  const shape = 0.5 * (nu[0] as number)
  const scale = Math.exp(0.5 * (Math.log(shape) - drawLogGamma(stream, shape)))
  return correlated(stream, sigma, size).map((v, i) => at(mu, i) + scale * v)
}

/** Canonical partial correlations are beta variables. Lewandowski, Kurowicka and Joe (2009), section 2.4. */
export function drawLkjFactor(stream: Stream, eta: number, size: number): Matrix {
  const out = new Float64Array(size * size)
  for (let i = 0; i < size; i += 1) {
    let rest = 1
    for (let j = 0; j < i; j += 1) {
      const shape = eta + 0.5 * (size - 2 - j)
      const share = drawBeta(stream, shape, shape)
      out[i * size + j] = (2 * share - 1) * Math.sqrt(rest)
      rest *= 4 * share * (1 - share)
    }
    out[i * size + i] = Math.sqrt(rest)
  }
  return out
}

/** W = L A (L A)' with A as in Bartlett (1933). */
export function drawWishart(stream: Stream, nu: number, sigma: Matrix, size: number): Matrix {
  return squared(product(factor(sigma, size), bartlett(stream, nu, size), size), size)
}

/** The inverse of a Wishart matrix with the inverse scale: B B' with B = L A^-T. */
export function drawInverseWishart(stream: Stream, nu: number, sigma: Matrix, size: number): Matrix {
  const lower = factor(sigma, size)
  const a = bartlett(stream, nu, size)
  const b = new Float64Array(size * size)
  // Row i of B solves A b = row i of L.
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      let rest = lower[i * size + j] as number
      for (let k = 0; k < j; k += 1) rest -= (a[j * size + k] as number) * (b[i * size + k] as number)
      b[i * size + j] = rest / (a[j * size + j] as number)
    }
  }
  return squared(b, size)
}

/** M + L_rows Z L_columns'. `mu`: a value per element, or one for all. */
export function drawMatrixNormal(stream: Stream, [mu, rows, columns]: readonly [Matrix, Matrix, Matrix], n: number, p: number): Matrix {
  const [u, v] = [factor(rows, n), factor(columns, p)]
  const z = Float64Array.from({ length: n * p }, () => stream.normal())
  return Float64Array.from({ length: n * p }, (_, at_) => {
    const [i, j] = [Math.floor(at_ / p), at_ % p]
    let sum = 0
    for (let k = 0; k <= i; k += 1)
      for (let l = 0; l <= j; l += 1) sum += (u[i * n + k] as number) * (z[k * p + l] as number) * (v[j * p + l] as number)
    return at(mu, at_) + sum
  })
}

const at = (values: Float64Array, i: number): number => (values.length === 1 ? values[0] : values[i]) as number

function correlated(stream: Stream, sigma: Matrix, size: number): Float64Array {
  return times(factor(sigma, size), normals(stream, size))
}

function normals(stream: Stream, size: number): Float64Array {
  return Float64Array.from({ length: size }, () => stream.normal())
}

/** L z for a lower triangle. */
function times(lower: Matrix, z: Float64Array): Float64Array {
  return z.map((_, i) => {
    let sum = 0
    for (let j = 0; j <= i; j += 1) sum += (lower[i * z.length + j] as number) * (z[j] as number)
    return sum
  })
}

/** Lower triangular: roots of chi squares of nu, nu - 1, ... degrees of freedom, standard normals below. */
function bartlett(stream: Stream, nu: number, size: number): Matrix {
  const out = new Float64Array(size * size)
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) out[i * size + j] = stream.normal()
    out[i * size + i] = Math.sqrt(2) * Math.exp(0.5 * drawLogGamma(stream, 0.5 * (nu - i)))
  }
  return out
}

/** The Cholesky factor, from the lower triangle. */
function factor(matrix: Matrix, size: number): Matrix {
  const out = new Float64Array(size * size)
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let rest = matrix[i * size + j] as number
      for (let k = 0; k < j; k += 1) rest -= (out[i * size + k] as number) * (out[j * size + k] as number)
      out[i * size + j] = i === j ? Math.sqrt(rest > 0 ? rest : Number.NaN) : rest / (out[j * size + j] as number)
    }
  }
  return out
}

function product(a: Matrix, b: Matrix, size: number): Matrix {
  return Float64Array.from({ length: size * size }, (_, at_) => {
    let sum = 0
    for (let k = 0; k < size; k += 1) sum += (a[Math.floor(at_ / size) * size + k] as number) * (b[k * size + (at_ % size)] as number)
    return sum
  })
}

/** A A'. */
function squared(a: Matrix, size: number): Matrix {
  return Float64Array.from({ length: size * size }, (_, at_) => {
    const [i, j] = [Math.floor(at_ / size) * size, (at_ % size) * size]
    let sum = 0
    for (let k = 0; k < size; k += 1) sum += (a[i + k] as number) * (a[j + k] as number)
    return sum
  })
}
