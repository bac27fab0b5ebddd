import { expect, it } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { given, loadedOf, numbersOf, ways } from './setting.ts'

/** Two layers of weights, and beside them a memory that grows. */
const models = ['', 'memory seen[pattern, p]\nwrite  seen[pattern = new] = x'].map((more) =>
  loadedOf(`model deep
param  s : positive ~ exponential(2)
memory V[g, h] ~ normal(0, 1)
memory W[h, p] ~ normal(0, 1)
axis   g = 2
axis   h = 3
state  b[g] ~ normal(0, 1) from normal(0, 0.5)
state  a[h] ~ normal(sum[g](relu(b) * V), 0.3) from normal(0, 0.5)
state  x[p] ~ normal(sum[h](relu(a) * W), 0.2 + s)
${more}`),
)

const patterns = [
  { x: [1, -1, 0.5], a: [0.3, 1, 0], b: [0.2, -1] },
  { x: [0.2, -0.4, 1.5] },
  { x: [-1, 0.2, Number.NaN], b: [1, 0.5] },
  { x: [0.3, 0.3, -1] },
  { x: [0.5, Number.NaN, 1] },
  { x: [-0.5, 1, 1], b: [0.1, 2] },
]

it.each(
  models,
)('retrieves what is not observed alike in a store that stays open and in one that is opened for each pattern', async (model) => {
  const stays = await must(ways['in memory'], 'way')(model)
  let anew = await must(ways['exported and imported'], 'way')(model)
  for (const pattern of patterns) {
    const observed = given({ observed: pattern })
    const [here, there] = [await stays.store.write(observed), await anew.store.write(observed)]
    expect(here.diagnostics).toEqual([])
    expect(here.value?.retrieved.patterns).toBe(pattern.a === undefined ? 1 : 0)
    expect(here.value?.logDensity).toBe(there.value?.logDensity)
    anew = await anew.again()
  }
  for (const { name } of stays.store.contents().memories) {
    const numbers = numbersOf(stays.store, name)
    if (numbers !== undefined) expect(numbersOf(anew.store, name), name).toEqual(numbers)
  }
  const parameter = 'precision stored of W'
  expect(numbersOf(stays.store, parameter)).toEqual(numbersOf(anew.store, parameter))
  expect(numbersOf(stays.store, parameter)).not.toContain(Number.NaN)
})

it.each(models)('the same of patterns that are written together', async (model) => {
  const [first, ...others] = patterns
  const of = others.filter((p) => p.b === undefined)
  const [one, all] = await Promise.all([1, 2].map(() => must(ways['in memory'], 'way')(model)))
  for (const kept of [one, all]) await kept?.store.write(given({ observed: must(first, 'pattern') }))
  for (const { x } of of) await one?.store.write(given({ observed: { x } }))
  await all?.store.write(given({ observed: { x: of.map((p) => p.x) } }))
  const parameters = [one, all].map((kept) => numbersOf(must(kept, 'store').store, 'linear stored of V'))
  expect(parameters[0]).toHaveLength(6)
  expect(parameters[0]).toEqual(parameters[1])
})
