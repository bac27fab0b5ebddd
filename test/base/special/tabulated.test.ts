import { describe, expect, test } from 'vitest'
import { exp, log1p } from '../../../src/base/special/tabulated.ts'

/** Whole numbers stand for multiples of 2^-BITS. */
const BITS = 1200n
const ONE = 1n << BITS

/** A float of at least 2^-1100 and at most 2^1100, exactly. */
function fixed(x: number): bigint {
  const shift = BigInt(Math.floor(Math.log2(Math.abs(x)))) - 52n
  // Two steps, since 2^1100 itself is no float.
  const half = Number(shift / 2n)
  const digits = BigInt(x * 2 ** -half * 2 ** (half - Number(shift)))
  return digits * (1n << (BITS + shift))
}

/** exp x = (exp(x / 2^16))^(2^16), the inner one by its series. */
function exactExp(x: bigint): bigint {
  const small = x >> 16n
  let [term, sum] = [ONE, ONE]
  for (let n = 1n; term !== 0n && n < 200n; n += 1n) {
    term = (term * small) / (ONE * n)
    sum += term
  }
  for (let k = 0; k < 16; k += 1) sum = (sum * sum) >> BITS
  return sum
}

/** log(1 + x) = 2 artanh(x / (2 + x)), for 0 <= x <= 1. */
function exactLog1p(x: bigint): bigint {
  const z = (x * ONE) / (2n * ONE + x)
  const z2 = (z * z) >> BITS
  let [power, sum] = [z, 0n]
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n
    power = (power * z2) >> BITS
  }
  return 2n * sum
}

/** How far a float is from the exact number, in units of its last place. */
function unitsOff(found: number, exact: bigint): number {
  const unit = fixed(2 ** (Math.floor(Math.log2(found)) - 52))
  return Math.abs(Number(((fixed(found) - exact) * 1000n) / unit)) / 1000
}

/** Spread evenly by the golden ratio. */
function between(low: number, high: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => low + (high - low) * ((i * 0.6180339887498949) % 1))
}

describe('exp', () => {
  test.each([
    [-707, 707],
    [-100, 100],
    [-2, 2],
    [-0.002, 0.002],
  ])('is within 2 units in the last place between %d and %d', (low, high) => {
    for (const x of between(low, high, 500).filter((v) => v !== 0)) expect(unitsOff(exp(x), exactExp(fixed(x)))).toBeLessThan(2)
  })

  test('is 1 at 0, and what Math.exp says where numbers end', () => {
    expect([0, -0].map(exp)).toEqual([1, 1])
    for (const x of [-745.2, -740, -708.5, 709.5, 710, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
      expect(exp(x)).toBe(Math.exp(x))
    }
    // The last on either side that the table serves.
    for (const x of [-707.99, 707.99]) expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-15)
  })
})

describe('log1p', () => {
  test.each([
    [0, 1],
    [0, 0.01],
    [0, 1e-12],
  ])('is within 2 units in the last place between %d and %d', (low, high) => {
    for (const x of between(low, high, 500).filter((v) => v !== 0)) expect(unitsOff(log1p(x), exactLog1p(fixed(x)))).toBeLessThan(2)
  })

  test('is 0 at 0, log 2 at 1, and what Math.log1p says elsewhere', () => {
    expect([log1p(0), log1p(1)]).toEqual([0, Math.LN2])
    expect(log1p(5e-324)).toBe(5e-324)
    for (const x of [-2, -1, -0.5, 1.5, 1e300, Number.POSITIVE_INFINITY, Number.NaN]) expect(log1p(x)).toBe(Math.log1p(x))
  })
})
