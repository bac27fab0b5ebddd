import { describe, expect, test } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { betaI, gammaP } from '../../src/base/special/incomplete.ts'
import { distribution as normal } from '../../src/families/normal.ts'
import { studentCdf } from '../../src/families/numbers/student.ts'
import { expectDistribution } from './goodness.ts'
import { type MatrixFamily, ruleOf } from './matrices.ts'

type Matrix = readonly (readonly number[])[]

const stream = (name: string): Stream => new Stream(fold(keyFromSeed(20240611), name))
const times = <T>(n: number, f: () => T): T[] => Array.from({ length: n }, f)
const flat = (x: Matrix): Float64Array => Float64Array.from(x.flat())
const rowsOf = (x: Float64Array, columns: number): Matrix =>
  Array.from({ length: x.length / columns }, (_, i) => [...x.subarray(i * columns, (i + 1) * columns)])
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)
/** a' X b */
const form = (a: readonly number[], x: Matrix, b = a): number =>
  dot(
    a,
    x.map((row) => dot(row, b)),
  )

/** By elimination; the matrices here need no pivots. */
function inverse(x: Matrix): Matrix {
  const n = x.length
  const rows = x.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  rows.forEach((top, i) => {
    const pivot = top[i] as number
    for (let c = 0; c < 2 * n; c += 1) top[c] = (top[c] as number) / pivot
    rows.forEach((row, r) => {
      const factor = row[i] as number
      if (r !== i) for (let c = 0; c < 2 * n; c += 1) row[c] = (row[c] as number) - factor * (top[c] as number)
    })
  })
  return rows.map((row) => row.slice(n))
}

const normalCdf = (x: number): number => normal.cdf(x, [0, 1])
const chiSquareCdf = (nu: number) => (x: number) => gammaP(nu / 2, x / 2)

const sigma: Matrix = [
  [2.1, -0.7, 0.4],
  [-0.7, 1.2, 0.5],
  [0.4, 0.5, 0.9],
]
const directions = [
  [1, 0, 0],
  [0, 0, 1],
  [1, -2, 0.5],
  [0.3, 1, 1],
]
const N = 20_000

function vectors(name: MatrixFamily, args: readonly Float64Array[]): readonly (readonly number[])[] {
  const s = stream(name)
  return times(N, () => [...must(ruleOf(name).sampleVector?.(s, args, 3), name)])
}

function squares(name: MatrixFamily, args: readonly Float64Array[], n: number): readonly Matrix[] {
  const s = stream(name)
  return times(N, () => rowsOf(must(ruleOf(name).sampleMatrix?.(s, args, n, n), name), n))
}

// Every comparison has the false-alarm rate of `expectDistribution`, 1e-7.
describe('draws', () => {
  const mu = [0.4, -1, 2]
  const centred = (x: readonly number[]): number[] => x.map((v, i) => v - (mu[i] as number))

  test('of multi_normal are normal in every direction, and their distances chi square', () => {
    const draws = vectors('multi_normal', [Float64Array.from(mu), flat(sigma)])
    for (const a of directions)
      expectDistribution(
        draws.map((x) => dot(a, centred(x)) / Math.sqrt(form(a, sigma))),
        normalCdf,
      )
    const precision = inverse(sigma)
    expectDistribution(
      draws.map((x) => form(centred(x), precision)),
      chiSquareCdf(3),
    )
  })

  test('of multi_normal_cholesky have the covariance of the factor', () => {
    const lower: Matrix = [
      [1.4, 0, 0],
      [-0.5, 1.1, 0],
      [0.3, 0.6, 0.8],
    ]
    const product = lower.map((a) => lower.map((b) => dot(a, b)))
    const draws = vectors('multi_normal_cholesky', [Float64Array.from(mu), flat(lower)])
    for (const a of directions)
      expectDistribution(
        draws.map((x) => dot(a, centred(x)) / Math.sqrt(form(a, product))),
        normalCdf,
      )
  })

  test('of multi_student_t are Student in every direction, and their distances F', () => {
    const nu = 2.6
    const draws = vectors('multi_student_t', [Float64Array.of(nu), Float64Array.from(mu), flat(sigma)])
    for (const a of directions) {
      expectDistribution(
        draws.map((x) => dot(a, centred(x)) / Math.sqrt(form(a, sigma))),
        (t) => studentCdf(t, nu),
      )
    }
    const precision = inverse(sigma)
    expectDistribution(
      draws.map((x) => form(centred(x), precision)),
      (q) => betaI(1.5, nu / 2, q / (q + nu)),
    )
  })

  test('of lkj_cholesky have beta correlations, and beta squares on the diagonal', () => {
    for (const [n, eta] of [
      [2, 0.7],
      [4, 1],
      [4, 2.3],
    ] as const) {
      const draws = squares('lkj_cholesky', [Float64Array.of(eta)], n)
      for (let i = 1; i < n; i += 1) {
        for (let j = 0; j < i; j += 1) {
          const shape = eta + (n - 2) / 2
          expectDistribution(
            draws.map((l) => dot(l[i] as number[], l[j] as number[])),
            (r) => betaI(shape, shape, (1 + r) / 2),
          )
        }
        expectDistribution(
          draws.map((l) => (l[i]?.[i] as number) ** 2),
          (v) => betaI(eta + (n - 1 - i) / 2, i / 2, Math.min(1, v)),
        )
      }
      for (const l of draws.slice(0, 100)) for (const row of l) expect(dot(row, row)).toBeCloseTo(1, 12)
    }
  })

  test('of wishart are chi square in every direction, and their inverses too', () => {
    const nu = 4.3
    const draws = squares('wishart', [Float64Array.of(nu), flat(sigma)], 3)
    const precision = inverse(sigma)
    for (const a of directions) {
      expectDistribution(
        draws.map((w) => form(a, w) / form(a, sigma)),
        chiSquareCdf(nu),
      )
      expectDistribution(
        draws.map((w) => form(a, precision) / form(a, inverse(w))),
        chiSquareCdf(nu - 2),
      )
    }
  })

  test('of inverse_wishart are inverses of chi squares in every direction', () => {
    const nu = 4.3
    const draws = squares('inverse_wishart', [Float64Array.of(nu), flat(sigma)], 3)
    const precision = inverse(sigma)
    for (const a of directions) {
      expectDistribution(
        draws.map((w) => form(a, inverse(w)) / form(a, precision)),
        chiSquareCdf(nu),
      )
      expectDistribution(
        draws.map((w) => form(a, sigma) / form(a, w)),
        chiSquareCdf(nu - 2),
      )
    }
  })

  test('of matrix_normal are normal in every pair of directions', () => {
    const mean: Matrix = [
      [1, -2],
      [0.5, 0],
      [3, 1],
    ]
    const across: Matrix = [
      [0.7, 0.5],
      [0.5, 1.9],
    ]
    const s = stream('matrix_normal')
    const args = [mean, sigma, across].map(flat)
    const draws = times(N, () => rowsOf(must(ruleOf('matrix_normal').sampleMatrix?.(s, args, 3, 2), 'matrix_normal'), 2))
    for (const a of directions) {
      for (const b of [
        [1, 0],
        [0, 1],
        [1, -1],
      ]) {
        const sd = Math.sqrt(form(a, sigma) * form(b, across))
        expectDistribution(
          draws.map((x) => (form(a, x, b) - form(a, mean, b)) / sd),
          normalCdf,
        )
      }
    }
  })
})
