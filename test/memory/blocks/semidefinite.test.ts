import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factorise, solve } from '../../../src/memory/blocks/semidefinite.ts'
import { Draw } from '../../compile/models.ts'

/** Sums of `rank` squares, less `down` others: by definition of that rank and those signs. */
function squares(n: number, rank: number, down: number, seed: number): { readonly matrix: Float64Array; readonly vectors: number[][] } {
  const draw = new Draw(seed)
  const vectors = Array.from({ length: rank + down }, (_, k) => draw.normals(`v${k}`, n))
  const matrix = new Float64Array(n * n)
  for (const [k, v] of vectors.entries()) {
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < n; j += 1)
        matrix[i * n + j] = (matrix[i * n + j] as number) + (k < rank ? 1 : -1) * (v[i] as number) * (v[j] as number)
  }
  return { matrix, vectors }
}

const times = (a: Float64Array, x: Float64Array): Float64Array =>
  x.map((_, i) => x.reduce((sum, v, j) => sum + (a[i * x.length + j] as number) * v, 0))

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, v, i) => sum + v * (b[i] as number), 0)

const shape = fc.integer({ min: 1, max: 7 }).chain((n) => fc.tuple(fc.constant(n), fc.nat(n), fc.nat(10_000)))

test('the shortest solution, of any rank and scale, and what is left along flat directions', () => {
  fc.assert(
    fc.property(shape, ([n, rank, seed]) => {
      const { matrix, vectors } = squares(n, rank, 0, seed)
      const draw = new Draw(seed)
      const units = draw.positives('units', n)
      const scaled = matrix.map((v, e) => v * (units[Math.floor(e / n)] as number) * (units[e % n] as number))
      const factor = factorise(scaled, n)
      expect(factor.indefinite).toBe(false)
      expect(factor.rank).toBe(rank)
      const [x, rest] = [new Float64Array(n), new Float64Array(n)]
      const within = times(scaled, Float64Array.from(draw.normals('b', n)))
      solve(factor, within, x, rest)
      const size = Math.max(1, ...within.map(Math.abs))
      // Random matrices of at most 7 rows are seldom worse conditioned than 1e5; 1e-16 times that, and some room.
      times(scaled, x).forEach((v, i) => {
        expect(Math.abs(v - (within[i] as number)) / size).toBeLessThan(1e-8)
      })
      expect(Math.max(0, ...rest.map(Math.abs)) / size).toBeLessThan(1e-8)
      // Shortest: made of the vectors that the matrix is made of alone, so that nothing of it is flat.
      expect(factor.flat).toHaveLength(n - rank)
      for (const flat of factor.flat) {
        expect(Math.abs(dot(flat, x)) / Math.max(1, ...x.map(Math.abs))).toBeLessThan(1e-8)
        for (const v of vectors)
          expect(
            Math.abs(
              dot(
                flat,
                v.map((c, i) => c * (units[i] as number)),
              ),
            ),
          ).toBeLessThan(1e-8)
      }
      // Along a flat direction there is no solution, and it is said.
      const [flat] = factor.flat
      if (flat === undefined) return
      solve(factor, flat, x, rest)
      expect(Math.max(...rest.map(Math.abs))).toBeGreaterThan(1e-8)
    }),
    { seed: 81, numRuns: 200 },
  )
})

test('a matrix with a negative square somewhere is told from one without', () => {
  fc.assert(
    fc.property(shape, fc.integer({ min: 1, max: 3 }), ([n, rank, seed], down) => {
      fc.pre(rank + down <= n)
      expect(factorise(squares(n, rank, down, seed).matrix, n).indefinite).toBe(true)
    }),
    { seed: 82, numRuns: 200 },
  )
  expect(factorise(Float64Array.of(0, 1, 1, 0), 2).indefinite).toBe(true)
  expect(factorise(Float64Array.of(0, 0, 0, 0), 2)).toMatchObject({ indefinite: false, rank: 0 })
})
