import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { type Loaded, load } from '../../src/api/load.ts'
import { type SampleOptions, type SampleResult, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'
import { amp, folderWith } from '../cli/amp.ts'

const loadedOf = (text: string): Loaded => {
  const { value, diagnostics } = load({ name: 'm.amp', text })
  return must(value, JSON.stringify(diagnostics))
}
const given = (inputs: Inputs) => must(givenOf(inputs).value, 'inputs')

async function drawn(text: string, inputs: Inputs, options: SampleOptions): Promise<SampleResult> {
  const { value, diagnostics } = await sample(loadedOf(text), given(inputs), { seed: 1, ...options })
  return must(value, JSON.stringify(diagnostics))
}
const refused = async (text: string, inputs: Inputs, options: SampleOptions) =>
  (await sample(loadedOf(text), given(inputs), options)).diagnostics.map((d) => [d.code, d.message, d.hint])

/**
 * Whether the mean of a column, or of a function of the columns, is what it should be: within six standard errors. Of a
 * normal variable that is missed once in 5e8 times.
 */
function expectMean(result: SampleResult, of: (value: (name: string) => number) => number, expected: number, error: number): void {
  const { draws, summary } = result
  const columns = new Map(draws.names.map((name) => [name, series(draws, name).flatMap((c) => [...c])]))
  const count = draws.chains.reduce((n, c) => n + c.count, 0)
  const values = Array.from({ length: count }, (_, i) => of((name) => must(columns.get(name), name)[i] as number))
  const mean = values.reduce((a, b) => a + b, 0) / count
  const sd = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / (count - 1))
  const ess = result.sampler === 'exact' ? count : Math.min(...summary.map((r) => r.ess_bulk))
  const standard = sd / Math.sqrt(ess)
  // The bound itself must tell what it is to tell.
  expect(standard).toBeLessThan(error)
  expect(Math.abs(mean - expected) / standard).toBeLessThan(6)
}

const normalMean = `
data  y[i]
param mu = 9 ~ normal(1, 2)
y ~ normal(mu, 0.5)
`
const y = [3, 2.5, 3.5, 4]

/** Precision-weighted: 1/4 of the prior, 4 of each number. */
const posterior = { precision: 1 / 4 + 4 / 0.25, mean: (1 / 4 + (3 + 2.5 + 3.5 + 4) / 0.25) / (1 / 4 + 4 / 0.25) }

describe('params and memories that are inferred', () => {
  it('are a normal mean with its conjugate posterior, in both directions from the prior', async () => {
    const result = await drawn(normalMean, { data: { y } }, { infer: ['mu'], draws: 2000 })
    expect([result.sampler, result.summary.map((r) => r.name), result.drawn]).toEqual(['exact', ['mu'], {}])
    expectMean(result, (v) => v('mu'), posterior.mean, 0.02)
    expectMean(result, (v) => (v('mu') - posterior.mean) ** 2, 1 / posterior.precision, 0.01)
    // Far from its default, which is where the chains start, and from its prior.
    expect(posterior.mean).toBeCloseTo(3.215, 3)
  })

  it('are a memory with a normal prior, whose posterior given cues as data is that of a linear regression', async () => {
    const text = `
data   w[row, pattern]
data   x[row]
memory xi[pattern] ~ normal(0.5, 1)
x ~ normal(sum[pattern](w * xi), 0.5)
`
    const w = [[1, 0.5], [0, 2], [1, -1]] // biome-ignore format: a matrix
    const x = [2, 1, -1]
    // Precision I + W'W / 0.25, and its mean from the prior's and the cues' shares.
    const [a, b, d] = [1 + 4 * 2, 4 * -0.5, 1 + 4 * 5.25]
    const rhs = [0.5 + 4 * (2 - 1), 0.5 + 4 * (1 + 2 + 1)] as const
    const det = a * d - b * b
    const [m1, m2] = [(d * rhs[0] - b * rhs[1]) / det, (a * rhs[1] - b * rhs[0]) / det]
    const result = await drawn(text, { data: { w, x } }, { infer: ['xi'], draws: 2000 })
    expect(result.summary.map((r) => r.name)).toEqual(['xi[1]', 'xi[2]'])
    expectMean(result, (v) => v('xi[1]'), m1, 0.02)
    expectMean(result, (v) => v('xi[2]'), m2, 0.02)
    expectMean(result, (v) => (v('xi[1]') - m1) ** 2, d / det, 0.01)
    expectMean(result, (v) => (v('xi[2]') - m2) ** 2, a / det, 0.01)
    expectMean(result, (v) => (v('xi[1]') - m1) * (v('xi[2]') - m2), -b / det, 0.005)
  })

  it('are a rate with a gamma prior and Poisson counts', async () => {
    const text = 'data n[i] : count\nparam rate : positive ~ gamma(2, 1)\nn ~ poisson(rate)\n'
    const result = await drawn(text, { data: { n: [4, 7, 3] } }, { infer: ['rate'], draws: 2000 })
    const [shape, rate] = [2 + 14, 1 + 3]
    expectMean(result, (v) => v('rate'), shape / rate, 0.05)
    expectMean(result, (v) => (v('rate') - shape / rate) ** 2, shape / rate ** 2, 0.1)
    // E log of a gamma variable: digamma(16) - log(4).
    expectMean(result, (v) => Math.log(v('rate')), 2.7410133832 - Math.log(4), 0.01)
  })

  const bits = `
axis   k = 3
memory b[k] : bit ~ bernoulli(0.3)
data   c[k]
data   y
y ~ normal(sum[k](c * b), 0.7)
`
  const given3 = { data: { c: [1, -0.5, 2], y: 1.2 } }

  test.each([{ keep: ['b'] }, {}])('are bits, by enumeration: %j', async (asked) => {
    const weights = Array.from({ length: 8 }, (_, n) => {
      const b = [n & 1, (n >> 1) & 1, (n >> 2) & 1] as const
      const mean = b[0] - 0.5 * b[1] + 2 * b[2]
      return { b, weight: b.reduce<number>((p, v) => p * (v === 1 ? 0.3 : 0.7), 1) * Math.exp(-((1.2 - mean) ** 2) / (2 * 0.49)) }
    })
    const total = weights.reduce((sum, { weight }) => sum + weight, 0)
    const chance = (of: (b: readonly number[]) => boolean): number =>
      weights.reduce((sum, { b, weight }) => sum + (of(b) ? weight : 0), 0) / total
    const result = await drawn(bits, given3, { infer: ['b'], draws: 3000, ...asked })
    expect(result.sampler).toBe('gibbs')
    for (const i of [1, 2, 3]) expectMean(result, (v) => v(`b[${i}]`), chance((b) => b[i - 1] === 1), 0.02) // biome-ignore format: a line
    expectMean(result, (v) => v('b[1]') * v('b[3]'), chance((b) => b[0] === 1 && b[2] === 1), 0.02) // biome-ignore format: a line
  })

  it('are elements of an axis, summed out exactly or kept', async () => {
    const text = `
axis  k = 3
data  p[k] : simplex[k]
data  m[k]
param g : k ~ categorical(p)
data  y
y ~ normal(m[g], 1)
`
    const inputs = { data: { p: [0.5, 0.2, 0.3], m: [-1, 0, 2], y: 0.8 } }
    const weights = [0.5 * Math.exp(-(1.8 ** 2) / 2), 0.2 * Math.exp(-(0.8 ** 2) / 2), 0.3 * Math.exp(-(1.2 ** 2) / 2)]
    const total = weights.reduce((a, b) => a + b, 0)
    const summed = await drawn(text, inputs, { infer: ['g'], draws: 20 })
    expect(summed.responsibilities.map((r) => [r.name, [...r.mean].map((v) => v.toFixed(12))])).toEqual([
      ['g', weights.map((v) => (v / total).toFixed(12))],
    ])
    const kept = await drawn(text, inputs, { infer: ['g'], keep: ['g'], draws: 3000 })
    weights.forEach((v, i) => {
      expectMean(kept, (value) => (value('g') === i + 1 ? 1 : 0), v / total, 0.02)
    })
  })

  it('are simplexes and covariances, in coordinates of their own', async () => {
    const text = `
axis  k = 3
axis  d = 2
axis  e = size(d)
data  n[k] : count
param w[k] : simplex[k] ~ dirichlet(1.5)
param S[d, e] : covariance[d, e] ~ inverse_wishart[d, e](8, where(index(d) == index(e), 2, 0.5))
n ~ multinomial[k](12, w)
`
    const result = await drawn(text, { data: { n: [7, 1, 4] } }, { infer: ['w', 'S'], draws: 2000 })
    ;[8.5, 2.5, 5.5].forEach((v, i) => {
      expectMean(result, (value) => value(`w[${i + 1}]`), v / 16.5, 0.01)
    })
    // The mean of an inverse Wishart is its matrix over nu - d - 1.
    expectMean(result, (v) => v('S[1,1]'), 2 / 5, 0.03)
    expectMean(result, (v) => v('S[1,2]'), 0.5 / 5, 0.03)
  })

  it('are drawn exactly, in order, where nothing is conditioned on', async () => {
    const text = 'param mu ~ normal(1, 2)\nstate x ~ normal(mu, 1)\n'
    const result = await drawn(text, {}, { infer: ['mu'], draws: 2000 })
    expect(result.sampler).toBe('exact')
    expectMean(result, (v) => v('mu') * (v('x') - v('mu')), 0, 0.05)
    expectMean(result, (v) => v('x'), 1, 0.05)
    expect((await drawn(text, {}, { draws: 5 })).draws.names).toEqual(['x'])
  })
})

describe('what is inferred is a state in all else', () => {
  it('is observed whole or in part', async () => {
    const text = 'axis k = 3\ndata y[k]\nparam mu[k] ~ normal(0, 1)\ny ~ normal(mu, 1)\n'
    const inputs = { data: { y: [2, 2, 2] }, observed: { mu: [5, null, 6] } }
    const result = await drawn(text, inputs, { infer: ['mu'], draws: 2000 })
    expect(result.summary.map((r) => r.name)).toEqual(['mu[2]'])
    expect(new Set(series(result.draws, 'mu[1]').flatMap((c) => [...c]))).toEqual(new Set([5]))
    expectMean(result, (v) => v('mu[2]'), 1, 0.05)
  })

  it('is read by lets, predictions and defaults of states', async () => {
    const text = `${normalMean}let twice = 2 * mu\nstate x = mu ~ normal(mu, 1)\n`
    const result = await drawn(text, { data: { y } }, { infer: ['mu'], report: ['twice'], predict: ['y'], draws: 500 })
    const values = (name: string) => series(result.draws, name).flatMap((c) => [...c])
    expect(values('twice')).toEqual(values('mu').map((v) => 2 * v))
    expectMean(result, (v) => v('y_rep[2]'), posterior.mean, 0.1)
  })

  it('goes on bit for bit, and is drawn alike by the emitted module', async () => {
    const asked = { infer: ['mu'], report: ['twice'] }
    const text = `${normalMean}let twice = 2 * mu\n`
    const options = { seed: 3, chains: 2, warmup: 40 }
    const whole = await drawn(text, { data: { y } }, { ...asked, ...options, draws: 60 })
    const half = await drawn(text, { data: { y } }, { ...asked, ...options, draws: 25 })
    const rest = await drawn(text, { data: { y } }, { ...asked, ...options, draws: 60, resume: half.chains })
    expect(rest.draws).toEqual(whole.draws)
    const { module, declarations } = must((await emit(loadedOf(text), 'sample', asked)).value, 'module')
    const made = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)
    expect(made.sample({ data: { y } }, { ...options, draws: 60 }).draws).toEqual(whole.draws)
    expect(() => made.sample({ data: { y }, param: { mu: 1 } })).toThrow('"mu" is to be found, and a value is given for it.')
    expect(declarations).toMatch(/readonly cue\?: \{\n[^}]*"mu"\?:/)
    expect(declarations).not.toMatch(/readonly param\b/)
  })

  it('is drawn alike by the command line, and gone on with', async () => {
    const folder = folderWith({ 'm.amp': normalMean, 'd.json': JSON.stringify({ y }) })
    const args = ['sample', 'm.amp', '--data', 'd.json', '--infer', 'mu', '--seed', '3', '--chains', '2', '--warmup', '40', '--quiet']
    expect(amp(folder, [...args, '--draws', '25', '--out', 'half.json']).err).toBe('')
    amp(folder, ['sample', 'm.amp', '--data', 'd.json', '--resume', 'half.json', '--draws', '60', '--out', 'whole.json', '--quiet'])
    const { draws } = JSON.parse(readFileSync(join(folder, 'whole.json'), 'utf8'))
    const here = await drawn(normalMean, { data: { y } }, { infer: ['mu'], seed: 3, chains: 2, warmup: 40, draws: 60 })
    expect(draws.chains.map((c: { values: readonly number[] }) => c.values)).toEqual(here.draws.chains.map((c) => [...c.values]))
  })

  it('is a part of the prior, drawn anew with every draw', async () => {
    const text = 'param mu ~ normal(1, 2)\ndata y[i]\ny ~ normal(mu, 0.1)\n'
    const apart = await drawn(text, { data: { y } }, { prior: true, infer: ['mu'], draws: 500 })
    expectMean(apart, (v) => (v('mu') - 1) ** 2, 4, 0.3)
    const once = await drawn(text, { data: { y } }, { prior: true, draws: 5 })
    expect([once.draws.names[0], Object.keys(once.drawn)]).toEqual(['y_rep[1]', ['mu']])
  })
})

describe('what cannot be inferred says so', () => {
  const cases: readonly (readonly [string, string, Inputs, SampleOptions, string, string, string | undefined])[] = [
    ['a value and a wish for one', normalMean, { data: { y }, param: { mu: 1 } }, { infer: ['mu'] }, 'AMP512', '"mu" is to be found, and a value is given for it.', '--cue mu=... says where it starts, and --observed mu=... what is known of it.'],
    ['a slip of the pen', normalMean, { data: { y } }, { infer: ['my'] }, 'AMP721', '"my" is not a variable of the model.', "did you mean 'mu'?"],
    ['data', normalMean, { data: { y } }, { infer: ['y'] }, 'AMP721', '"y" is data, which is given and does not move.', 'To draw what is not known of it, declare it a state: state y[i].'],
    ['a state', 'state x ~ normal(0, 1)\n', {}, { infer: ['x'] }, 'AMP721', '"x" is a state, which moves anyway.', 'Leave out --infer x.'],
    ['a memory without a prior', 'memory xi[k]\nstate x ~ normal(sum[k](xi), 1)\n', {}, { infer: ['xi'] }, 'AMP721', '"xi" is a memory without a prior, so nothing says how likely its values are.', 'Give it one: a statement xi[k] ~ FAMILY(...).'],
    ['what decides which elements there are', 'data y[t]\nparam a ~ normal(0, 1)\ny ~ normal(where(a > 0, y[t = t - 1], 0), 1)\n', { data: { y } }, { infer: ['a'] }, 'AMP721', '"a" decides which elements a shift leaves out, so the energies of its values do not compare.', 'Give the shift a value there, as in y[t = t - 1 else 0], so that no element is left out.'],
    ['what a default of something given depends on', 'data y\nparam a ~ normal(0, 1)\nparam s : positive = exp(a)\ny ~ normal(a, s)\n', { data: { y: 1 } }, { infer: ['a'] }, 'AMP501', 'The param "s" was not given, and its default depends on "a", which has no value before the run.', 'Give it with --param s=VALUE, or a default in the model: param s = 1.'],
  ] // biome-ignore format: a table

  test.each(cases)('%s', async (_, text, inputs, options, ...expected) => {
    expect(await refused(text, inputs, options)).toContainEqual(expected)
  })

  it('in a module that retrieves', async () => {
    const { diagnostics } = await emit(loadedOf('param s : positive ~ gamma(2, 1)\nstate x ~ normal(0, s)\n'), 'retrieve', { infer: ['s'] })
    expect(diagnostics.map((d) => d.message)).toEqual(['"s" cannot be inferred by retrieve, which moves states alone.'])
  })

  it('a pick by number outside its axis has no density, whatever moves it', async () => {
    const text = 'axis k = 3\ndata m[k]\nparam p ~ normal(0, 1)\nstate x ~ normal(m[k = floor(p) + 1], 1)\n'
    const inputs = { data: { m: [0, 4, 9] }, observed: { x: 0.2 } }
    const result = await drawn(text, inputs, { infer: ['p'], draws: 500, chains: 2, warmup: 200, initRadius: 0.3, metric: 'unit' })
    for (const v of series(result.draws, 'p').flatMap((c) => [...c])) expect(v >= 0 && v < 3).toBe(true)
  })
})
