import { expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import { heatCapacity, meanOf, susceptibility, varianceOf } from '../../../src/inference/diagnostics/thermal.ts'

/** Independent normal draws of mean 3 and standard deviation 2. */
function normals(seed: number): readonly Float64Array[] {
  const stream = new Stream(keyFromSeed(seed))
  return [0, 1, 2, 3].map(() => Float64Array.from({ length: 2500 }, () => 3 + 2 * stream.normal()))
}

it('knows its errors: of independent normal draws by closed forms', () => {
  const chains = normals(4)
  // 2 / sqrt(10^4), and 4 sqrt(2 / 10^4); effective sample sizes are within a tenth or two of the true ones.
  expect(meanOf(chains).error / 0.02).toBeCloseTo(1, 0)
  expect(varianceOf(chains).error / (4 * Math.sqrt(2e-4))).toBeCloseTo(1, 0)
  expect(Math.abs(varianceOf(chains).value - 4)).toBeLessThan(6 * varianceOf(chains).error)
  const [heat, answer] = [heatCapacity(chains, 2), susceptibility(chains, 2)]
  expect([heat.value * 4, heat.error * 4, answer.value * 2]).toEqual([
    varianceOf(chains).value,
    varianceOf(chains).error,
    varianceOf(chains).value,
  ])
})

it('has no error where nothing varied', () => {
  const still = [new Float64Array(10).fill(2), new Float64Array(10).fill(2)]
  expect([meanOf(still), varianceOf(still)]).toEqual([
    { value: 2, error: Number.NaN },
    { value: 0, error: Number.NaN },
  ])
})
