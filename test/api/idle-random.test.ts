import { expect, test } from 'vitest'
import { givenOf } from '../../src/api/given.ts'
import { load } from '../../src/api/load.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'

const idleOf = async (text: string, data: object): Promise<readonly string[]> => {
  const model = must(load({ name: 'm.amp', text }).value, 'model')
  const given = must(givenOf({ data: { ...data } }).value, 'data')
  const options = { partitions: 'auxiliary', slots: 5, coclustering: true, chains: 1, warmup: 5, draws: 5 } as const
  return (await sample(model, given, options)).diagnostics.filter((d) => d.code === 'AMP727').map((d) => d.message.split(' ')[2] ?? '')
}

test('options of axes that grow have no effect where there is none, and are said to have none', async () => {
  expect(await idleOf('data y[i]\nstate m ~ normal(0, 1)\ny ~ normal(m, 1)', { y: [1, 2] })).toEqual([
    'partitions',
    'slots',
    'coclustering',
  ])
  const grown = 'axis c ~ dp(1)\ndata y[i]\nstate mu[c] ~ normal(0, 5)\nstate z[i] : c\ny ~ normal(mu[c = z], 1)'
  expect(await idleOf(grown, { y: [-3, 3, 2.9] })).toEqual([])
})
