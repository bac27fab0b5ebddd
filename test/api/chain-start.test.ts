import { expect, test } from 'vitest'
import { openEnergy } from '../../src/api/energy.ts'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf } from '../../src/run/inputs.ts'

const data = { y: [0.1, -0.3, 2.2, 1.9, 2.1, 0.2], move: [[0.7, 0.3], [0.4, 0.6]], init: [0.95, 0.05] } // biome-ignore format: a table

const chain = (statements: string): string => `
data  y[t]
axis  regime = 2
axis  next = size(regime)
data  move[regime, next]
data  init[regime]
state mu[regime] ~ normal(0, 2)
state s[t] : regime
${statements}
y ~ normal(mu[s], 0.5)
`

/** The posterior on a grid: fine enough for integrals of Gaussian bumps of width 0.2 and more to be exact to 1e-4. */
test.each([
  ['a density of its first element', chain('s ~ markov[t](move)\ns[t = 1] ~ categorical(init)')],
  ['markov with a first state', chain('s ~ markov[t](move, init)')],
])('a chain that starts by %s is summed out: its posterior is that of the enumerated model', (_, text) => {
  const loaded = must(load({ name: 'm.amp', text }).value, 'model')
  const { value, diagnostics } = openEnergy(loaded, must(givenOf({ data }).value, 'data'))
  const energy = must(value, JSON.stringify(diagnostics))
  expect(energy.summedOut).toEqual(['s'])
  const sums = { weight: 0, first: 0, second: 0, start: 0 }
  for (let a = -3; a <= 5; a += 0.1) {
    for (let b = -3; b <= 5; b += 0.1) {
      const point = must(energy.at({ mu: [a, b] }).value, 'point')
      const weight = Math.exp(-(point.energy - 10))
      sums.weight += weight
      sums.first += weight * a
      sums.second += weight * b
      sums.start += weight * (point.responsibilities.s?.data[0] as number)
    }
  }
  energy.dispose()
  // By enumeration of the 64 chains on a grid of its own, to three decimals.
  expect(sums.first / sums.weight).toBeCloseTo(0.122, 2)
  expect(sums.second / sums.weight).toBeCloseTo(1.896, 2)
  expect(sums.start / sums.weight).toBeCloseTo(0.942, 2)
})
