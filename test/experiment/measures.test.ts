import { describe, expect, test } from 'vitest'
import {
  estimate,
  fitLine,
  furthest,
  furthestRelative,
  largestRise,
  mutualInformation,
  slopeFrom,
  smallestRise,
} from '../../src/experiment/measures.ts'

describe('measures of experiments', () => {
  test('a mean and its standard error', () => {
    // Variance of 1, 2, 3, 6 about 3 is 14/3.
    const { value, error } = estimate([1, 2, 3, 6])
    expect(value).toBe(3)
    expect(error).toBeCloseTo(Math.sqrt(14 / 3 / 4), 14)
  })

  test('a line through points, and how much of them it explains', () => {
    const exact = fitLine([0, 1, 5].map((x) => ({ x, y: 3 - 2 * x })))
    expect([exact.slope, exact.intercept, exact.r2].map((v) => v.toFixed(12))).toEqual([
      '-2.000000000000',
      '3.000000000000',
      '1.000000000000',
    ])
    // By hand: means 1 and 1; sums of squares 2 of x, 6 of y, of products 3.
    const { slope, intercept, r2 } = fitLine([
      { x: 0, y: 0 },
      { x: 1, y: 0 },
      { x: 2, y: 3 },
    ])
    expect(slope).toBeCloseTo(1.5, 14)
    expect(intercept).toBeCloseTo(-0.5, 14)
    expect(r2).toBeCloseTo(0.75, 14)
  })

  test('differences and rises, which no NaN gets through', () => {
    expect(furthest([1, 2, 3], [1, 2.5, 2])).toBe(1)
    expect(furthest([1, Number.NaN, 3], [1, 2, 9])).toBeNaN()
    expect(furthest([1], [1, 2])).toBeNaN()
    expect(largestRise([5, 3, 4, 1])).toBe(1)
    expect(largestRise([5, 3, 1])).toBe(-2)
    expect(smallestRise([1, 4, 5])).toBe(1)
    expect(smallestRise([1, Number.NaN, 5, 6])).toBeNaN()
  })

  test('relative differences, and slopes exact for fourth degrees', () => {
    expect(furthestRelative([11, 0.5], [9, 0])).toBeCloseTo(0.5, 14)
    expect(furthestRelative([13, 0.1], [9, 0])).toBeCloseTo(0.4, 14)
    expect(furthestRelative([1], [1, 2])).toBeNaN()
    const f = (x: number): number => 3 * x ** 4 - x ** 3 + 2 * x
    expect(slopeFrom([f(1), f(1.5), f(2.5), f(3)], 0.5)).toBeCloseTo(12 * 8 - 3 * 4 + 2, 10)
  })

  test('mutual information of groupings', () => {
    expect(mutualInformation([1, 1, 2, 2], [7, 7, 5, 5])).toBeCloseTo(1, 14)
    expect(mutualInformation([1, 1, 2, 2], [1, 2, 1, 2])).toBeCloseTo(0, 14)
    // Entropies log 2 and 1.5 log 2, together 1.5 log 2: 2 (log 2) / (2.5 log 2).
    expect(mutualInformation([1, 1, 2, 2], [1, 1, 2, 3])).toBeCloseTo(0.8, 14)
    expect(mutualInformation([1, 1], [2, 2])).toBe(1)
  })
})
