import { expect, it } from 'vitest'
import { scalar } from '../../src/ir/scalar.ts'

it('keeps the functions with exponentials from overflowing and from losing digits', () => {
  expect([scalar.sigmoid(-800), scalar.sigmoid(800)]).toEqual([Math.exp(-800), 1])
  expect([scalar.softplus(800), scalar.softplus(-40)]).toEqual([800, Math.exp(-40)])
  expect([scalar.logcosh(1000), scalar.logcosh(-1000)]).toEqual([1000 - Math.LN2, 1000 - Math.LN2])
  // cosh x = 1 + x^2 / 2 + ...: the logarithm of the sum would be 0.
  expect(scalar.logcosh(1e-9)).toBeCloseTo(5e-19, 30)
})

it('says 1 for true and 0 for false, and compares infinities', () => {
  expect([scalar.less(1, 2), scalar.less(2, 2), scalar.less_equal(2, 2), scalar.equal(1, 2)]).toEqual([1, 0, 1, 0])
  expect(scalar.equal(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBe(1)
})

it('chooses without looking at the other branch', () => {
  expect([scalar.where(1, 2, Number.NaN), scalar.where(0, Number.NaN, 3)]).toEqual([2, 3])
})
