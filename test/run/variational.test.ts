import { describe, expect, it } from 'vitest'
import { type FitOptions, type FitResult, fit as fitted } from '../../src/api/fit.ts'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { lgamma } from '../../src/base/special/operations.ts'
import { seriesAt } from '../../src/inference/draws/draws.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

function outcome(text: string, given: Inputs, options: FitOptions = {}) {
  return fitted(must(load({ name: 'm.amp', text }).value, 'model'), must(givenOf(given).value, 'given'), options)
}

function fitOf(text: string, given: Inputs, options: FitOptions = {}): FitResult {
  const { value, diagnostics } = outcome(text, given, options)
  return must(value, JSON.stringify(diagnostics))
}

const methods = ['mean-field', 'low-rank', 'full-rank', 'laplace', 'pathfinder'] as const
const rowOf = (result: FitResult, name: string) => must(result.summary.find((r) => r.name === name), name) // biome-ignore format: one thought
const sum = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0)

/** An ELBO of finite draws may be above by five of its standard errors, with probability 3e-7. */
const atMost = (result: FitResult, log: number): void => expect(result.elbo).toBeLessThan(log + 5 * result.elboError + 1e-9)

describe('the ELBO is at most log Z, and q is where the posterior is', () => {
  const stream = new Stream(keyFromSeed(4))
  const x = Array.from({ length: 20 }, () => stream.normal() + 2)
  const y = x.map((v) => 0.5 + 1.5 * v + 0.7 * stream.normal())
  const regression = 'data x[i]\ndata y[i]\nstate a ~ normal(0, 3)\nstate b ~ normal(0, 3)\ny ~ normal(a + b * x, 0.7)'
  // Precision and linear part of (a, b); log evidence by completing the square.
  const [p, q, r] = [1 / 9 + 20 / 0.49, sum(x) / 0.49, 1 / 9 + sum(x.map((v) => v * v)) / 0.49]
  const [u, v] = [sum(y) / 0.49, sum(x.map((w, i) => w * (y[i] as number))) / 0.49]
  const det = p * r - q * q
  const [a, b] = [(r * u - q * v) / det, (p * v - q * u) / det]
  const evidence =
    -10 * Math.log(2 * Math.PI * 0.49) - Math.log(9) - 0.5 * Math.log(det) - 0.5 * (sum(y.map((w) => w * w)) / 0.49 - a * u - b * v)

  it.each(methods)('of a regression: %s', (method) => {
    const result = fitOf(regression, { data: { x, y } }, { method, draws: 4000 })
    expect([result.method, result.outcome.kind]).toEqual([method, 'converged'])
    atMost(result, evidence)
    expect(Math.abs(rowOf(result, 'b').mean - b) / Math.sqrt(p / det)).toBeLessThan(0.12)
    if (method === 'mean-field') {
      // It is too narrow by the correlation, and lower by the entropy of that.
      expect(result.elbo).toBeCloseTo(evidence + 0.5 * Math.log(det / (p * r)), 1)
      expect(rowOf(result, 'b').sd / Math.sqrt(1 / r)).toBeCloseTo(1, 1)
    } else {
      expect(result.elbo).toBeGreaterThan(evidence - 0.1)
      expect(rowOf(result, 'b').sd / Math.sqrt(p / det)).toBeCloseTo(1, 0.9)
    }
    if (method === 'laplace') expect(result.logEvidence).toBeCloseTo(evidence, 5)
  })

  it('of a mixture whose components are summed out, with their posteriors', () => {
    const text =
      'axis k = 2\ndata y[i]\ndata w[k]\nparam half[k] = 0.5\nstate mu ~ normal(0, 2)\nstate z[i] : k ~ categorical(half)\ny ~ normal(mu * w[z], 1)'
    const given = { data: { y: [2.2, 4.1, 4.4], w: [1, 2] } }
    const result = fitOf(text, given, { method: 'full-rank', draws: 4000 })
    // Eight sums of products of normal densities, each integrated over mu.
    let [evidence, first] = [0, 0]
    for (let c = 0; c < 8; c += 1) {
      const m = [0, 1, 2].map((i) => 1 + ((c >> i) & 1))
      const precision = 1 / 4 + sum(m.map((w) => w * w))
      const linear = sum(m.map((w, i) => w * (given.data.y[i] as number)))
      const square = sum(given.data.y.map((w) => w * w)) - (linear * linear) / precision
      const own = Math.exp(-1.5 * Math.log(2 * Math.PI) - Math.log(2) - 0.5 * Math.log(precision) - 0.5 * square) / 8
      evidence += own
      if (m[0] === 1) first += own
    }
    atMost(result, Math.log(evidence))
    expect(result.elbo).toBeGreaterThan(Math.log(evidence) - 0.5)
    const { mean } = must(result.responsibilities.find((s) => s.name === 'z'), 'z') // biome-ignore format: one thought
    expect((mean[0] as number) + (mean[1] as number)).toBeCloseTo(1, 10)
    // q of mu is one normal density, and the posterior is a mixture of eight.
    expect(Math.abs((mean[0] as number) - first / evidence)).toBeLessThan(0.05)
    expect(result.gone).toEqual(['z'])
    expect(new Set(seriesAt(result.draws, result.draws.names.indexOf('z[2]'))[0])).toEqual(new Set([2, 1]))
  })

  it.each(methods)('of a rate that is positive: %s', (method) => {
    const counts = [1, 2, 0, 4]
    const result = fitOf(
      'data y[i] : count\nstate l : positive ~ gamma(2, 3)\ny ~ poisson(l)',
      { data: { y: counts } },
      { method, draws: 4000 },
    )
    const log = 2 * Math.log(3) - lgamma(2) + lgamma(9) - 9 * Math.log(7) - sum(counts.map((c) => lgamma(c + 1)))
    atMost(result, log)
    expect(result.elbo).toBeGreaterThan(log - 0.1)
    // Gamma(9, 7) has the mean 9/7. Its mode in log coordinates is there, too, with the curvature 9: a lognormal mean of e^(1/18) more.
    const curved = method === 'laplace' || method === 'pathfinder' ? Math.exp(1 / 18) : 1
    // The sd is 3/7: within four standard errors of 4000 draws, and what the best normal density of log l is off by.
    expect(Math.abs(rowOf(result, 'l').mean - (curved * 9) / 7)).toBeLessThan((4 * (3 / 7)) / Math.sqrt(4000) + 0.015)
  })

  it('at a temperature', () => {
    const text = 'data y[i]\nstate mu ~ normal(0, 2)\ny ~ normal(mu, 1.5)'
    const given = { data: { y: [1.2, 0.3, 2.2] } }
    const exact = fitOf(text, given, { method: 'ascent', temperature: 3 })
    const result = fitOf(text, given, { method: 'laplace', temperature: 3 })
    expect(result.logEvidence).toBeCloseTo(exact.elbo, 6)
  })
})

describe('what is said of it', () => {
  const text = 'data y[i]\nstate mu ~ student_t(3, 0, 1)\ny ~ normal(mu, 1)'
  const given = { data: { y: [1, 2] } }

  it('the method that nobody chose, and why', () => {
    const result = fitOf(text, given)
    expect([result.method, result.why]).toEqual(['mean-field', expect.stringContaining('student_t')])
    expect(fitOf('data y[i]\nstate mu ~ normal(0, 1)\ny ~ normal(mu, 1)', given).method).toBe('ascent')
  })

  it.each(methods)('the same bits for the same seed: %s', (method) => {
    const [one, two, other] = [1, 1, 2].map((seed) => fitOf(text, given, { method, seed, draws: 50 }))
    expect(two?.draws).toEqual(one?.draws)
    expect(other?.draws).not.toEqual(one?.draws)
  })

  it('elements that are observed stay what they are, and have no row', () => {
    const result = fitOf(
      'axis i = 2\nstate x[i] ~ normal(0, 1)\nenergy (x[i = 1] - x[i = 2])^2 / 2',
      { observed: { x: [3, null] } },
      { method: 'full-rank' },
    )
    expect(result.summary.map((r) => r.name)).toEqual(['x[2]'])
    expect(rowOf(result, 'x[2]').mean).toBeCloseTo(1.5, 1)
    expect(rowOf(result, 'x[2]').sd).toBeCloseTo(Math.SQRT1_2, 1)
  })

  it('of several paths the best ELBO, and draws by importance', () => {
    // Two modes, one nine times the other.
    const modes = 'state x ~ normal(0, 3)\nenergy -log(0.9 * exp(-8 * (x - 2)^2) + 0.1 * exp(-8 * (x + 2)^2))'
    const result = fitOf(modes, {}, { method: 'pathfinder', starts: 8, seed: 3, draws: 4000 })
    expect(result.elbo).toBe(Math.max(...result.starts))
    const [x = new Float64Array(0)] = seriesAt(result.draws, 0)
    const share = x.filter((v) => v > 0).length / x.length
    // 0.9 to the error of 4000 draws, and of as many weights of a pool.
    expect(Math.abs(share - 0.9)).toBeLessThan(0.05)
  })

  it.each<[string, string, Inputs, FitOptions, string]>([
    [
      'a discrete state that cannot be summed out',
      'axis v = 30\nstate s[v] : spin\nstate b ~ normal(0, 1)\nenergy -log(1 + exp(b * sum[v](s)))',
      {},
      { method: 'mean-field' },
      'AMP604',
    ],
    ['nothing that moves', 'data y\nenergy y^2', { data: { y: 1 } }, { method: 'laplace' }, 'AMP607'],
    ['a density without an integral', 'state x\nstate y ~ normal(0, 1)\nenergy y^2', {}, { method: 'pathfinder' }, 'AMP603'],
  ])('%s', (_, refused, given, options, code) => {
    const { value, diagnostics } = outcome(refused, given, options)
    expect(value).toBeUndefined()
    expect(diagnostics.map((d) => d.code)).toContain(code)
  })

  it('a mode that is none', () => {
    const result = fitOf(
      'state x ~ normal(0, 1)\nstate s : positive ~ normal(0, 1)\nenergy x^2 / (2 * s^2) + 3 * log(s)',
      {},
      { method: 'laplace' },
    )
    expect(result.outcome).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('Laplace') })
  })
})
