import { describe, expect, it } from 'vitest'
import { load } from '../../../src/api/load.ts'
import { sample } from '../../../src/api/sample.ts'
import { must } from '../../../src/base/internal-error.ts'
import { givenOf, type Inputs } from '../../../src/run/inputs.ts'
import { canonical, marginals, posterior, totalVariation } from '../../inference/partitions/enumeration.ts'

const processes = {
  dp: { text: 'dp(1.3)', law: { d: 0, alpha: 1.3 } },
  pitman_yor: { text: 'pitman_yor(0.5, 0.4)', law: { d: 0.5, alpha: 0.4 } },
} as const

const numbers = [-2.1, -1.2, 0.1, 1.4, 2.3]
const counts = [0, 1, 2, 6, 7]
const bits = [[1, 1], [1, 0], [1, 1], [0, 0], [0, 0]] // biome-ignore format: one row
const pairs = [[-2.1, -0.4], [-1.2, 0.3], [0.1, 0.2], [1.4, 2.1], [2.3, 1.9]] // biome-ignore format: one row
const plane = 'axis dim = 2\naxis other = size(dim)\ndata V[dim, other] : covariance[dim, other]\n'
const at = <T>(values: readonly T[], things: readonly number[]): T[] => things.map((i) => values[i] as T)

/** A family a row: what is said of an element, what was seen, and the marginal of the things that share it. */
const families = {
  normal: {
    text: 'memory mu[cluster] ~ normal(0, 2)\ny ~ normal(mu[z], 0.8)',
    data: numbers,
    block: (things: readonly number[]) => marginals.normal(at(numbers, things), 0.8, 2),
  },
  poisson: {
    text: 'memory rate[cluster] : positive ~ gamma(2, 0.5)\ny ~ poisson(rate[z])',
    data: counts,
    block: (things: readonly number[]) => marginals.poisson(at(counts, things), 2, 0.5),
  },
  bernoulli: {
    text: 'memory p[cluster, bit] : probability ~ beta(0.6, 0.9)\ny ~ bernoulli(p[z])',
    data: bits,
    block: (things: readonly number[]) => marginals.bernoulli(at(bits, things), 0.6, 0.9),
  },
  'mean and variance': {
    text: 'memory v[cluster] : positive ~ inverse_gamma(2, 1.5)\nmemory mu[cluster] ~ normal(0.2, sqrt(v[cluster] / 0.3))\ny ~ normal(mu[z], sqrt(v[z]))',
    data: numbers,
    block: (things: readonly number[]) => marginals.normalInverseGamma(at(numbers, things), { m: 0.2, k: 0.3, a: 2, b: 1.5 }),
  },
  'a covariance': {
    text: `${plane}memory S[cluster, dim, other] : covariance[dim, other] ~ inverse_wishart[dim](4.5, V)\ny ~ multi_normal[dim](0.3, S[z])`,
    data: pairs,
    block: (things: readonly number[]) => marginals.normalInverseWishart(at(pairs, things), { m: [0.3, 0.3], nu: 4.5, V: [1.2, 0.4, 0.7] }),
  },
  'mean and covariance': {
    text: `${plane}memory S[cluster, dim, other] : covariance[dim, other] ~ inverse_wishart[dim](4.5, V)
memory mu[cluster, dim] ~ multi_normal[dim](0.3, S / 0.2)\ny ~ multi_normal[dim](mu[z], S[z])`,
    data: pairs,
    block: (things: readonly number[]) =>
      marginals.normalInverseWishart(at(pairs, things), { m: [0.3, 0.3], k: 0.2, nu: 4.5, V: [1.2, 0.4, 0.7] }),
  },
  'mean and precision matrix': {
    text: `${plane}axis aside = size(dim)
let one = where(index(dim) == index(aside), 1, 0)
memory W[cluster, dim, other] : covariance[dim, other] ~ wishart[dim](4.5, solve[dim, other](V, one)[aside -> dim])
let S = solve[dim, other](W, one)[aside -> dim]
memory mu[cluster, dim] ~ multi_normal[dim](0.3, S / 0.2)\ny ~ multi_normal[dim](mu[z], S[z])`,
    data: pairs,
    block: (things: readonly number[]) =>
      marginals.normalInverseWishart(at(pairs, things), { m: [0.3, 0.3], k: 0.2, nu: 4.5, V: [1.2, 0.4, 0.7] }),
  },
} as const

async function drawn(text: string, data: unknown, options: Parameters<typeof sample>[2]) {
  const loaded = must(load({ name: 'test', text }).value, 'model')
  const given = must(
    givenOf({
      data: {
        y: data,
        ...(text.includes(plane) && {
          V: [
            [1.2, 0.4],
            [0.4, 0.7],
          ],
        }),
      },
    } as Inputs).value,
    'inputs',
  )
  const { value, diagnostics } = await sample(loaded, given, { chains: 1, warmup: 200, seed: 3, ...options })
  return must(value, diagnostics.map((d) => d.message).join('\n'))
}

function modelOf(name: keyof typeof families | string, process: string): string {
  const { text } = families[name as keyof typeof families]
  const axes = name === 'bernoulli' ? 'row, bit' : text.startsWith(plane) ? 'row, dim' : 'row'
  const [before, own] = text.startsWith(plane) ? [plane, text.slice(plane.length)] : ['', text]
  return `${before}axis cluster ~ ${process}\ndata y[${axes}]\nstate z[row] : cluster\n${own}`
}

/**
 * So many draws are worth 4000 independent ones or more. The total variation of 52 shares from their probabilities is then 0.046 or less
 * on average, and more than 0.042 above that with a probability below 1e-6 (McDiarmid's inequality).
 */
const [DRAWS, BOUND] = [6000, 0.088]

/** The partitions of all draws. */
function partitionsIn({ draws }: Awaited<ReturnType<typeof drawn>>): readonly string[] {
  const places = draws.names.flatMap((name, i) => (name.startsWith('z[') ? [i] : []))
  const width = draws.names.length
  return draws.chains.flatMap(({ values, count }) =>
    Array.from({ length: count }, (_, d) => canonical(places.map((p) => values[d * width + p] as number))),
  )
}

describe.each(Object.entries(processes))('partitions of five things under %s', (_, { text: process, law }) => {
  it.each(Object.entries(families))('are drawn as they are enumerated, with parameters integrated out: %s', async (name, family) => {
    const result = await drawn(modelOf(name, process), family.data, { draws: DRAWS })
    expect(result.sampler).toBe('collapsed')
    expect(totalVariation(posterior(5, law, family.block), partitionsIn(result))).toBeLessThan(BOUND)
  })

  it.each(Object.entries(families).slice(0, 3))('are drawn as they are enumerated, with auxiliary parameters: %s', async (name, family) => {
    const result = await drawn(modelOf(name, process), family.data, { draws: DRAWS, partitions: 'auxiliary' })
    expect(result.sampler).toBe('gibbs within auxiliary')
    expect(totalVariation(posterior(5, law, family.block), partitionsIn(result))).toBeLessThan(BOUND)
  })
})

it('shares out two axes at once, rows and columns', async () => {
  const text = `axis kind ~ dp(1)
axis group ~ pitman_yor(0.2, 1)
data y[row, column]
state z[row] : kind
state w[column] : group
memory mu[kind, group] ~ normal(0, 6)
y ~ normal(mu[z][group = w], 1)`
  const data = [1, 1, -1, -1, -1].map((r) => [9, 9, 0, 0].map((c) => r * (c - 5)))
  const { partitions, draws } = await drawn(text, data, { draws: 400 })
  expect(partitions.map((p) => [p.axis, p.by, p.assignments])).toEqual([
    ['kind', 'auxiliary', [1, 1, 2, 2, 2]],
    ['group', 'auxiliary', [1, 1, 2, 2]],
  ])
  expect(draws.names.slice(-4)).toEqual(['elements(kind)', 'largest(kind)', 'elements(group)', 'largest(group)'])
})
