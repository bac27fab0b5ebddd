import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { type SampleOptions, type SampleResult, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { studentQuantile } from '../../src/families/numbers/student.ts'
import { mcseMean } from '../../src/inference/diagnostics/mcse.ts'
import { mean, pooled } from '../../src/inference/diagnostics/moments.ts'
import { type Draws, series } from '../../src/inference/draws/draws.ts'
import { level } from '../../src/inference/draws/equal-lengths.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

/** Six standard errors: a right mean falls outside with probability 2e-9. */
const gate = 6

async function run(text: string, inputs: Inputs, options: SampleOptions) {
  const loaded = must(load({ name: 'm.amp', text }).value, 'model')
  return sample(loaded, must(givenOf(inputs).value, 'inputs'), { seed: 11, ...options })
}

async function draw(text: string, inputs: Inputs, options: SampleOptions): Promise<SampleResult> {
  const { value, diagnostics } = await run(text, inputs, options)
  return must(value, JSON.stringify(diagnostics))
}

const codes = async (text: string, inputs: Inputs, options: SampleOptions) =>
  (await run(text, inputs, options)).diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)

/** Whether the mean over all draws of a function of some quantities is `wanted`. */
function expectMean({ draws }: { readonly draws: Draws }, names: readonly string[], f: (...x: number[]) => number, wanted: number): void {
  const columns = names.map((n) => series(draws, n))
  const values = must(columns[0], 'quantity').map((c, i) => c.map((_, d) => f(...columns.map((q) => must(q[i], 'chain')[d] as number))))
  const off = Math.abs(mean(pooled(values)) - wanted)
  expect(off, `${names} ${mean(pooled(values))} is not ${wanted}`).toBeLessThan(gate * mcseMean(values))
}

const normal = `
model normal_mean
data  y[row]
data  x[row]
data  free
state mu ~ normal(0, 2)
let   twice = 2 * mu
y ~ normal(mu + x, 0.5)
`
const values = { data: { y: [1.2, 0.1, 2.0], x: [0, -1, 1], free: 0 } }
// Three observations of mu (1.2, 1.1, 1.0) with variance 0.25 under the prior variance 4.
const precision = 3 / 0.25 + 1 / 4
const posterior = 3.3 / 0.25 / precision

describe('posterior predictive draws', () => {
  it('are the posterior of a normal mean spread by the noise', async () => {
    const result = await draw(normal, values, { draws: 3000, predict: ['y'], report: ['twice'] })
    expect(result.draws.names).toEqual(['mu', 'twice', 'y_rep[1]', 'y_rep[2]', 'y_rep[3]'])
    expectMean(result, ['y_rep[2]'], (y) => y, posterior - 1)
    expectMean(result, ['y_rep[3]'], (y) => (y - posterior - 1) ** 2, 0.25 + 1 / precision)
    // Around the very draw beside it, and not around another.
    expectMean(result, ['mu', 'y_rep[1]'], (mu, y) => (y - mu) ** 2, 0.25)
    expectMean(result, ['y_rep[1]', 'y_rep[2]'], (a, b) => (a - posterior) * (b - posterior + 1), 1 / precision)
  })

  it('follow the drawn level of a state that was summed out', async () => {
    const text = `
model mixture
data  y[row]
axis  k = 2
data  m[k]
state w : probability ~ beta(2, 2)
state z[row] : k
energy -sum[row](where(index(k)[z] == 1, log(w), log1p(-w)))
y ~ normal(m[z], 0.4)
`
    const result = await draw(text, { data: { y: [-1, 1.1, 0.2], m: [-1, 1] } }, { draws: 3000, predict: ['y'] })
    for (const row of [1, 2, 3]) {
      expectMean(result, [`z[${row}]`, `y_rep[${row}]`], (z, y) => y - (z === 1 ? -1 : 1), 0)
      expectMean(result, [`z[${row}]`, `y_rep[${row}]`], (z, y) => (y - (z === 1 ? -1 : 1)) ** 2, 0.16)
    }
  })

  it('of a state that is observed', async () => {
    const text = 'model m\nstate a ~ normal(1, 2)\nstate b ~ normal(3 * a, 0.5)\n'
    const result = await draw(text, { observed: { b: 6 } }, { draws: 3000, predict: ['b'] })
    expectMean(result, ['a', 'b_rep'], (a, b) => (b - 3 * a) ** 2, 0.25)
  })

  it('of several variables follow each other', async () => {
    const text = 'model m\ndata u\ndata v\nstate a ~ normal(0, 1)\nu ~ normal(a, 1)\nv ~ normal(10 * u, 0.1)\n'
    const result = await draw(text, { data: { u: 1, v: 10 } }, { draws: 2000, predict: ['v', 'u'] })
    expectMean(result, ['u_rep', 'v_rep'], (u, v) => (v - 10 * u) ** 2, 0.01)
    expectMean(result, ['a', 'u_rep'], (a, u) => (u - a) ** 2, 1)
  })

  it.each([
    ['a state', 'mu'],
    ['data without a statement', 'free'],
    ['a name that is not there', 'yy'],
  ])('are refused for %s', async (_, name) => {
    expect(await codes(normal, values, { predict: [name] })).toEqual(['AMP714'])
  })
})

describe('prior draws', () => {
  it('are from before any data, data included', async () => {
    const result = await draw(normal, values, { draws: 3000, prior: true, report: ['twice'] })
    expect(result.sampler).toBe('exact')
    expect(new Set(result.draws.names)).toEqual(new Set(['mu', 'y_rep[1]', 'y_rep[2]', 'y_rep[3]', 'twice']))
    expectMean(result, ['mu'], (mu) => mu, 0)
    expectMean(result, ['mu'], (mu) => mu * mu, 4)
    expectMean(result, ['mu', 'y_rep[3]'], (mu, y) => (y - mu - 1) ** 2, 0.25)
    expect(series(result.draws, 'twice')).toEqual(series(result.draws, 'mu').map((c) => c.map((mu) => 2 * mu)))
  })

  it('need no values for what they draw', async () => {
    const { draws } = await draw(normal, { data: { x: [0, -1, 1] } }, { draws: 10, prior: true })
    expect(draws.names).toContain('y_rep[3]')
    expect(await codes(normal, { data: { y: [1, 2, 3] } }, { prior: true })).toEqual(['AMP501'])
  })

  it('number elements from one', async () => {
    const text = 'model m\naxis k = 3\ndata z[row] : k\nstate p[k] : simplex[k] ~ dirichlet[k](2)\nz ~ categorical(p)\n'
    const result = await draw(text, { data: { z: [1, 2] } }, { draws: 500, prior: true })
    expect(new Set(pooled(series(result.draws, 'z_rep[1]')))).toEqual(new Set([1, 2, 3]))
  })

  it('are refused where the model cannot be sampled ancestrally, at another temperature, and under observation', async () => {
    expect(await codes('model m\nstate s[i] : spin\ndata J[i]\nenergy -sum[i](J * s)\n', { data: { J: [1, 2] } }, { prior: true })).toEqual(
      ['AMP714'],
    )
    expect(await codes(normal, values, { prior: true, temperature: 2 })).toEqual(['AMP714'])
    expect(await codes(normal, { ...values, observed: { mu: 1 } }, { prior: true })).toEqual(['AMP714'])
    expect(await codes(normal, values, { prior: true, sampler: 'nuts' })).toEqual(['AMP714'])
  })
})

describe('at another temperature', () => {
  const told = async (text: string, options: SampleOptions) => {
    const { value, diagnostics } = await run(`model m\n${text}\n`, {}, { draws: 20, warmup: 20, chains: 1, ...options })
    return value?.sampler ?? diagnostics.map((d) => `${d.code} ${d.message}`)
  }
  const powers = 'state m ~ normal(0, 3)\nstate x ~ student_t(4, m, 2)'
  const weighed = 'state t : positive ~ gamma(2, 2)\nstate x ~ normal(0, t)'

  it('a directed model is drawn exactly where the powers of its statements are families', async () => {
    expect(await told(powers, { temperature: 3 })).toBe('exact')
    expect(await told(weighed, { temperature: 1 })).toBe('exact')
    expect(await told(weighed, { temperature: 3 })).toBe('nuts')
    expect(await told(weighed, { temperature: 3, sampler: 'exact' })).toEqual([
      'AMP711 The sampler exact cannot draw from this model: at temperature 3 the sigma of normal depends on "t", whose density the power would change.',
    ])
  })

  it('chains agree with exact draws, of all states together', async () => {
    const text = `model m\n${powers}\n`
    for (const sampler of ['exact', 'nuts'] as const) {
      const result = await draw(text, {}, { temperature: 1.7, sampler, draws: 4000 })
      expect(result.sampler).toBe(sampler)
      expectMean(result, ['m'], (m) => m * m, 9 * 1.7)
      // (1 + z^2 / 4)^(-2.5 / 1.7): a student_t of 5 / 1.7 - 1 degrees.
      const degrees = 5 / 1.7 - 1
      const quartile = 2 * Math.sqrt(4 / degrees) * studentQuantile(0.75, degrees)
      expectMean(result, ['m', 'x'], (m, x) => (x - m > quartile ? 1 : 0), 0.25)
      expectMean(result, ['m', 'x'], (m, x) => (x - m < -quartile ? 1 : 0) * m, 0)
    }
  })

  it('a density that has no integral there is refused', async () => {
    const text = 'state v : positive ~ inverse_gamma(2, 1)'
    expect(await told(text, { temperature: 2.9 })).toBe('exact')
    expect(await told(text, { temperature: 3 })).toEqual([
      'AMP603 At temperature 3 the density of "v" cannot be normalised: its integral is infinite.',
    ])
    expect(await told('state c : positive ~ half_cauchy(1)', { temperature: 2 })).toHaveLength(1)
    // Its peak at 0 has an infinite integral when it is cold.
    expect(await told('state g : positive ~ gamma(0.6, 1)', { temperature: 0.5 })).toEqual('exact')
    expect(await told('state g : positive ~ gamma(0.6, 1)', { temperature: 0.4 })).toHaveLength(1)
  })

  it('restricted, it has one, though not a family', async () => {
    const text = 'state v : real(lower = 1, upper = 2) ~ inverse_gamma(2, 1) in (1, 2)'
    expect(await told(text, { temperature: 2.9 })).toBe('exact')
    expect(await told(text, { temperature: 3 })).toBe('nuts')
    expect(await told(text, { temperature: 3, sampler: 'exact' })).toEqual([
      'AMP711 The sampler exact cannot draw from this model: at temperature 3 the density of "v" is not that of a family.',
    ])
  })
})

const hidden = `
model hidden
data  y[t]
axis  k = 2
axis  next = size(k)
state move[k, next] : simplex[next] ~ dirichlet[next](2)
state mu[k] : ordered[k] ~ normal(0, 3)
state z[t] : k
z ~ markov[t](move)
y ~ normal(mu[z], 1)
`
const spins = 'model spins\ndata J[a, b]\nstate s[a] : spin\nstate r[a] : spin\nenergy -sum[a, b](J * s) * sum[a](r * s) / 4\n'

describe('resumed runs', () => {
  const cases: readonly [string, string, Inputs, SampleOptions][] = [
    ['summed-out states and predictions', hidden, { data: { y: [0.1, 2.2, 1.9, -0.3, 0.2, 2.5] } }, { predict: ['y'] }],
    ['exact draws', normal, { data: { x: [0, 1, 2] } }, { prior: true }],
    [
      'spins',
      spins,
      {
        data: {
          J: [
            [1, -0.5],
            [0.2, 0.4],
            [0.3, -1],
          ],
        },
      },
      {},
    ],
  ]
  it.each(cases)('go on bit for bit: %s', async (_, text, inputs, options) => {
    const shape = { ...options, chains: 2, warmup: 60 }
    const first = await draw(text, inputs, { ...shape, draws: 37 })
    const both = await draw(text, inputs, { ...shape, draws: 90, resume: JSON.parse(JSON.stringify(first.chains), revive) })
    const once = await draw(text, inputs, { ...shape, draws: 90 })
    expect(both.draws).toEqual(once.draws)
    expect(both.summary).toEqual(once.summary)
    expect(both.chains.map((c) => c.state)).toEqual(once.chains.map((c) => c.state))
  })
})

/** Typed arrays become objects in JSON; none of the states' lists is one. */
function revive(_: string, value: unknown): unknown {
  const isTyped =
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).every((k, i) => k === String(i))
  return isTyped ? Float64Array.from(Object.values(value as object) as number[]) : value
}

describe('chains of different lengths', () => {
  const chain = (count: number, at: number) => ({
    chain: at,
    count,
    values: Float64Array.from({ length: 2 * count }, (_, i) => i),
    columns: ['lp__'],
    statistics: new Float64Array(count),
  })
  it.each([
    [
      [10, 10, 10],
      [10, 10, 10],
    ],
    [
      [10, 2, 9],
      [9, 9],
    ],
    [
      [10, 7, 0],
      [7, 7],
    ],
    [[100, 3, 3], [100]],
    [[0, 0], []],
  ])('%j are summarised as %j', (counts, wanted) => {
    const draws = level({ variables: [], names: ['a', 'b'], chains: counts.map(chain) })
    expect(draws.chains.map((c) => [c.count, c.values.length, c.statistics.length])).toEqual(wanted.map((n) => [n, 2 * n, n]))
  })

  it('interrupted before any draw, a run has no summary', async () => {
    const result = await draw(normal, values, { chains: 2, sampler: 'nuts', signal: { aborted: true } })
    expect(result.outcomes).toEqual([{ kind: 'interrupted', sentence: expect.stringContaining('in warm-up') }])
    expect(result.draws.chains.map((c) => c.count)).toEqual([0])
  })
})
