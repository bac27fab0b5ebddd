import { describe, expect, test } from 'vitest'
import { lgamma } from '../../../src/base/special/operations.ts'
import { close } from '../points.ts'
import { evidenceOf } from './model.ts'

/** Closed forms of log densities of data, their parameters integrated out, by hand. */
const normalRow = (y: readonly number[], prior: number, noise: number): number => {
  // y is normal with the covariance noise^2 I + prior^2 1 1'.
  const [n, sum, squares] = [y.length, y.reduce((a, b) => a + b, 0), y.reduce((a, b) => a + b * b, 0)]
  const [v, p] = [noise * noise, prior * prior]
  const logDet = n * Math.log(v) + Math.log1p((n * p) / v)
  const quadratic = squares / v - (p * sum * sum) / (v * (v + n * p))
  return -0.5 * (n * Math.log(2 * Math.PI) + logDet + quadratic)
}
const betaOf = (a: number, b: number): number => lgamma(a) + lgamma(b) - lgamma(a + b)
const y = [0.3, 1.9, -0.4, 2.2]

const closed: readonly (readonly [what: string, text: string, data: Record<string, readonly number[]>, log: number])[] = [
  ['a normal mean', 'data y[i]\nstate m ~ normal(0, 2)\ny ~ normal(m, 0.5)', { y }, normalRow(y, 2, 0.5)],
  [
    'means of means, in the order that has closed forms',
    'data y[i]\nstate top ~ normal(0, 1)\nstate m ~ normal(top, 2)\ny ~ normal(m, 0.5)',
    { y },
    normalRow(y, Math.sqrt(5), 0.5),
  ],
  [
    'a probability',
    'data y[i]\nstate p : probability ~ beta(2, 3)\ny ~ bernoulli(p)',
    { y: [1, 1, 0, 1, 0] },
    betaOf(2 + 3, 3 + 2) - betaOf(2, 3),
  ],
  [
    'a rate',
    'data y[i]\nstate r : positive ~ gamma(3, 2)\ny ~ exponential(r)',
    { y: [0.4, 1.1, 0.2] },
    3 * Math.log(2) - lgamma(3) + lgamma(6) - 6 * Math.log(2 + 1.7),
  ],
  [
    'probabilities of levels',
    'axis k = 3\ndata y[i] : k\nstate w[k] : simplex[k] ~ dirichlet(1.5)\ny ~ categorical(w)',
    { y: [1, 3, 3, 2, 3] },
    lgamma(4.5) - 3 * lgamma(1.5) + lgamma(2.5) + lgamma(2.5) + lgamma(4.5) - lgamma(9.5),
  ],
]

describe('log evidence in closed form', () => {
  test.each(closed)('of %s', async (_, text, data, log) => {
    const { logZ, details, isEvidence, error } = await evidenceOf(text, { data })
    expect(details).toEqual({ by: 'exact', configurations: 1 })
    expect(isEvidence).toBe(true)
    expect(error).toBeUndefined()
    close(logZ, log, 1e-10)
  })
})

test('the means and weights of a mixture are integrated given each assignment, all of which are summed', async () => {
  const data = { y: [-2.1, 1.7, 2.2] }
  const text =
    'axis k = 2\ndata y[i]\nstate mu[k] ~ normal(0, 3)\nstate w[k] : simplex[k] ~ dirichlet(2)\nstate z[i] : k ~ categorical(w)\ny ~ normal(mu[z], 1)'
  const { logZ, details } = await evidenceOf(text, { data })
  expect(details).toEqual({ by: 'exact', configurations: 8 })
  const terms = Array.from({ length: 8 }, (_, code) => {
    const groups = [0, 1].map((g) => data.y.filter((_, i) => ((code >> i) & 1) === g))
    const counts = groups.map((g) => g.length) as [number, number]
    const ofLabels = betaOf(2 + counts[0], 2 + counts[1]) - betaOf(2, 2)
    return ofLabels + groups.reduce((sum, g) => sum + (g.length === 0 ? 0 : normalRow(g, 3, 1)), 0)
  })
  close(logZ, Math.log(terms.reduce((sum, t) => sum + Math.exp(t), 0)), 1e-10)
})

/** Couplings by a formula, so that nothing is symmetric by chance. */
const coupling = (i: number, j: number): number => Math.sin(1 + 3 * i + 5 * j)

test('spins that all meet are enumerated, at any temperature, some of them held', async () => {
  const n = 6
  const J = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 0 : coupling(i, j) + coupling(j, i))))
  const text = 'axis other = size(site)\nparam J[site, other]\nstate s[site] : spin\nenergy -sum[site, other](J * s * s[site -> other]) / 2'
  const byHand = (T: number, first?: number): number => {
    let sum = 0
    for (let code = 0; code < 2 ** n; code += 1) {
      const s = Array.from({ length: n }, (_, i) => ((code >> i) & 1) * 2 - 1)
      if (first !== undefined && s[0] !== first) continue
      let e = 0
      for (let i = 0; i < n; i += 1) for (let j = 0; j < n; j += 1) e -= ((J[i]?.[j] ?? 0) * (s[i] ?? 0) * (s[j] ?? 0)) / 2
      sum += Math.exp(-e / T)
    }
    return Math.log(sum)
  }
  const cold = await evidenceOf(text, { param: { J } }, { temperature: 0.7 })
  close(cold.logZ, byHand(0.7), 1e-10)
  expect(cold.isEvidence).toBe(false)
  expect(cold.notNormalised.map((u) => u.name)).toEqual(['energy', 's'])
  close((await evidenceOf(text, { param: { J }, observed: { s: [1, null, null, null, null, null] } })).logZ, byHand(1, 1), 1e-10)
})

test('either layer of an RBM may be summed out: hidden-side log Z = visible-side log Z', async () => {
  const [v, h] = [7, 4]
  const W = Array.from({ length: v }, (_, i) => Array.from({ length: h }, (_, j) => coupling(i, j)))
  const text = 'param W[v, h]\nstate x[v] : bit\nstate y[h] : spin\nenergy -sum[v, h](W * x * y) - sum[v](0.3 * x)'
  const [ofHidden, ofVisible, best] = await Promise.all([{ sumOut: ['y'], keep: ['x'] }, { sumOut: ['x'], keep: ['y'] }, {}].map((o) => evidenceOf(text, { param: { W } }, o))) // biome-ignore format: one thought
  expect(ofHidden?.details).toEqual({ by: 'exact', configurations: 2 ** v })
  expect(ofVisible?.details).toEqual({ by: 'exact', configurations: 2 ** h })
  // The layer with fewer configurations is the one that is enumerated.
  expect(best?.details).toEqual({ by: 'exact', configurations: 2 ** h })
  close(ofHidden?.logZ ?? Number.NaN, ofVisible?.logZ ?? 0, 1e-12)
})

test('priors alone integrate to 1, whatever they are of', async () => {
  const text =
    'axis k = 3\nstate a ~ normal(1, 2)\nstate p : probability ~ beta(2, 3)\nstate r : positive ~ gamma(2, 3)\nstate w[k] : simplex[k] ~ dirichlet(2)\nstate z : k ~ categorical(w)\nstate b : bit ~ bernoulli(p)'
  const { logZ, isEvidence } = await evidenceOf(text)
  expect(isEvidence).toBe(true)
  expect(Math.abs(logZ)).toBeLessThan(1e-12)
})
