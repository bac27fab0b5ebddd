import { describe, expect, it } from 'vitest'
import { type FitOptions, type FitResult, fit as fitted } from '../../src/api/fit.ts'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { digamma, lgamma } from '../../src/base/special/operations.ts'
import { logPartition } from '../../src/families/processes/partitions.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

function fitOf(text: string, given: Inputs, options: FitOptions = {}): FitResult {
  const loaded = must(load({ name: 'm.amp', text }).value, 'model')
  const { value, diagnostics } = fitted(loaded, must(givenOf(given).value, 'given'), options)
  return must(value, JSON.stringify(diagnostics))
}

const rowOf = (result: FitResult, name: string) => must(result.summary.find((r) => r.name === name), name) // biome-ignore format: one thought
const sum = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0)

/** All partitions of n things, as labels. */
function partitions(n: number): readonly (readonly number[])[] {
  if (n === 0) return [[]]
  return partitions(n - 1).flatMap((p) => Array.from({ length: Math.max(0, ...p.map((l) => l + 1)) + 1 }, (_, k) => [...p, k]))
}

const logSum = (all: readonly number[]): number => {
  const most = Math.max(...all)
  return most + Math.log(sum(all.map((v) => Math.exp(v - most))))
}

interface Component {
  readonly declared: string
  readonly rows: readonly number[]
  /** Log marginal likelihood of rows that share an element. */
  readonly marginal: (rows: readonly number[]) => number
}

const components: Readonly<Record<string, Component>> = {
  'normal means': {
    declared: 'data y[row]\nstate mu[k] ~ normal(0, 3)\nstate z[row] : k\ny ~ normal(mu[z], 0.5)',
    rows: [-2, -1.7, 2.1, 1.4, 2.3],
    marginal(rows) {
      const [precision, linear] = [1 / 9 + 4 * rows.length, 4 * sum(rows)]
      const square = 4 * sum(rows.map((v) => v * v)) - (linear * linear) / precision
      return -0.5 * (rows.length * Math.log(2 * Math.PI * 0.25) + Math.log(9 * precision) + square)
    },
  },
  'rates of counts': {
    declared: 'data y[row] : count\nstate l[k] : positive ~ gamma(2, 1)\nstate z[row] : k\ny ~ poisson(l[z])',
    rows: [0, 9, 1, 12, 0],
    marginal(rows) {
      const [a, b] = [2 + sum(rows), 1 + rows.length]
      return lgamma(a) - lgamma(2) - a * Math.log(b) - sum(rows.map((v) => lgamma(v + 1)))
    },
  },
  'chances of bits': {
    declared: 'data y[row] : bit\nstate p[k] : probability ~ beta(1, 2)\nstate z[row] : k\ny ~ bernoulli(p[z])',
    rows: [0, 1, 1, 0, 1],
    marginal(rows) {
      const logBeta = (a: number, b: number): number => lgamma(a) + lgamma(b) - lgamma(a + b)
      return logBeta(1 + sum(rows), 2 + rows.length - sum(rows)) - logBeta(1, 2)
    },
  },
}

describe.each(Object.keys(components))('with %s', (name) => {
  const { declared, rows, marginal } = must(components[name], name)
  it.each([
    ['dp(1.3)', 0, 1.3],
    ['pitman_yor(0.3, 0.8)', 0.3, 0.8],
  ] as const)('the ELBO of %s lies below the evidence, by all partitions', (process, discount, concentration) => {
    const result = fitOf(`axis k ~ ${process}\n${declared}`, { data: { y: rows } }, { starts: 3, draws: 50 })
    const each = partitions(rows.length).map((labels) => {
      const blocks = Array.from(new Set(labels), (l) => rows.filter((_, i) => labels[i] === l))
      return logPartition({ discount, concentration }, blocks.map((b) => b.length)) + sum(blocks.map(marginal)) // biome-ignore format: one thought
    })
    const evidence = logSum(each)
    expect(each.length).toBe(52)
    expect(result.elbo).toBeLessThan(evidence)
    // Five rows: what independent blocks cannot say of so few is worth less than three nats.
    expect(result.elbo).toBeGreaterThan(evidence - 3)
  })
})

const stream = new Stream(keyFromSeed(11))
const centres = [[-4, 0], [3, 3], [1, -5], [6, -2], [-2, 6], [-6, -6]] as const // biome-ignore format: one thought
const truth = Array.from({ length: 120 }, (_, i) => i % centres.length)
const y = truth.map((k) => (centres[k] as readonly number[]).map((c) => c + 0.6 * stream.normal()))
const mixture = (process: string, more = ''): string => `${more}axis cluster ~ ${process}
data y[row, dim]
state mu[cluster, dim] ~ normal(0, 5)
state tau[cluster, dim] : positive ~ gamma(2, 2)
state z[row] : cluster
y ~ normal(mu[z], 1 / sqrt(tau[z]))`

/** Whether two labellings are one partition. */
function same(a: readonly number[], b: readonly number[]): boolean {
  const pairs = new Set(a.map((v, i) => `${v} ${b[i]}`))
  return pairs.size === new Set(a).size && pairs.size === new Set(b).size
}

describe('of six clusters', () => {
  it.each([2, 20])('finds all, whatever it is cut short to at first: %i', (truncation) => {
    const result = fitOf(mixture('dp(1)'), { data: { y } }, { truncation, draws: 50 })
    const [elements] = result.elements
    expect(elements?.used).toBe(6)
    expect(same(elements?.partition[0]?.values ?? [], truth)).toBe(true)
    expect(result.summary.filter((r) => r.name.startsWith('mu')).length).toBe(12)
    expect(result.outcome.kind).toBe('converged')
  })

  it.each([
    ['dp(0.7)', 0, 0.7],
    ['pitman_yor(0.2, 0.7)', 0.2, 0.7],
  ] as const)('has sticks of %s that follow from how many rows take each', (process, d, alpha) => {
    const result = fitOf(mixture(process), { data: { y } }, { draws: 50, gain: 0 })
    const [elements] = result.elements
    const counts = elements?.counts ?? []
    let beyond = 1
    counts.forEach((count, i) => {
      const [a, b] = [1 - d + count, alpha + (i + 1) * d + sum(counts.slice(i + 1))]
      expect(rowOf(result, `stick(cluster)[${i + 1}]`).mean).toBeCloseTo(a / (a + b), 8)
      beyond *= b / (a + b)
    })
    expect(elements?.beyond).toBeCloseTo(beyond, 8)
  })

  it('infers the concentration', () => {
    const result = fitOf(mixture('dp(alpha)', 'state alpha : positive ~ gamma(2, 3)\n'), { data: { y } }, { draws: 50, gain: 0 })
    const counts = result.elements[0]?.counts ?? []
    // q of alpha: gamma(2 + K, 3 - sum of E log(1 - v)).
    const { mean } = rowOf(result, 'alpha')
    const logs = counts.map((c, i) => {
      const [a, b] = [1 + c, mean + sum(counts.slice(i + 1))]
      return digamma(b) - digamma(a + b)
    })
    expect(mean).toBeCloseTo((2 + counts.length) / (3 - sum(logs)), 6)
  })

  it('moves memories with a prior, and goes on from rows that are shared out already', () => {
    const text = mixture('dp(1)').replace('state mu', 'memory mu')
    const result = fitOf(text, { data: { y }, cue: { z: truth.map((k) => k + 1) } }, { draws: 50 })
    expect(result.elements[0]?.used).toBe(6)
    expect(rowOf(result, 'mu[1,1]').sd).toBeGreaterThan(0)
  })
})
