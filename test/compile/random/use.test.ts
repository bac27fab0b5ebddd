import { describe, expect, test } from 'vitest'
import { askedOf } from '../../../src/compile/infer.ts'
import { treat } from '../../../src/compile/treat.ts'
import * as ports from '../../../src/middle/ports.ts'
import { energyOf } from '../models.ts'

const pattern = `
axis   cluster ~ dp(alpha)
param  alpha : positive = 1
memory mu[cluster, dim] ~ normal(0, 5)
state  z : cluster
state  x[dim] ~ normal(mu[z], 0.5)
`

test('tells one element a pattern from one a row, and what each element has', () => {
  expect(energyOf(pattern).random).toEqual([
    expect.objectContaining({ axis: 'cluster', process: 'dp', arguments: 1, form: 'pattern', pickers: ['z'], slots: ['mu'], refused: [] }),
  ])
  const rows = energyOf(`
axis   cluster ~ pitman_yor(0.2, 1)
state  tau[cluster] : positive ~ gamma(2, 2)
state  mu[cluster] ~ normal(0, 1 / sqrt(tau))
state  z[row] : cluster
state  w[other] : cluster
data   y[row]
y ~ normal(mu[z], 1 / sqrt(tau[z]))
`)
  expect(rows.random).toEqual([
    expect.objectContaining({ process: 'pitman_yor', arguments: 2, form: 'rows', pickers: ['z', 'w'], slots: ['tau', 'mu'], refused: [] }),
  ])
})

test('has its arguments among what the text says, and its weights among the states', () => {
  const energy = energyOf(pattern)
  expect(energy.written.outputs.some((o) => o.name === ports.argument(ports.weight('cluster'), 0))).toBe(true)
  expect(energy.variables.find((v) => v.name === 'weight(cluster)')).toMatchObject({
    role: 'state',
    type: { kind: 'simplex', axis: 'cluster' },
  })
})

test('no reading goes on before it is opened', () => {
  const energy = energyOf(pattern)
  expect(askedOf(energy, 'retrieve', {}).diagnostics.map((d) => d.code)).toEqual(['AMP601'])
  expect(treat(energy).diagnostics.map((d) => d.code)).toEqual(['AMP601'])
})

describe('what has no meaning for an axis without an end is refused where it stands', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['nothing takes what', 'axis k ~ dp(1)\nmemory mu[k] ~ normal(0, 1)\nstate x ~ normal(0, 1)\n', 'dp(1)'],
    ['a statement of its own', 'axis k ~ dp(1)\nmemory mu[k] ~ normal(0, 1)\nstate z : k\nz ~ categorical(weight(k))\n', 'z'],
    [
      'both elements of',
      'axis k ~ dp(1)\nmemory mu[k] ~ normal(0, 1)\nstate z : k\nstate w : k\nstate x ~ normal(mu[z] + mu[w], 1)\n',
      'w',
    ],
    ['has no prior', 'axis k ~ dp(1)\nmemory mu[k]\nstate z : k\nstate x ~ normal(mu[z], 1)\n', 'mu'],
    ['is data, which is given', 'axis k ~ dp(1)\ndata mu[k] ~ normal(0, 1)\nstate z : k\nstate x ~ normal(mu[z], 1)\n', 'mu'],
    [
      'counts the elements',
      'axis k ~ dp(1)\nmemory mu[k] ~ normal(0, 1)\nstate z : k\nstate x ~ normal(mu[z], size(k))\n',
      'normal(mu[z], size(k))',
    ],
    [
      'brings together',
      'axis k ~ dp(1)\nmemory mu[k] ~ normal(0, 1)\nstate z : k\nstate x ~ normal(mu[z], 1)\nenergy logsumexp[k](mu * x)\n',
      'energy',
    ],
    [
      'picks by something else',
      'axis k ~ dp(1)\nmemory mu[k] ~ normal(0, 1)\nstate z : k\nstate x ~ normal(mu[z] + mu[k = 1], 1)\n',
      'mu[k = 1]',
    ],
    [
      'calculates with the numbers',
      'axis k ~ dp(1)\ndata c : k\nmemory mu[k] ~ normal(0, 1)\nstate z : k\nstate x ~ normal(mu[z] + where(z == c, 1, 0), 1)\n',
      'z == c',
    ],
  ]
  test.each(cases)('%s', (said, text, where) => {
    const { random } = energyOf(text)
    const [first] = random[0]?.refused ?? []
    expect(first?.code).toBe('AMP601')
    expect(first?.message).toContain(said)
    expect(text.slice(first?.span?.start, first?.span?.end)).toContain(where)
  })
})
