import { expect, test } from 'vitest'
import { type Loaded, load } from '../../src/api/load.ts'
import { verify } from '../../src/api/verify.ts'
import { must } from '../../src/base/internal-error.ts'

const modelOf = (process: string): Loaded => {
  const text = `axis cluster ~ ${process}\nmemory mu[cluster] ~ normal(0, 5)\nstate z : cluster\nstate x ~ normal(mu[z], 0.5)\n`
  return must(load({ name: 'm.amp', text }).value, 'model')
}

const law9 = async (loaded: Loaded) => {
  const { value } = await verify(loaded, { laws: [9], runs: 8, tfjs: false, emit: false })
  return must(value?.laws[0], 'law 9')
}

test.each(['dp(1.7)', 'pitman_yor(0.4, -0.2)'])('elements are taken as %s says, in any order', async (process) => {
  const law = await law9(modelOf(process))
  expect(law.counterexample).toBeUndefined()
  expect(law.checks.every((c) => c.cases > 0)).toBe(true)
})

test('shares by one process are not those of another', async () => {
  const { energy, ...rest } = modelOf('pitman_yor(0.4, 1)')
  // Its first argument, the discount, is taken for the concentration.
  const wrong = { ...rest, energy: { ...energy, opened: energy.opened.map((o) => ({ ...o, process: 'dp' as const, arguments: 1 })) } }
  expect((await law9(wrong)).counterexample).toBeDefined()
})
