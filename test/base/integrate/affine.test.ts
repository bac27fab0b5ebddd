import { describe, expect, test } from 'vitest'
import { integrator } from '../../../src/base/integrate/adaptive.ts'
import { affineFlow } from '../../../src/base/integrate/affine.ts'
import { expm } from '../../../src/base/linear/expm.ts'

const n = 4
const matrix = Float64Array.of(-1, 0.5, 0, 0, -0.3, -0.7, 0.2, 0, 0, 0, -2, 0, 0, 0, 0, -3)
const constant = Float64Array.of(1, 2, -1, 0.5)
const ramp = Float64Array.of(0.1, -0.2, 0.3, 0.7)
const start = Float64Array.of(1, 2, 3, 4)

describe('an affine flow', () => {
  const flow = affineFlow({ length: n, matrix, constant, ramp, noise: Float64Array.of(0.5, 0, 1, 2) })

  test('takes apart what does not meet', () => {
    expect(flow.groups.map((g) => [...g])).toEqual([[0, 1, 2], [3]])
  })

  test.each([0.01, 1, 20])('is what adaptive steps come to, over %d', (elapsed) => {
    const steps = integrator(
      {
        length: n,
        rate(t, y, out) {
          for (let i = 0; i < n; i += 1) {
            let sum = (constant[i] as number) + (ramp[i] as number) * t
            for (let j = 0; j < n; j += 1) sum += (matrix[i * n + j] as number) * (y[j] as number)
            out[i] = sum
          }
        },
      },
      { method: 'explicit', relative: 1e-12, absolute: 1e-12, longest: Number.POSITIVE_INFINITY },
    )
    steps.begin(0, start)
    while (steps.t < elapsed) steps.step(elapsed)
    const out = new Float64Array(n)
    flow.advance(start, elapsed, out)
    for (let i = 0; i < n; i += 1) expect(Math.abs((out[i] as number) - (steps.y[i] as number))).toBeLessThan(1e-9)
  })

  test('two stretches are one', () => {
    const plain = affineFlow({ length: n, matrix, constant })
    const [half, twice, once] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
    plain.advance(start, 0.7, half)
    plain.advance(half, 1.1, twice)
    plain.advance(start, 1.8, once)
    for (let i = 0; i < n; i += 1) expect(twice[i]).toBeCloseTo(once[i] as number, 13)
  })

  /** The covariance of what `shake` adds, from its columns. */
  function covariance(elapsed: number): number[][] {
    const columns = Array.from({ length: n }, (_, k) => {
      const out = new Float64Array(n)
      flow.shake(
        elapsed,
        Float64Array.from({ length: n }, (__, i) => (i === k ? 1 : 0)),
        out,
      )
      return out
    })
    return Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (__, j) => columns.reduce((sum, c) => sum + (c[i] as number) * (c[j] as number), 0)),
    )
  }

  test.each([0.05, 3])('noise has the covariance of the integral of exp(A s) D exp(A s)^T, over %d', (elapsed) => {
    const squares = [0.25, 0, 1, 4]
    const plain = affineFlow({ length: n, matrix, constant: new Float64Array(n) })
    // The midpoint rule with Richardson's extrapolation: an error of order h^4.
    const integral = (count: number): number[][] => {
      const sum = Array.from({ length: n }, () => new Array<number>(n).fill(0))
      const h = elapsed / count
      for (let s = 0; s < count; s += 1) {
        for (let k = 0; k < n; k += 1) {
          const unit = Float64Array.from({ length: n }, (_, i) => (i === k ? 1 : 0))
          const column = new Float64Array(n)
          plain.advance(unit, (s + 0.5) * h, column)
          for (let i = 0; i < n; i += 1)
            for (let j = 0; j < n; j += 1) {
              const row = sum[i] as number[]
              row[j] = (row[j] as number) + h * (squares[k] as number) * (column[i] as number) * (column[j] as number)
            }
        }
      }
      return sum
    }
    const [coarse, fine] = [integral(200), integral(400)]
    covariance(elapsed).forEach((row, i) => {
      row.forEach((v, j) => {
        const [a, b] = [coarse[i]?.[j] as number, fine[i]?.[j] as number]
        expect(Math.abs(v - (4 * b - a) / 3)).toBeLessThan(1e-7)
      })
    })
  })
})

describe('exp of a matrix', () => {
  test('of a rotation, a nilpotent matrix, and one with large entries', () => {
    const turn = expm(Float64Array.of(0, -2, 2, 0), 2)
    expect(turn[0]).toBeCloseTo(Math.cos(2), 14)
    expect(turn[2]).toBeCloseTo(Math.sin(2), 14)
    expect([...expm(Float64Array.of(0, 3, 0, 0), 2)]).toEqual([1, 3, 0, 1])
    // [[-49, 24], [-64, 31]] (Moler and Van Loan 1978): exp from its eigenvalues -1 and -17.
    const [e1, e17] = [Math.exp(-1), Math.exp(-17)]
    const exact = [-2 * e1 + 3 * e17, 1.5 * e1 - 1.5 * e17, -4 * e1 + 4 * e17, 3 * e1 - 2 * e17]
    expm(Float64Array.of(-49, 24, -64, 31), 2).forEach((v, i) => {
      expect(v).toBeCloseTo(exact[i] as number, 11)
    })
  })
})
