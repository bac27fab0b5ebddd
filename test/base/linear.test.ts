import { describe, expect, it } from 'vitest'
import { factorise } from '../../src/base/linear/cholesky.ts'
import { pullFactor } from '../../src/base/linear/cholesky-gradient.ts'
import { symmetricEigen } from '../../src/base/linear/eigen.ts'
import { type MatrixPart, transposed } from '../../src/base/linear/part.ts'
import { subtractProduct } from '../../src/base/linear/product.ts'
import { solveLower, solveLowerTransposed } from '../../src/base/linear/substitution.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'

const stream = new Stream(keyFromSeed(20261130))

/** A matrix of random numbers, inside an array that is larger: rows and columns lie apart from each other. */
function random(rows: number, columns: number): MatrixPart {
  const [at, across, down] = [3, 2, 2 * columns + 1]
  return { data: Float64Array.from({ length: at + rows * down }, () => stream.normal()), at, down, across }
}

const element = ({ data, at, down, across }: MatrixPart, i: number, j: number): number => data[at + i * down + j * across] as number
const copied = (m: MatrixPart): MatrixPart => ({ ...m, data: m.data.slice() })
const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)

/** a a' + n I: eigenvalues lie within a factor of about 5. */
function positive(n: number): MatrixPart {
  const [a, x] = [random(n, n), random(n, n)]
  for (const i of range(n)) {
    for (const j of range(n)) {
      const dot = sum(range(n).map((k) => element(a, i, k) * element(a, j, k)))
      x.data[x.at + i * x.down + j * x.across] = dot + (i === j ? n : 0)
    }
  }
  return x
}

const lower = (m: MatrixPart, i: number, j: number): number => (j <= i ? element(m, i, j) : 0)
/** Below, on and above the size up to which nothing is taken apart, and where halves are of other sizes than tiles. */
const sizes = [0, 1, 2, 5, 16, 17, 24, 37, 66]

describe('a product that is taken off', () => {
  it.each([
    [1, 1, 1],
    [4, 8, 5],
    [6, 3, 300],
    [9, 13, 0],
    [7, 5, 257],
  ])('of %i by %i elements, sums over %i', (rows, columns, inner) => {
    const [a, b, before] = [random(rows, inner), transposed(random(columns, inner)), random(rows, columns)]
    const c = copied(before)
    subtractProduct(c, a, b, rows, columns, inner)
    for (const i of range(rows)) {
      for (const j of range(columns)) {
        const expected = element(before, i, j) - sum(range(inner).map((k) => element(a, i, k) * element(b, k, j)))
        // Rounding of sums of a few hundred numbers near 1.
        expect(element(c, i, j)).toBeCloseTo(expected, 11)
      }
    }
    const own = new Set(range(rows).flatMap((i) => range(columns).map((j) => c.at + i * c.down + j * c.across)))
    expect(c.data.filter((_, k) => !own.has(k))).toEqual(before.data.filter((_, k) => !own.has(k)))
  })

  it('of a lower triangle leaves what is above the diagonal alone', () => {
    const [a, before] = [random(10, 6), random(10, 10)]
    const [c, all] = [copied(before), copied(before)]
    subtractProduct(c, a, transposed(a), 10, 10, 6, true)
    subtractProduct(all, a, transposed(a), 10, 10, 6)
    for (const i of range(10)) for (const j of range(10)) expect(element(c, i, j)).toBe(element(j > i ? before : all, i, j))
  })
})

describe.each(sizes)('of %i rows', (n) => {
  const x = positive(n)
  const l = copied(x)
  factorise(l, n)

  it('a factor gives back its matrix, and reads and writes nothing above the diagonal', () => {
    for (const i of range(n)) {
      for (const j of range(n)) {
        if (j > i) expect(element(l, i, j)).toBe(element(x, i, j))
        // 1e-16 times the size of the matrix, a few times over.
        else
          expect(Math.abs(sum(range(j + 1).map((k) => element(l, i, k) * element(l, j, k))) - element(x, i, j))).toBeLessThan(
            1e-12 * (n + 1),
          )
      }
    }
  })

  it.each([1, 3, 8])('%i right sides are solved for, either way', (columns) => {
    const b = random(n, columns)
    const [z, w] = [copied(b), copied(b)]
    solveLower(l, z, n, columns)
    solveLowerTransposed(l, w, n, columns)
    for (const j of range(columns)) {
      for (const i of range(n)) {
        expect(sum(range(n).map((k) => lower(l, i, k) * element(z, k, j)))).toBeCloseTo(element(b, i, j), 11)
        expect(sum(range(n).map((k) => lower(l, k, i) * element(w, k, j)))).toBeCloseTo(element(b, i, j), 11)
      }
    }
  })

  /** The derivative of sum(g L) when one entry of the matrix moves is the adjoint there: L Phi(L^-1 dA L^-T), by hand. */
  it('the adjoint of the matrix is the transpose of how its factor moves', () => {
    const g = random(n, n)
    const pulled = copied(g)
    pullFactor(l, pulled, n)
    for (const [i, j] of n === 0 ? [] : [[0, 0] as const, [n - 1, 0] as const, [n - 1, n - 1] as const, [n >> 1, n >> 2] as const]) {
      const moved = factorMoved(l, n, i, j)
      const expected = sum(range(n).flatMap((r) => range(r + 1).map((c) => (moved[r * n + c] as number) * element(g, r, c))))
      expect(element(pulled, i, j)).toBeCloseTo(expected, 10)
    }
  })
})

/** How the factor moves when the entries (i, j) and (j, i) of its matrix do (Murray 2016, equation 7). */
function factorMoved(l: MatrixPart, n: number, i: number, j: number): Float64Array {
  const d: MatrixPart = { data: new Float64Array(n * n), at: 0, down: n, across: 1 }
  d.data[i * n + j] = 1
  d.data[j * n + i] = 1
  solveLower(l, d, n, n)
  solveLower(l, transposed(d), n, n)
  const half = (r: number, c: number): number => (c < r ? element(d, r, c) : c === r ? 0.5 * element(d, r, c) : 0)
  return Float64Array.from({ length: n * n }, (_, k) => sum(range(n).map((m) => lower(l, Math.floor(k / n), m) * half(m, k % n))))
}

it.each([3, 30])('has no factor from the first column on that does not exist, of %i', (n) => {
  const x = positive(n)
  const bad = n - 2
  x.data[x.at + bad * (x.down + x.across)] = -1
  factorise(x, n)
  expect(element(x, bad - 1, bad - 1)).toBeGreaterThan(0)
  for (const i of [bad, bad + 1]) expect(element(x, i, i)).toBeNaN()
})

describe.each([0, 1, 2, 9, 30])('a symmetric matrix of %i rows', (n) => {
  // Of two blocks, so that there are zeros off the diagonal from the start, and equal eigenvalues.
  const dense = Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n]
    const apart = i < n / 2 !== j < n / 2
    return apart ? 0 : Math.cos(1 + i + j) + (i === j ? 0.5 * i : 0)
  })

  it('is made of its eigenvectors, which are orthogonal to each other', () => {
    const { values, vectors } = symmetricEigen(dense.slice(), n)
    const v = (i: number, k: number): number => vectors[i * n + k] as number
    for (const i of range(n)) {
      for (const j of range(n)) {
        expect(sum(range(n).map((k) => v(i, k) * (values[k] as number) * v(j, k)))).toBeCloseTo(dense[i * n + j] as number, 11)
        expect(sum(range(n).map((k) => v(k, i) * v(k, j)))).toBeCloseTo(i === j ? 1 : 0, 12)
      }
    }
  })
})
