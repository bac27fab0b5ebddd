import { describe, expect, test } from 'vitest'
import { openRandomAxes } from '../../../src/compile/random/open.ts'
import { treat } from '../../../src/compile/treat.ts'
import { evaluate } from '../../../src/ir/evaluate.ts'
import * as ports from '../../../src/middle/ports.ts'
import { situationOf } from '../../../src/middle/situation.ts'
import { energyOf, program, sizesOf } from '../models.ts'

type Listed = Readonly<Record<string, readonly number[]>>

/** E of a pattern, and the probabilities of the elements. */
function read(text: string, sizes: Readonly<Record<string, number>>, values: Listed, temperature = 1) {
  const opened = openRandomAxes(energyOf(text))
  expect(opened.random.flatMap((r) => r.refused.map((d) => d.message))).toEqual([])
  const { value, diagnostics } = treat(opened, situationOf(opened, { observed: ['x'] }))
  if (value === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  const numbers = Object.fromEntries(Object.entries(values).map(([name, data]) => [name, Float64Array.from(data)]))
  const found = evaluate(value.graph, sizesOf(value.axes, sizes), { [ports.temperature]: Float64Array.of(temperature), ...numbers })
  const energy = value.terms.reduce((sum, t) => sum + Number(found[ports.term(t.name)]?.[0]), 0)
  return { energy, shares: Array.from(found[ports.responsibility('z')] ?? []), variables: value.variables.map((v) => v.name) }
}

const logNormal = (x: number, mean: number, variance: number): number =>
  -((x - mean) ** 2) / (2 * variance) - Math.log(2 * Math.PI * variance) / 2

const logSumExp = (all: readonly number[]): number => {
  const most = Math.max(...all)
  return most + Math.log(all.reduce((sum, v) => sum + Math.exp(v - most), 0))
}

describe('normal means', () => {
  const [alpha, sigma, prior] = [1.7, 0.5, 5]
  const text = program('dp_memory')
  const empty = { count: [0], precision: [1 / prior ** 2], linear: [0, 0] }
  const given = (s: { count: readonly number[]; precision: readonly number[]; linear: readonly number[] }): Listed => ({
    ...{ alpha: [alpha], sigma: [sigma] },
    ...{ 'count(cluster)': s.count, 'precision stored of mu': s.precision, 'linear stored of mu': s.linear },
  })

  test('the empty store is the prior predictive, and every pattern takes a new element', () => {
    const x = [1.3, -4]
    const { energy, shares, variables } = read(text, { cluster: 1, dim: 2 }, { x, ...given(empty) })
    expect(energy).toBeCloseTo(-x.reduce((sum, v) => sum + logNormal(v, 0, prior ** 2 + sigma ** 2), 0), 12)
    expect(shares).toEqual([1])
    expect(variables).toEqual(['alpha', 'sigma', 'x', 'precision stored of mu', 'linear stored of mu', 'count(cluster)'])
  })

  test('elements weigh their predictive densities by their counts, and a new one by alpha', () => {
    // Sums of the patterns that took each.
    const [counts, sums] = [[3, 1], [[3.3, 2.4], [-4, 1]]] // biome-ignore format: one thought
    const x = [1.3, 0.4]
    const precision = counts.map((n) => 1 / prior ** 2 + n / sigma ** 2)
    const store = {
      count: [...counts, 0],
      precision: [...precision, 1 / prior ** 2],
      linear: [...sums.flat().map((s) => s / sigma ** 2), 0, 0],
    }
    const { energy, shares } = read(text, { cluster: 3, dim: 2 }, { x, ...given(store) })
    const joints = [...counts, 0].map((n, k) => {
      const p = precision[k] ?? 1 / prior ** 2
      const density = x.reduce((sum, v, i) => sum + logNormal(v, (sums[k]?.[i] ?? 0) / sigma ** 2 / p, 1 / p + sigma ** 2), 0)
      return Math.log((n === 0 ? alpha : n) / (4 + alpha)) + density
    })
    const total = logSumExp(joints)
    expect(energy).toBeCloseTo(-total, 12)
    for (const [k, joint] of joints.entries()) expect(shares[k]).toBeCloseTo(Math.exp(joint - total), 12)
  })
})

interface Component {
  readonly name: string
  readonly text: string
  readonly sizes: Readonly<Record<string, number>>
  readonly x: readonly number[]
  /** What two elements and a new one have, as natural parameters. */
  readonly store: Listed
  /** Log predictive density of x, of each element. */
  readonly predictive: readonly number[]
}

const lgamma = (x: number): number => {
  // Whole numbers and halves, by the recursion.
  let [log, at] = [0, x]
  for (; at > 1; at -= 1) log += Math.log(at - 1)
  return log + (at === 1 ? 0 : Math.log(Math.PI) / 2)
}

/** log of the negative binomial that a gamma(shape, rate) rate makes of a count. */
const logCount = (x: number, shape: number, rate: number): number =>
  lgamma(shape + x) - lgamma(shape) - lgamma(x + 1) + shape * Math.log(rate / (1 + rate)) - x * Math.log(1 + rate)

/** log density of two correlated normals. */
const logPair = (
  [x = 0, y = 0]: readonly number[],
  [a = 0, b = 0]: readonly number[],
  [p = 0, q = 0, r = 0]: readonly number[],
): number => {
  const det = p * r - q * q
  const square = (r * (x - a) ** 2 - 2 * q * (x - a) * (y - b) + p * (y - b) ** 2) / det
  return -square / 2 - Math.log(det) / 2 - Math.log(2 * Math.PI)
}

const components: readonly Component[] = [
  {
    name: 'counts',
    text: 'memory rate[cluster] : positive ~ gamma(2, 3)\nstate x : count ~ poisson(rate[z])',
    sizes: {},
    x: [4],
    // Shapes 2 + 7 and 2 + 1, rates 3 + 3 and 3 + 1: E has -(shape - 1) log rate.
    store: { 'log x stored of rate': [-8, -2, -1], 'x stored of rate': [6, 4, 3] },
    predictive: [logCount(4, 9, 6), logCount(4, 3, 4), logCount(4, 2, 3)],
  },
  {
    name: 'bits',
    text: 'memory p[cluster, k] : probability ~ beta(2, 3)\nstate x[k] : bit ~ bernoulli(p[z])',
    sizes: { k: 2 },
    x: [1, 0],
    // Ones and zeros that were seen: 2 of 3 and 0 of 3, 1 of 1 and 1 of 1.
    store: { 'log x stored of p': [-3, -1, -2, -2, -1, -1], 'log(1 - x) stored of p': [-3, -5, -2, -2, -2, -2] },
    predictive: [Math.log((4 / 8) * (6 / 8)), Math.log((3 / 6) * (3 / 6)), Math.log((2 / 5) * (3 / 5))],
  },
  {
    name: 'words',
    text: 'axis word = 3\nmemory p[cluster, word] : simplex[word] ~ dirichlet(1.5)\nstate x : word ~ categorical(p[z])',
    sizes: {},
    x: [2],
    store: { 'log x stored of p': [-2.5, -0.5, -0.5, -0.5, -0.5, -1.5, -0.5, -0.5, -0.5] },
    predictive: [Math.log(1.5 / 6.5), Math.log(2.5 / 5.5), Math.log(1 / 3)],
  },
  {
    name: 'normals whose elements meet',
    text: 'axis l = size(k)\ndata S[k, l] : covariance[k, l]\nmemory mu[cluster, k] ~ normal(0, 2)\nstate x[k]\nx ~ multi_normal[k](mu[z], S)',
    sizes: { k: 2, l: 2 },
    x: [0.3, -0.8],
    // S = [[2, 1], [1, 1]], S^-1 = [[1, -1], [-1, 2]]; one pattern (1, 3) in the first element, none in others.
    store: {
      S: [2, 1, 1, 1],
      'precision stored of mu': [1.25, -1, -1, 2.25, 0.25, 0, 0, 0.25, 0.25, 0, 0, 0.25],
      'linear stored of mu': [-2, 5, 0, 0, 0, 0],
    },
    // Mean P^-1 h and covariance P^-1 + S, with P^-1 = [[2.25, 1], [1, 1.25]] / 1.8125.
    predictive: [
      logPair([0.3, -0.8], [(2.25 * -2 + 5) / 1.8125, (-2 + 1.25 * 5) / 1.8125], [2 + 2.25 / 1.8125, 1 + 1 / 1.8125, 1 + 1.25 / 1.8125]),
      logPair([0.3, -0.8], [0, 0], [6, 1, 5]),
      logPair([0.3, -0.8], [0, 0], [6, 1, 5]),
    ],
  },
]

describe.each(components)('$name', ({ text, sizes, x, store, predictive }) => {
  test.each([
    ['dp(1.5)', 0, 1.5],
    ['pitman_yor(0.4, -0.2)', 0.4, -0.2],
  ] as const)('of %s', (process, d, alpha) => {
    const whole = `axis cluster ~ ${process}\nstate z : cluster\n${text}`
    const counts = [3, 1, 0]
    const { energy, shares } = read(whole, { cluster: 3, ...sizes }, { x, 'count(cluster)': counts, ...store })
    const joints = counts.map((n, k) => Math.log((n === 0 ? alpha + 2 * d : n - d) / (4 + alpha)) + (predictive[k] as number))
    const total = logSumExp(joints)
    expect(energy).toBeCloseTo(-total, 11)
    for (const [k, joint] of joints.entries()) expect(shares[k]).toBeCloseTo(Math.exp(joint - total), 11)
  })
})

test('what cannot be known as numbers is refused with the reason', () => {
  const why = (text: string): string => openRandomAxes(energyOf(text)).random.flatMap((r) => r.refused.map((d) => d.message)).join() // biome-ignore format: one thought
  expect(why('axis k ~ dp(1)\nmemory mu[k] ~ normal(0, 1)\nstate z : k\nstate x ~ laplace(mu[z], 1)')).toContain('`abs`, which has a kink')
  expect(why('axis k ~ dp(1)\nstate mu[k] ~ normal(0, 1)\nstate z : k\nstate x ~ normal(mu[z], 1)')).toContain('it is a state')
})
