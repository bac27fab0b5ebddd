import { expect, test } from 'vitest'
import { load } from '../../../src/api/load.ts'
import { sample } from '../../../src/api/sample.ts'
import { must } from '../../../src/base/internal-error.ts'
import { givenOf } from '../../../src/run/inputs.ts'
import { marginals, posterior } from '../../inference/partitions/enumeration.ts'

const y = [-2.1, -1.2, 0.1, 1.4, 2.3]
const text = 'axis cluster ~ dp(1.3)\ndata y[row]\nstate z[row] : cluster\nmemory mu[cluster] ~ normal(0, 2)\ny ~ normal(mu[z], 0.8)'

test('how often two rows share an element is how likely they do', async () => {
  const loaded = must(load({ name: 'test', text }).value, 'model')
  const options = { chains: 2, draws: 3000, warmup: 200, seed: 3 }
  const { value } = await sample(loaded, must(givenOf({ data: { y } }).value, 'inputs'), { ...options, coclustering: true })
  const together = must(value?.partitions[0]?.together, 'shares')
  const block = (things: readonly number[]): number => marginals.normal(things.map((i) => y[i] as number), 0.8, 2) // biome-ignore format: one thought
  const all = [...posterior(y.length, { d: 0, alpha: 1.3 }, block)]
  for (const i of y.keys())
    for (const j of y.keys()) {
      const truth = all.reduce((sum, [key, p]) => (key[i] === key[j] ? sum + p : sum), 0)
      // Draws worth 4000 independent ones: 25 shares are all within 0.046 but for a probability of 1e-6 (Hoeffding's inequality).
      expect(Math.abs((together[i]?.[j] ?? Number.NaN) - truth)).toBeLessThan(0.046)
    }
  const { value: plain } = await sample(loaded, must(givenOf({ data: { y } }).value, 'inputs'), { ...options, draws: 10, warmup: 10 })
  expect(plain?.partitions[0]).not.toHaveProperty('together')
})
