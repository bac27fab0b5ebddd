import { expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import { sparseCholesky } from '../../../src/inference/draws/sparse-cholesky.ts'
import { logDeterminant, placeIn, selectedInverse } from '../../../src/inference/fit/selected-inverse.ts'

/** B B' + n I with random zeros, by rows. */
function positive(n: number, density: number, stream: Stream): number[][] {
  const b = Array.from({ length: n }, () => Array.from({ length: n }, () => (stream.uniform() < density ? stream.normal() : 0)))
  return b.map((row, i) => b.map((other, j) => row.reduce((sum, v, k) => sum + v * (other[k] as number), i === j ? n : 0)))
}

/** By Gauss and Jordan, without pivoting: every pivot of a positive definite matrix is positive. */
function inverted(a: readonly (readonly number[])[]): { readonly inverse: readonly (readonly number[])[]; readonly logDet: number } {
  const n = a.length
  const rows = a.map((row, i) => [...row, ...row.map((_, j) => Number(i === j))])
  let logDet = 0
  for (let k = 0; k < n; k += 1) {
    const own = rows[k] as number[]
    const pivot = own[k] as number
    logDet += Math.log(pivot)
    for (let j = 0; j < 2 * n; j += 1) own[j] = (own[j] as number) / pivot
    rows.forEach((row, i) => {
      const factor = row[k] as number
      if (i !== k) for (let j = 0; j < 2 * n; j += 1) row[j] = (row[j] as number) - factor * (own[j] as number)
    })
  }
  return { inverse: rows.map((row) => row.slice(n)), logDet }
}

it.each([0, 1, 2, 3, 4, 5])('has the entries of the inverse at all places of the matrix: seed %i', (seed) => {
  const stream = new Stream(keyFromSeed(seed))
  const n = 2 + stream.integer(10)
  const a = positive(n, 0.25, stream)
  const places = a.flatMap((row, i) => row.flatMap((v, j) => (j <= i && v !== 0 ? [[i, j, v] as const] : [])))
  const column = (k: 0 | 1): Int32Array => Int32Array.from(places, (p) => p[k])
  const factor = sparseCholesky(n, column(0), column(1))
  expect(factor.factor(Float64Array.from(places, (p) => p[2]))).toBe(-1)
  const columns = factor.columns()
  const z = new Float64Array(columns.numbers.length)
  selectedInverse(columns, z)
  const { inverse, logDet } = inverted(a)
  expect(logDeterminant(columns)).toBeCloseTo(logDet, 10)
  for (const [i, j] of places) expect(z[placeIn(columns, i, j)]).toBeCloseTo(inverse[i]?.[j] as number, 12)
})

it('knows where the factor has nothing', () => {
  const factor = sparseCholesky(3, Int32Array.of(0, 1, 2, 2), Int32Array.of(0, 1, 2, 0))
  factor.factor(Float64Array.of(2, 2, 2, 1))
  expect([placeIn(factor.columns(), 1, 0), placeIn(factor.columns(), 2, 1)]).toEqual([-1, -1])
  expect(placeIn(factor.columns(), 2, 0)).toBeGreaterThan(0)
})
