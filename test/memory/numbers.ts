import { expect } from 'vitest'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'

/** Standard normal numbers under a name. */
export function normals(name: string, n: number, scale = 1): Float64Array {
  const stream = new Stream(fold(keyFromSeed(11), name))
  return Float64Array.from({ length: n }, () => scale * stream.normal())
}

export function spins(name: string, n: number): Float64Array {
  const stream = new Stream(fold(keyFromSeed(12), name))
  return Float64Array.from({ length: n }, () => (stream.uniform() < 0.5 ? -1 : 1))
}

export function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores)
  const weights = scores.map((s) => Math.exp(s - most))
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((w) => w / total)
}

/** The same numbers, to `tolerance` relative to 1 + their size. */
export function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i += 1) {
    const off = Math.abs((actual[i] as number) - (expected[i] as number)) / (1 + Math.abs(expected[i] as number))
    expect(off, `entry ${i}: ${actual[i]} instead of ${expected[i]}`).toBeLessThanOrEqual(tolerance)
  }
}

/** Solves A x = b by Gaussian elimination with pivoting; A row by row. */
export function solve(A: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = b.length
  const M = A.map((row, i) => [...row, b[i] as number])
  for (let c = 0; c < n; c += 1) {
    const pivot = M.reduce((best, row, r) => (r >= c && Math.abs(row[c] as number) > Math.abs(M[best]?.[c] as number) ? r : best), c)
    ;[M[c], M[pivot]] = [M[pivot] as number[], M[c] as number[]]
    const lead = M[c] as number[]
    for (let r = c + 1; r < n; r += 1) {
      const row = M[r] as number[]
      const f = (row[c] as number) / (lead[c] as number)
      for (let k = c; k <= n; k += 1) row[k] = (row[k] as number) - f * (lead[k] as number)
    }
  }
  const x = new Array<number>(n).fill(0)
  for (let r = n - 1; r >= 0; r -= 1) {
    const row = M[r] as number[]
    let sum = row[n] as number
    for (let k = r + 1; k < n; k += 1) sum -= (row[k] as number) * (x[k] as number)
    x[r] = sum / (row[r] as number)
  }
  return x
}
