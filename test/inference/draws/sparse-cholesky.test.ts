import { expect, test } from 'vitest'
import { fold, keyFromSeed, Stream } from '../../../src/base/random.ts'
import { sparseCholesky } from '../../../src/inference/draws/sparse-cholesky.ts'

/** A random matrix of whole numbers whose diagonal dominates, so that it is positive definite: most of the rest is 0. */
function randomMatrix(size: number, share: number, stream: Stream): number[][] {
  const a = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < i; j += 1) if (stream.uniform() < share) (a[i] as number[])[j] = (a[j] as number[])[i] = stream.integer(7) - 3
  return a.map((row, i) => row.with(i, 1 + row.reduce((sum, v) => sum + Math.abs(v), 0)))
}

/** All places of the lower triangle, those with 0 among them. */
function lower(size: number) {
  const at = Array.from({ length: size }, (_, i) => Array.from({ length: i + 1 }, (_, j) => [i, j] as const)).flat()
  return { at, rows: Int32Array.from(at, ([i]) => i), columns: Int32Array.from(at, ([, j]) => j) }
}

const numbersOf = (a: readonly (readonly number[])[], at: readonly (readonly [number, number])[]): Float64Array =>
  Float64Array.from(at, ([i, j]) => a[i]?.[j] as number)

test('A (L^-T L^-1 b) is b, for matrices of any pattern', () => {
  const stream = new Stream(fold(keyFromSeed(3), 'matrices'))
  for (let k = 0; k < 200; k += 1) {
    const size = 1 + stream.integer(12)
    const a = randomMatrix(size, stream.uniform(), stream)
    const { at, rows, columns } = lower(size)
    const factor = sparseCholesky(size, rows, columns)
    expect(factor.factor(numbersOf(a, at))).toBe(-1)
    const b = Float64Array.from({ length: size }, (_, i) => Math.cos(i))
    const x = b.slice()
    factor.solve(x)
    factor.solveTransposed(x)
    // A few roundings of numbers below 40.
    a.forEach((row, i) => {
      expect(row.reduce((sum, v, j) => sum + v * (x[j] as number), 0)).toBeCloseTo(b[i] as number, 12)
    })
  }
})

test('what was 0 before does not matter, bit for bit', () => {
  const stream = new Stream(fold(keyFromSeed(4), 'matrices'))
  const { at, rows, columns } = lower(9)
  const grown = sparseCholesky(9, rows, columns)
  for (const share of [0, 0.1, 0.9, 0.3]) {
    const numbers = numbersOf(randomMatrix(9, share, stream), at)
    const fresh = sparseCholesky(9, rows, columns)
    const [x, y] = [new Float64Array(9).fill(1), new Float64Array(9).fill(1)]
    for (const [factor, b] of [[grown, x], [fresh, y]] as const) { factor.factor(numbers); factor.solve(b); factor.solveTransposed(b) } // biome-ignore format: one line
    expect([...x]).toEqual([...y])
  }
})

test('numbers at one place are added up', () => {
  const factor = sparseCholesky(2, Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 0, 0, 1))
  expect(factor.factor(Float64Array.of(1, 3, 2, 10))).toBe(-1)
  const x = Float64Array.of(4, 2)
  factor.solve(x)
  // L = [2 0; 1 3].
  expect([...x]).toEqual([2, 0])
})

test('the row is said where a matrix stops being positive definite, and the next one is factored as ever', () => {
  const { at, rows, columns } = lower(3)
  const factor = sparseCholesky(3, rows, columns)
  expect(factor.factor(numbersOf([[1, 0, 0], [2, 4, 0], [0, 0, 1]], at))).toBe(1) // biome-ignore format: one line
  expect(factor.factor(numbersOf([[1, 0, 0], [Number.NaN, 4, 0], [0, 0, 1]], at))).toBe(1) // biome-ignore format: one line
  expect(factor.factor(numbersOf([[4, 0, 0], [2, 4, 0], [0, 0, 1]], at))).toBe(-1) // biome-ignore format: one line
  const x = Float64Array.of(2, 1, 5)
  factor.solve(x)
  expect([...x]).toEqual([1, 0, 5])
})
