import type { Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { drawLogGamma } from './gamma.ts'

/** Matrices are row-major. A covariance that is not positive definite gives NaN. */
export type RowMajor = Float64Array

/** Normal numbers with a covariance. */
export function correlated(stream: Stream, sigma: RowMajor, size: number): Float64Array {
  return times(factor(sigma, size), normals(stream, size))
}

/** Independent standard normal numbers. */
export function normals(stream: Stream, size: number): Float64Array {
  return Float64Array.from({ length: size }, () => stream.normal())
}

/** L z for a lower triangle. */
export function times(lower: RowMajor, z: Float64Array): Float64Array {
  return z.map((_, i) => {
    let sum = 0
    for (let j = 0; j <= i; j += 1) sum += (lower[i * z.length + j] as number) * (z[j] as number)
    return sum
  })
}

/** Lower triangular: roots of chi squares of nu, nu - 1, ... degrees of freedom, standard normals below. */
export function bartlett(stream: Stream, nu: number, size: number): RowMajor {
  const out = new Float64Array(size * size)
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) out[i * size + j] = stream.normal()
    out[i * size + i] = Math.sqrt(2) * exp(0.5 * drawLogGamma(stream, 0.5 * (nu - i)))
  }
  return out
}

/** The Cholesky factor, from the lower triangle. */
export function factor(matrix: RowMajor, size: number): RowMajor {
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

/** A B. */
export function product(a: RowMajor, b: RowMajor, size: number): RowMajor {
  return Float64Array.from({ length: size * size }, (_, at_) => {
    let sum = 0
    for (let k = 0; k < size; k += 1) sum += (a[Math.floor(at_ / size) * size + k] as number) * (b[k * size + (at_ % size)] as number)
    return sum
  })
}

/** A A'. */
export function gram(a: RowMajor, size: number): RowMajor {
  return Float64Array.from({ length: size * size }, (_, at_) => {
    const [i, j] = [Math.floor(at_ / size) * size, (at_ % size) * size]
    let sum = 0
    for (let k = 0; k < size; k += 1) sum += (a[i + k] as number) * (a[j + k] as number)
    return sum
  })
}
