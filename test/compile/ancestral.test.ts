import { expect, test } from 'vitest'
import { generativeProgram, readAncestral } from '../../src/compile/ancestral.ts'
import { situationOf } from '../../src/middle/situation.ts'
import { energyOf } from './models.ts'

const reason = (text: string, observed: readonly string[] = []): string | undefined => {
  const energy = energyOf(`model m\n${text}\n`)
  const program = readAncestral(energy, situationOf(energy, { observed })).ancestral
  return 'reason' in program ? program.reason : undefined
}

const order = (text: string): readonly string[] => {
  const program = readAncestral(energyOf(`model m\n${text}\n`)).ancestral
  return 'reason' in program ? [program.reason] : program.draws.map((d) => `${d.name} ~ ${d.family}`)
}

test('a directed model is drawn in order, whatever the order of its statements', () => {
  const text =
    'state x[i] ~ normal(mu[z], s)\nstate mu[k] ~ normal(0, 5)\nstate s : positive ~ gamma(2, a)\nparam a : positive = 1\naxis k = 3 ~ dirichlet(2)\nstate z[i] : k'
  expect(order(text)).toEqual(['weight(k) ~ dirichlet', 'mu ~ normal', 's ~ gamma', 'z ~ categorical', 'x ~ normal'])
})

test.each([
  ['state x ~ normal(0, 1)\nenergy x^2', 'the energy "energy" depends on "x" and is not a normalised density'],
  ['state x\nstate y ~ normal(0, 1)', '"x" has no density of its own'],
  ['state x ~ normal(0, 1)\nx ~ normal(1, 1)', '"x" has more than one statement of its own'],
  ['data y\nstate x ~ normal(0, 1)\ny ~ normal(x, 1)', '"y" is given and depends on "x"'],
  ['state x : positive ~ gamma(2, 2)\nlog(x) ~ normal(0, 1)', 'the left side of the statement "log_x" is an expression of "x"'],
  ['state x ~ normal(y, 1)\nstate y ~ normal(x, 1)', 'some of its states depend on each other in a circle'],
  ['state x : positive ~ normal(0, 1)', 'the type of "x" cuts off a part of its density'],
  ['axis k = 3\nstate x[k] : ordered[k] ~ normal(0, 1)', 'the type of "x" cuts off a part of its density'],
  ['state x : real(lower = 0) ~ normal(0, 1)', 'the type of "x" cuts off a part of its density'],
  ['state v[i] with lagrangian sum[i](v^2) / 2', 'the energy of the neuron "v" is not a density of it alone'],
])('%s: %s', (text, wanted) => {
  expect(reason(text)).toBe(wanted)
})

test('an observed state, bounds, and what is only given', () => {
  expect(reason('state x ~ normal(0, 1)', ['x'])).toBe('"x" is observed')
  expect(reason('state x : real(lower = 2, upper = 4) ~ normal(0, 1) in (2, 4)')).toBeUndefined()
  expect(reason('state x : positive ~ normal(0, 1) in (0, inf)')).toBeUndefined()
  expect(reason('state x : positive ~ normal(0, 1) in (-1, inf)')).toBe('the type of "x" cuts off a part of its density')
  expect(reason('param a = 1\nstate x : real(lower = a, upper = a + 1) ~ uniform(a, a + 1)')).toBeUndefined()
  expect(reason('param a = 1\nstate x : real(lower = a, upper = a + 1) ~ uniform(a, a + 2)')).toBe(
    'the type of "x" cuts off a part of its density',
  )
  // A prior on something given weighs nothing that is drawn.
  expect(reason('memory w[i] ~ normal(0, 1)\nstate x[i] ~ normal(w, 1)')).toBeUndefined()
})

test('data that the prior makes up', () => {
  const energy = energyOf('model m\ndata y[i]\nstate mu ~ normal(0, 2)\ny ~ normal(mu, 1)\n')
  const program = generativeProgram(energy, new Set(['mu', 'y']))
  expect('reason' in program ? program.reason : program.draws.map((d) => d.name)).toEqual(['mu', 'y'])
})

/** Why a model is drawn exactly at temperature 1 only; undefined where it is at any. */
const warm = (text: string): string | undefined => {
  const { ancestral, tempered: program } = readAncestral(energyOf(`model m\n${text}\n`))
  expect(ancestral).toHaveProperty('draws')
  return 'reason' in program ? program.reason : undefined
}

test.each([
  [
    'state tau : positive ~ gamma(2, 2)\nstate x ~ normal(0, tau)',
    'the sigma of normal depends on "tau", whose density the power would change',
  ],
  ['state m ~ normal(0, 1)\nstate x ~ normal(2, exp(m))', 'the sigma of normal depends on "m", whose density the power would change'],
  [
    'axis k = 2\nparam s[k] : positive\nstate z : k\nstate x ~ normal(0, s[z])',
    'the sigma of normal depends on "z", whose density the power would change',
  ],
  [
    'axis k = 2 ~ dirichlet(2)\nstate z : k\nstate x ~ normal(0, 1)',
    'the theta of categorical depends on "weight(k)", whose density the power would change',
  ],
  [
    'axis k = 2\nparam m[k]\nstate z : k\nstate b : bit ~ bernoulli_logit(m[z])',
    'the alpha of bernoulli_logit depends on "z", whose density the power would change',
  ],
  [
    'state m ~ normal(0, 1)\nstate x : real(lower = 0, upper = 1) ~ normal(m, 1) in (0, 1)',
    'the mu of normal depends on "m", whose density the power would change',
  ],
  [
    'state m ~ normal(0, 1)\nstate x : real(lower = m) ~ normal(0, 1) in (m, inf)',
    'the range of normal depends on "m", whose density the power would change',
  ],
  ['state x ~ gumbel(0, 1)', '"x" is drawn from gumbel, and the power of a gumbel density is no density of a family here'],
  [
    'axis k = 2\naxis next = size(k)\nparam move[k, next]\nstate s[t] : k ~ markov[t](move)',
    '"s" is drawn from markov, and the power of a chain moves by other rows at every step',
  ],
])('at temperature 1 only: %s: %s', (text, wanted) => {
  expect(warm(text)).toBe(wanted)
})

test.each([
  'state m ~ normal(0, 3)\nstate x[i] ~ normal(m, 1)\nstate y[i] ~ student_t(4, x^2, 2)',
  'axis k = 2\nparam c[k]\nstate z[i] : k\nstate x[i] ~ normal(c[z], 1)',
  'param s : positive = 2\nstate tau : positive ~ gamma(2, s)\nstate x ~ laplace(log(tau), s)',
])('at any temperature: %s', (text) => {
  expect(warm(text)).toBeUndefined()
})

test('a model without an order has none at any temperature', () => {
  expect(readAncestral(energyOf('model m\nstate x ~ normal(y, 1)\nstate y ~ normal(x, 1)\n')).tempered).toEqual({
    reason: 'some of its states depend on each other in a circle',
  })
})
