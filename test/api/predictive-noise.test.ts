import { expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { givenOf } from '../../src/run/inputs.ts'

it('predictive draws have noise of their own in every row, draw and chain', async () => {
  const text = 'model m\ndata y[row]\nstate mu ~ normal(0, 2)\ny ~ normal(mu, 0.5)\n'
  const loaded = must(load({ name: 'm.amp', text }).value, 'model')
  const given = must(givenOf({ data: { y: [1.2, 0.1] } }).value, 'inputs')
  const options = { seed: 3, chains: 3, draws: 400, warmup: 200, predict: ['y'] }
  const { draws } = must((await sample(loaded, given, options)).value, 'draws')
  const noise = [1, 2].map((row) => {
    const mu = series(draws, 'mu')
    return series(draws, `y_rep[${row}]`).flatMap((chain, k) => Array.from(chain, (y, d) => (y - (mu[k]?.[d] as number)) / 0.5))
  })
  const all = noise.flat()
  // Rounded, so that one number of noise added to two values of mu is still one; of 2400 normal numbers hardly two agree so far.
  expect(new Set(all.map((z) => z.toFixed(9))).size).toBe(all.length)
  const product = (shift: number, a = noise[0] as number[], b = a): number =>
    a.slice(shift).reduce((s, z, i) => s + z * (b[i] as number), 0)
  // Products of independent standard normal numbers: 5.4 standard deviations of a sum of 1200 are passed once in 1e7 times.
  const limit = 5.4 * Math.sqrt(1200)
  for (const shift of [1, 2, 400, 800]) expect(Math.abs(product(shift))).toBeLessThan(limit)
  expect(Math.abs(product(0, noise[0], noise[1]))).toBeLessThan(limit)
  expect(Math.abs(product(0) - 1200)).toBeLessThan(5.4 * Math.sqrt(2 * 1200))
})
