import { describe, expect, it, test } from 'vitest'
import { load } from '../../../src/api/load.ts'
import { sample } from '../../../src/api/sample.ts'
import { must } from '../../../src/base/internal-error.ts'
import { givenOf, type Inputs } from '../../../src/run/inputs.ts'
import { canonical, marginals, posterior, totalVariation } from '../../inference/partitions/enumeration.ts'

const y = [-2.1, -1.2, 0.1, 1.4, 2.3]
const modelOf = (process: string): string => `axis cluster ~ ${process}
data y[row]
state z[row] : cluster
memory mu[cluster] ~ normal(0, 2)
y ~ normal(mu[z], 0.8)`

async function sampled(text: string, inputs: Inputs, options: Parameters<typeof sample>[2] = {}) {
  const loaded = must(load({ name: 'test', text }).value, 'model')
  const given = must(givenOf({ data: { y }, ...inputs }).value, 'inputs')
  return sample(loaded, given, { chains: 1, warmup: 200, draws: 200, seed: 3, ...options })
}

const block = (things: readonly number[]): number =>
  marginals.normal(
    things.map((i) => y[i] as number),
    0.8,
    2,
  )

/** Total variation of 6000 draws, worth 4000 independent ones, as in `partitions.test.ts`. */
const BOUND = 0.088

const processes = [
  { text: 'dp(1.3)', law: { d: 0, alpha: 1.3 } },
  { text: 'pitman_yor(0.5, 0.4)', law: { d: 0.5, alpha: 0.4 } },
] as const

/** What is known of rows, and which partitions have it so. */
const known = [
  { z: ['b', null, null, 'a', null], holds: (p: string) => p[0] !== p[3] },
  { z: [7, null, 7, null, null], holds: (p: string) => p[0] === p[2] },
] as const

describe.each(processes)('rows that are known to share an element, or not to, under $text', ({ text, law }) => {
  it.each(
    known.flatMap((k) => (['collapsed', 'auxiliary'] as const).map((partitions) => ({ ...k, partitions }))),
  )('are held by $partitions moves: $z', async ({ z, holds, partitions }) => {
    const { value, diagnostics } = await sampled(modelOf(text), { observed: { z } }, { draws: 6000, partitions })
    const { draws } = must(value, diagnostics.map((d) => d.message).join())
    const all = [...posterior(y.length, law, block)].filter(([key]) => holds(key))
    const total = all.reduce((sum, [, p]) => sum + p, 0)
    const [at, width] = [draws.names.indexOf('z[1]'), draws.names.length]
    const drawn = draws.chains.flatMap(({ values, count }) =>
      Array.from({ length: count }, (_, d) => canonical(values.subarray(d * width + at, d * width + at + y.length))),
    )
    expect(totalVariation(new Map(all.map(([key, p]) => [key, p / total])), drawn)).toBeLessThan(BOUND)
  })
})

test('elements are called what rows are given with, in every draw, and rows say how often they have them', async () => {
  const { value } = await sampled(
    modelOf('dp(1.3)'),
    { observed: { z: ['b', null, null, 'a', null] } },
    {
      draws: 6000,
    },
  )
  const { bound, partitions, draws } = must(value, 'draws')
  expect(bound.labels.cluster).toEqual(['a', 'b', 'new 1', 'new 2', 'new 3'])
  const [shared] = partitions
  expect([shared?.named, shared?.memberships?.[0], shared?.memberships?.[3]]).toEqual([2, [0, 1, 0], [1, 0, 0]])
  const all = [...posterior(y.length, { d: 0, alpha: 1.3 }, block)].filter(([key]) => key[0] !== key[3])
  const share = (holds: (p: string) => boolean): number =>
    all.reduce((sum, [key, p]) => sum + (holds(key) ? p : 0), 0) / all.reduce((sum, [, p]) => sum + p, 0)
  // Of 4000 independent draws, a share is 0.039 from its probability with one below 1e-6 (Hoeffding's inequality).
  expect(Math.abs((shared?.memberships?.[1]?.[1] ?? 0) - share((p) => p[1] === p[0]))).toBeLessThan(0.039)
  expect(Math.abs((shared?.memberships?.[4]?.[0] ?? 0) - share((p) => p[4] === p[3]))).toBeLessThan(0.039)
  // The element called "a" is the one of row 4, which is given with it.
  const width = draws.names.length
  const values = must(draws.chains[0], 'chain').values
  const mean = (name: string): number => {
    const at = draws.names.indexOf(name)
    return Array.from({ length: 6000 }, (_, d) => values[d * width + at] as number).reduce((sum, v) => sum + v, 0) / 6000
  }
  expect(mean('mu[1]')).toBeGreaterThan(0.8)
  expect(mean('mu[2]')).toBeLessThan(-0.8)
})

test('all rows may be given: what is left are the elements, and the concentration', async () => {
  const text = `param alpha : positive ~ gamma(2, 1)\n${modelOf('dp(alpha)')}`
  const { value } = await sampled(text, { observed: { z: [1, 1, 1, 2, 2] } }, { draws: 4000 })
  const { partitions, bound, summary } = must(value, 'draws')
  expect(partitions[0]?.assignments).toEqual([1, 1, 1, 2, 2])
  expect(bound.sizes.cluster).toBe(5)
  // p(alpha | K = 2, n = 5) in proportion to alpha exp(-alpha) alpha^2 Gamma(alpha) / Gamma(alpha + 5), by a sum over a grid.
  const grid = Array.from({ length: 20000 }, (_, i) => (i + 0.5) / 500)
  const weights = grid.map((a) => (a ** 3 * Math.exp(-a)) / (a * (a + 1) * (a + 2) * (a + 3) * (a + 4)))
  const mean = grid.reduce((sum, a, i) => sum + a * (weights[i] as number), 0) / weights.reduce((sum, w) => sum + w, 0)
  const alpha = must(summary.find((r) => r.name === 'alpha'), 'alpha') // biome-ignore format: one thought
  expect(Math.abs(alpha.mean - mean)).toBeLessThan(6 * alpha.mcse_mean)
})

describe('what cannot be given is refused in its own words', () => {
  it.each([
    ['what an element has', { observed: { mu: [1, 2] } }, {}, '"mu" is given'],
    ['weights', { observed: { 'weight(cluster)': [0.5, 0.5] } }, {}, '"weight(cluster)" is given'],
    ['a start of the partition', { cue: { z: [1, 1, 1, 1, 2] } }, {}, '"z" has no start'],
    [
      'names that nobody has',
      { observed: { z: ['a', null, null, null, null] }, labels: { cluster: ['a', 'b'] } },
      {},
      'No row is given with "b"',
    ],
    ['a code that is none', { observed: { z: [-1, -1, 1, 1, 2] } }, {}, '"z" holds -1'],
    ['draws from the prior', {}, { prior: true }, 'share out the elements of "cluster"'],
  ] as const)('%s', async (_, inputs, options, message) => {
    const { value, diagnostics } = await sampled(modelOf('dp(1)'), inputs, options)
    expect(value).toBeUndefined()
    expect(diagnostics.map((d) => d.message).join()).toContain(message)
  })
})
