import { factorise } from '../../base/linear/cholesky.ts'
import { symmetricEigen } from '../../base/linear/eigen.ts'
import type { MatrixPart } from '../../base/linear/part.ts'
import { solveLowerTransposed } from '../../base/linear/substitution.ts'
import { log } from '../../base/special/logarithm.ts'

/** Draws or gradients, one after the other, row-major. */
export interface VectorRows {
  readonly numbers: Float64Array
  readonly count: number
}

/** A direction in which what is scaled varies more, or less, than 1. */
export interface MetricDirection {
  readonly variance: number
  /** Of length 1. */
  readonly along: Float64Array
}

/** Directions whose variance is within this factor of 1 are left as they are: steps hardly become longer by them (nutpie). */
const WORTH = 2

/** What is added to all variances, so that there is an estimate from few draws. */
const LEAST_VARIANCE = 1e-5

/** In more dimensions than this the directions are among those of draws and gradients. */
export const MOST_DIRECTIONS = 100

/**
 * The directions to add to a diagonal inverse metric D: of S, with D^1/2 S D^1/2 the covariance of least Fisher divergence. S is
 * the geometric mean of the covariance of the scaled draws and the inverse of that of the scaled gradients, the solution of
 * S cov(gradients) S = cov(draws): for a normal density its covariance, exactly, as soon as there are more draws than dimensions.
 * (Seyboldt, Carlson and Carpenter, as in `gradientVariances`; nutpie's low-rank modified mass matrix.)
 */
export function directionsOf(draws: VectorRows, gradients: VectorRows, diagonal: Float64Array): readonly MetricDirection[] {
  const n = diagonal.length
  const scale = diagonal.map(Math.sqrt)
  const x = centred(draws, n, (value, i) => value / (scale[i] as number))
  const g = centred(gradients, n, (value, i) => value * (scale[i] as number))
  const basis = n <= MOST_DIRECTIONS ? undefined : orthonormal([...x, ...g])
  const within = (rows: readonly Float64Array[]): readonly Float64Array[] =>
    basis === undefined ? rows : rows.map((row) => Float64Array.from(basis, (b) => dot(b, row)))
  const size = basis?.length ?? n
  const { values, vectors } = symmetricEigen(geometricMean(covariance(within(x), size), covariance(within(g), size), size), size)
  return [...values].flatMap((variance, k) => {
    if (!(variance > 0 && variance < Number.POSITIVE_INFINITY) || Math.abs(log(variance)) < log(WORTH)) return []
    const weights = Float64Array.from({ length: size }, (_, i) => vectors[i * size + k] as number)
    return [{ variance, along: basis === undefined ? weights : combined(basis, weights, n) }]
  })
}

function centred({ numbers, count }: VectorRows, n: number, scaled: (value: number, i: number) => number): readonly Float64Array[] {
  const mean = new Float64Array(n)
  for (let at = 0; at < count * n; at += 1) mean[at % n] = (mean[at % n] as number) + (numbers[at] as number) / count
  return Array.from({ length: count }, (_, k) =>
    Float64Array.from({ length: n }, (__, i) => scaled((numbers[k * n + i] as number) - (mean[i] as number), i)),
  )
}

function covariance(rows: readonly Float64Array[], n: number): Float64Array {
  const out = new Float64Array(n * n)
  for (const row of rows) {
    for (let i = 0; i < n; i += 1) {
      const weighted = (row[i] as number) / rows.length
      for (let j = 0; j < n; j += 1) out[i * n + j] = (out[i * n + j] as number) + weighted * (row[j] as number)
    }
  }
  for (let i = 0; i < n; i += 1) out[i * n + i] = (out[i * n + i] as number) + LEAST_VARIANCE
  return out
}

/** The S with S g S = x: with g = L L' and L' x L = V T V', it is W W' for W = L^-T V T^1/4. */
function geometricMean(x: Float64Array, g: Float64Array, n: number): Float64Array {
  const lower: MatrixPart = { data: g, at: 0, down: n, across: 1 }
  factorise(lower, n)
  for (let i = 0; i < n; i += 1) g.fill(0, i * n + i + 1, (i + 1) * n)
  const { values, vectors } = symmetricEigen(product(transpose(g, n), product(x, g, n), n), n)
  for (let k = 0; k < n * n; k += 1) vectors[k] = (vectors[k] as number) * Math.sqrt(Math.sqrt(Math.max(0, values[k % n] as number)))
  solveLowerTransposed(lower, { data: vectors, at: 0, down: n, across: 1 }, n, n)
  return product(vectors, transpose(vectors, n), n)
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < n; k += 1) {
      const weight = a[i * n + k] as number
      for (let j = 0; j < n; j += 1) out[i * n + j] = (out[i * n + j] as number) + weight * (b[k * n + j] as number)
    }
  }
  return out
}

function transpose(a: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => a[(k % n) * n + Math.floor(k / n)] as number)
}

/** Of the span of vectors, by Gram and Schmidt, twice over; those that add nothing are left out. */
function orthonormal(vectors: readonly Float64Array[]): readonly Float64Array[] {
  const basis: Float64Array[] = []
  for (const v of vectors) {
    const rest = v.slice()
    for (let pass = 0; pass < 2; pass += 1) for (const b of basis) addTo(rest, b, -dot(b, rest))
    const length = Math.sqrt(dot(rest, rest))
    if (length > 1e-8 * Math.sqrt(dot(v, v))) basis.push(rest.map((value) => value / length))
  }
  return basis
}

function combined(basis: readonly Float64Array[], weights: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n)
  basis.forEach((b, k) => {
    addTo(out, b, weights[k] as number)
  })
  return out
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number)
  return sum
}

function addTo(a: Float64Array, b: Float64Array, weight: number): void {
  for (let i = 0; i < a.length; i += 1) a[i] = (a[i] as number) + weight * (b[i] as number)
}
