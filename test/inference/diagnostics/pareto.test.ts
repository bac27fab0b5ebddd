import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import { pow } from '../../../src/base/special/pow.ts'
import { paretoShape } from '../../../src/inference/diagnostics/pareto.ts'

/** Logs of generalised Pareto numbers of shape k: the inverse of their distribution at uniform numbers. */
function logsOf(k: number, n: number, seed: number): Float64Array {
  const stream = new Stream(keyFromSeed(seed))
  return Float64Array.from({ length: n }, () => Math.log((pow(1 - stream.uniform(), -k) - 1) / k))
}

describe('the shape of the tail of weights', () => {
  // The estimate of shape k from the 380 largest of 16000 has the standard deviation (1 + k) / sqrt(380); within six of those.
  it.each([0.2, 0.5, 0.9, 1.5])('is that of the numbers: k = %d', (k) => {
    expect(Math.abs(paretoShape(logsOf(k, 16_000, 5)) - k)).toBeLessThan((6 * (1 + k)) / Math.sqrt(380))
  })

  it('does not depend on the scale', () => {
    const logs = logsOf(0.6, 2000, 7)
    expect(paretoShape(logs.map((l) => l + 700))).toBeCloseTo(paretoShape(logs), 10)
  })

  it('is none of weights that are all the same, and unknown of few', () => {
    expect(paretoShape(new Float64Array(1000).fill(-3))).toBe(Number.NEGATIVE_INFINITY)
    expect(paretoShape(Float64Array.of(1, 2, 3, 4))).toBeNaN()
  })
})
