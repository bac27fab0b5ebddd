import { describe, expect, it, test } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { type Loaded, load } from '../../src/api/load.ts'
import { type SampleOptions, type SampleResult, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { mcseMean } from '../../src/inference/diagnostics/mcse.ts'
import { mean, pooled } from '../../src/inference/diagnostics/moments.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

const loadedOf = (text: string): Loaded => must(load({ name: 'm.amp', text }).value, 'model')
const given = (inputs: Inputs) => must(givenOf(inputs).value, 'inputs')

async function drawn(text: string, inputs: Inputs, options: SampleOptions = {}): Promise<SampleResult> {
  const { value, diagnostics } = await sample(loadedOf(text), given(inputs), { seed: 5, sampler: 'gibbs', ...options })
  return must(value, JSON.stringify(diagnostics))
}

type Function = (value: (name: string) => number) => number

/** Chains of a function of the columns. */
function chainsOf({ draws }: SampleResult, of: Function): readonly Float64Array[] {
  const columns = new Map(draws.names.map((name) => [name, series(draws, name)]))
  return draws.chains.map((chain, c) =>
    Float64Array.from({ length: chain.count }, (_, d) => of((name) => must(columns.get(name)?.[c], name)[d] as number)),
  )
}

/** Whether the mean of a function is what it should be: within six standard errors, which is missed once in 5e8 times. */
function expectMean(result: SampleResult, of: Function, expected: number): void {
  const chains = chainsOf(result, of)
  const error = mcseMean(chains)
  expect(error).toBeLessThan(0.1 * Math.max(1, Math.abs(expected)))
  expect(Math.abs(mean(pooled(chains)) - expected) / error).toBeLessThan(6)
}

/** The mean of a function of two numbers under exp(-energy), by the midpoint rule. */
function byQuadrature(energy: (x: number, y: number) => number, x: readonly [number, number], y: readonly [number, number]) {
  const places = 400
  const at = ([low, high]: readonly [number, number], i: number): number => low + ((i + 0.5) * (high - low)) / places
  const points = Array.from({ length: places * places }, (_, k) => [at(x, Math.floor(k / places)), at(y, k % places)] as const)
  const energies = points.map(([a, b]) => energy(a, b))
  const least = energies.reduce((a, b) => Math.min(a, b))
  const weights = energies.map((e) => Math.exp(least - e))
  const total = weights.reduce((a, b) => a + b, 0)
  return (f: (x: number, y: number) => number): number =>
    points.reduce((sum, [a, b], i) => sum + (weights[i] as number) * f(a, b), 0) / total
}

const x = [-1, 0.5, 2, 1, -0.3, 1.4]
const y = [-1.2, 1, 3.1, 1.2, 0.4, 2.9]
const residuals = (b: number): number => x.reduce((sum, v, i) => sum + ((y[i] as number) - b * v) ** 2, 0)
const regression = 'data x[i]\ndata y[i]\nstate b ~ normal(0, 3)\nstate v : positive ~ inverse_gamma(3, 1)\ny ~ normal(b * x, sqrt(v))'

describe.each([1, 2])('a regression whose variance is unknown, at T = %d', (temperature) => {
  it('has the means that quadrature gives', async () => {
    const result = await drawn(regression, { data: { x, y } }, { temperature })
    expect(result.sampler).toBe('gibbs')
    expect(result.exact).toEqual([{ variables: ['b'], density: 'normal' }, { variables: ['v'], density: 'inverse_gamma' }]) // biome-ignore format: one line
    // In the logarithm u of v, with its Jacobian.
    const energy = (b: number, u: number): number =>
      (b ** 2 / 18 + 4 * u + Math.exp(-u) + 3 * u + residuals(b) / (2 * Math.exp(u))) / temperature - u
    const truth = byQuadrature(energy, [-3, 6], [-5, 6])
    expectMean(
      result,
      (v) => v('b'),
      truth((b) => b),
    )
    expectMean(result, (v) => v('b') ** 2, truth((b) => b * b)) // biome-ignore format: one line
    expectMean(result, (v) => Math.log(v('v')), truth((_, u) => u)) // biome-ignore format: one line
    expectMean(result, (v) => v('v') * v('b'), truth((b, u) => Math.exp(u) * b)) // biome-ignore format: one line
  })
})

test('what has no form moves by NUTS within', async () => {
  const text = regression.replace('inverse_gamma(3, 1)', 'exponential(1)')
  const result = await drawn(text, { data: { x, y } })
  expect([result.sampler, result.exact.map((e) => e.variables)]).toEqual(['nuts within gibbs', [['b']]])
  expect(result.draws.names).toEqual(['b', 'v'])
  const energy = (b: number, u: number): number => b ** 2 / 18 + Math.exp(u) + 3 * u + residuals(b) / (2 * Math.exp(u)) - u
  const truth = byQuadrature(energy, [-3, 6], [-8, 6])
  expectMean(
    result,
    (v) => v('b'),
    truth((b) => b),
  )
  expectMean(result, (v) => Math.log(v('v')), truth((_, u) => u)) // biome-ignore format: one line
  expectMean(result, (v) => v('v') * v('b') ** 2, truth((b, u) => Math.exp(u) * b * b)) // biome-ignore format: one line
})

test('bounds cut off: a half line and a segment', async () => {
  const text = 'state s : positive\nenergy (s - 1)^2\nstate u : real(lower = -1, upper = 2)\nenergy (u - s)^2 / 2'
  const result = await drawn(text, {})
  expect(result.exact.map((e) => e.density)).toEqual(['truncated normal', 'truncated normal'])
  const truth = byQuadrature((s, u) => (s - 1) ** 2 + (u - s) ** 2 / 2, [0, 6], [-1, 2])
  expectMean(
    result,
    (v) => v('s'),
    truth((s) => s),
  )
  expectMean(result, (v) => v('u'), truth((_, u) => u)) // biome-ignore format: one line
  expectMean(result, (v) => v('u') * v('s'), truth((s, u) => s * u)) // biome-ignore format: one line
})

test('a mixture whose elements are drawn, too, has the means of its enumeration', async () => {
  const data = [-1, 0.2, 2.5, 3]
  const text =
    'axis k = 2\ndata y[i]\nstate mu[k] ~ normal(2 * index(k) - 2, 1)\nstate z[i] : k\nz ~ categorical(where(index(k) == 1, 0.3, 0.7))\ny ~ normal(mu[z], 1)'
  const result = await drawn(text, { data: { y: data } }, { keep: ['z'] })
  expect(result.sampler).toBe('gibbs')
  let [total, mu, share] = [0, 0, 0]
  for (let bits = 0; bits < 16; bits += 1) {
    const first = data.map((_, i) => (bits >> i) & 1)
    // Each cluster: a normal mean with prior (m, 1), integrated out.
    const [own, other] = [1, 0].map((of) => {
      const ys = data.filter((_, i) => first[i] === of)
      const prior = of === 1 ? 0 : 2
      const precision = 1 + ys.length
      const centre = (prior + ys.reduce((a, b) => a + b, 0)) / precision
      const squares = prior ** 2 + ys.reduce((a, b) => a + b * b, 0)
      return { centre, log: -0.5 * Math.log(precision) - 0.5 * (squares - precision * centre ** 2) }
    }) as [{ centre: number; log: number }, { centre: number; log: number }]
    const weight = Math.exp(own.log + other.log) * first.reduce((p: number, f) => p * (f === 1 ? 0.3 : 0.7), 1)
    total += weight
    mu += weight * own.centre
    share += weight * (first[0] as number)
  }
  expectMean(result, (v) => v('mu[1]'), mu / total)
  expectMean(result, (v) => (v('z[1]') === 1 ? 1 : 0), share / total)
})

const intercepts = `
data of[i] : j
data t[i]
data y[i]
state m ~ normal(0, 5)
state slope ~ normal(0, 2)
state u[j] ~ normal(0, 1 / sqrt(tau))
state tau : positive ~ gamma(3, 2)
state prec : positive ~ gamma(2, 1)
y ~ normal(m + u[of] + slope * t, 1 / sqrt(prec))
`
const groups = { data: { of: [1, 1, 2, 2, 2, 3, 3, 4, 4, 4], t: [0, 1, 2, 0, 1, 2, 0, 1, 2, 3], y: [1.1, 1.9, 3.3, 0.4, 1.8, 5.1, 2.7, 0.2, 1.4, 1.9] } } // biome-ignore format: one line

describe('random intercepts', () => {
  it('are drawn together with intercept and slope, and have the means that NUTS finds', async () => {
    const gibbs = await drawn(intercepts, groups, { draws: 2000 })
    expect(gibbs.exact.map((e) => e.variables.join(' '))).toEqual(['m slope u', 'tau', 'prec'])
    const nuts = await drawn(intercepts, groups, { sampler: 'nuts', draws: 2000 })
    expect([gibbs.draws.names, nuts.sampler]).toEqual([nuts.draws.names, 'nuts'])
    const functions: Function[] = [
      (v) => v('u[3]'),
      (v) => v('m') ** 2,
      (v) => Math.log(v('tau')),
      (v) => v('prec'),
      (v) => v('m') * v('slope'),
    ]
    for (const f of functions) {
      const [a, b] = [gibbs, nuts].map((r) => chainsOf(r, f)) as [readonly Float64Array[], readonly Float64Array[]]
      expect(Math.abs(mean(pooled(a)) - mean(pooled(b))) / Math.hypot(mcseMean(a), mcseMean(b))).toBeLessThan(6)
    }
  })

  it('go on bit for bit where a run stopped', async () => {
    const shape = { chains: 2, warmup: 20 }
    const whole = await drawn(intercepts, groups, { ...shape, draws: 40 })
    const first = await drawn(intercepts, groups, { ...shape, draws: 15 })
    const both = await drawn(intercepts, groups, { ...shape, draws: 40, resume: first.chains })
    expect(both.draws).toEqual(whole.draws)
    expect(new Set(whole.draws.chains.map((c) => c.values[0])).size).toBe(2)
  })

  it('are drawn by a module as here', async () => {
    const { value } = await emit(loadedOf(intercepts), 'sample')
    const url = `data:text/javascript;base64,${Buffer.from(must(value, 'module').module).toString('base64')}`
    const module = (await import(url)) as { sample(inputs: Inputs, options: SampleOptions): SampleResult }
    const options = { chains: 1, warmup: 5, draws: 20, seed: 5, sampler: 'gibbs' } as const
    const there = module.sample(groups, options)
    const here = await drawn(intercepts, groups, options)
    expect(there.draws).toEqual(here.draws)
    expect([there.sampler, there.exact]).toEqual(['gibbs', here.exact])
  })
})

describe('what is observed in part', () => {
  const text = 'data y[t]\nstate x[t]\nstate m ~ normal(0, 2)\nx ~ normal(m, 1)\nx ~ normal(0.7 * x[t = t - 1], 0.5)\ny ~ normal(x, 1)'
  const inputs = { data: { y: [1, 2, 0, -1, 2] }, observed: { x: [null, 1.3, null, null, 0.4] } }

  it('stays, and the rest is drawn given it', async () => {
    const gibbs = await drawn(text, inputs)
    const nuts = await drawn(text, inputs, { sampler: 'nuts' })
    expect(gibbs.exact.map((e) => e.variables.join(' '))).toEqual(['x m'])
    expect(gibbs.draws.names).toEqual(nuts.draws.names)
    expect(new Set(chainsOf(gibbs, (v) => v('x[2]')).flatMap((c) => [...c]))).toEqual(new Set([1.3]))
    for (const f of [(v) => v('x[3]'), (v) => v('m') * v('x[1]'), (v) => v('x[3]') * v('x[4]')] as Function[]) {
      const [a, b] = [gibbs, nuts].map((r) => chainsOf(r, f)) as [readonly Float64Array[], readonly Float64Array[]]
      expect(Math.abs(mean(pooled(a)) - mean(pooled(b))) / Math.hypot(mcseMean(a), mcseMean(b))).toBeLessThan(6)
    }
  })
})

describe('at once', () => {
  const text =
    'data x[i]\ndata y[i]\nstate a ~ normal(0, 3)\nparam b = 0 ~ normal(0, 3)\nmemory w[i] ~ normal(0, 1)\ny ~ normal(a + b * x + w, 0.5)'

  it('params and memories that are inferred join, and draws are independent', async () => {
    const result = await drawn(text, { data: { x, y } }, { sampler: 'exact', infer: ['b', 'w'], draws: 4000, chains: 1 })
    expect([result.sampler, result.warnings, result.exact]).toEqual(['exact', [], [{ variables: ['a', 'b', 'w'], density: 'Gaussian' }]])
    // Given w out of the way the noise has the variance 1.25: ordinary conjugate regression on (1, x).
    const s = 1.25
    const [n, sx, sxx] = [6 / s + 1 / 9, x.reduce((p, q) => p + q, 0) / s, x.reduce((p, q) => p + q * q, 0) / s + 1 / 9]
    const [sy, sxy] = [y.reduce((p, q) => p + q, 0) / s, x.reduce((p, q, i) => p + q * (y[i] as number), 0) / s]
    const det = n * sxx - sx * sx
    expectMean(result, (v) => v('a'), (sxx * sy - sx * sxy) / det)
    expectMean(result, (v) => v('b'), (n * sxy - sx * sy) / det)
    const centre = (n * sxy - sx * sy) / det
    expectMean(result, (v) => (v('b') - centre) ** 2, n / det)
    const [chain] = chainsOf(result, (v) => v('b')) as [Float64Array]
    const around = chain.map((v) => v - centre)
    const lag = around.slice(1).reduce((sum, v, i) => sum + v * (around[i] as number), 0) / around.reduce((sum, v) => sum + v * v, 0)
    expect(Math.abs(lag)).toBeLessThan(6 / Math.sqrt(4000))
  })
})

test('what has no form at all is not moved by Gibbs', async () => {
  const { diagnostics } = await sample(loadedOf('state x ~ cauchy(0, 1)\nenergy x^4'), given({}), { sampler: 'gibbs' })
  expect(diagnostics.map((d) => [d.code, d.hint])).toEqual([['AMP711', 'Use --sampler nuts.']])
})
