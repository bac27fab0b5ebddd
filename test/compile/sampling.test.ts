import { describe, expect, test } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { marginalise } from '../../src/compile/marginalise.ts'
import { readSampling } from '../../src/compile/sampling.ts'
import * as ports from '../../src/middle/ports.ts'
import { situationOf } from '../../src/middle/situation.ts'
import { energyOf, runner, samplingOf } from './reading.ts'

const schools = `model eight_schools
data  y[school]
data  se[school] : positive
state mu ~ normal(0, 5)
state tau : positive ~ half_cauchy(5)
state theta[school] ~ normal(mu, tau)
y ~ normal(theta, se)
`

const logNormal = (x: number, mu: number, sigma: number): number =>
  -0.5 * ((x - mu) / sigma) ** 2 - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI)

/** A point of no particular place. */
function point(n: number, seed: number): number[] {
  const stream = new Stream(keyFromSeed(seed))
  return Array.from({ length: n }, () => 0.8 * stream.normal())
}

/** `gradient:NAME` of every state against central differences of `energy`. */
function expectGradients(run: ReturnType<typeof runner>, states: readonly { readonly name: string }[], y: readonly number[]): void {
  const at = run(y)
  const gradient = states.flatMap((s) => at[`gradient:${s.name}`] as number[])
  expect(gradient).toHaveLength(y.length)
  y.forEach((v, i) => {
    const h = 1e-5 * Math.max(1, Math.abs(v))
    const energy = (step: number): number => (run(y.map((w, j) => (j === i ? w + step : w))).energy as number[])[0] as number
    const wanted = (energy(h) - energy(-h)) / (2 * h)
    // h^2 = 1e-10 times a third derivative, and rounding of 1e-14 over h.
    expect(Math.abs((gradient[i] as number) - wanted), `coordinate ${i}: ${gradient[i]}, wanted ${wanted}`).toBeLessThan(
      1e-6 * (1 + Math.abs(wanted)),
    )
  })
}

describe('eight schools', () => {
  const data = { y: [28, 8, -3], se: [15, 10, 16] }
  const program = samplingOf(schools)
  const sizes = { school: 3 }

  test('is the closed form, the Jacobian outside the temperature', () => {
    const [mu, logTau, ...theta] = [1.3, 0.4, 2, -1, 0.5] as [number, number, number, number, number]
    const tau = Math.exp(logTau)
    const logCauchy = Math.log(2 / (5 * Math.PI)) - Math.log1p((tau / 5) ** 2)
    const logDensity =
      logNormal(mu, 0, 5) +
      logCauchy +
      theta.reduce((s, t, i) => s + logNormal(t, mu, tau) + logNormal(data.y[i] as number, t, data.se[i] as number), 0)
    for (const T of [1, 2.5]) {
      const out = runner(program, sizes, { ...data, [ports.temperature]: [T] })([mu, logTau, ...theta])
      expect(out.energy?.[0]).toBeCloseTo(-logDensity / T - logTau, 12)
      expect(out.log_jacobian?.[0]).toBeCloseTo(logTau, 14)
      expect(out['value:tau']?.[0]).toBeCloseTo(tau, 14)
      expect(out['value:theta']).toEqual(theta)
      const terms = program.terms.reduce((s, t) => s + (out[`term:${t}`]?.[0] as number), 0)
      expect(terms).toBeCloseTo(-logDensity, 12)
    }
  })

  test('has the gradient of differences', () => {
    expectGradients(runner(program, sizes, { ...data, [ports.temperature]: [1.7] }), program.states, point(5, 3))
  })

  test('says what is given and what moves', () => {
    expect(program.fixed.map((v) => v.name)).toEqual(['y', 'se'])
    expect(program.states.map((s) => [s.name, s.axes, s.coordinateAxes])).toEqual([
      ['mu', [], []],
      ['tau', [], []],
      ['theta', ['school'], ['school']],
    ])
    expect(program.discrete).toEqual([])
  })

  test('an observed state is an input, and its prior a number', () => {
    const observed = samplingOf(schools, { observed: new Set(['tau']) })
    expect(observed.states.map((s) => s.name)).toEqual(['mu', 'theta'])
    expect(observed.fixed.map((v) => v.name)).toEqual(['y', 'se', 'tau'])
    const tau = Math.exp(0.4)
    const whole = runner(program, sizes, data)([1.3, 0.4, 2, -1, 0.5])
    const part = runner(observed, sizes, { ...data, tau: [tau] })([1.3, 2, -1, 0.5])
    expect((part.energy?.[0] as number) - 0.4).toBeCloseTo(whole.energy?.[0] as number, 12)
  })
})

test('every kind of support at once, with bounds that are states, has the gradient of differences', () => {
  const program = samplingOf(`model all
axis k = 3
axis d = 4
state a ~ normal(0, 1)
state low[i] : real(lower = a) ~ normal(1, 2)
state up : real(upper = -2) ~ normal(-3, 1)
state both[i] : real(lower = a - 5, upper = 2 * exp(a)) ~ normal(0, 3)
state pos : positive ~ gamma(2, 3)
state non : nonnegative ~ half_normal(2)
state pr[i] : probability ~ beta(2, 3.5)
state s[i, k] : simplex[k] ~ dirichlet[k](1.5)
state o[k, i] : ordered[k] ~ normal(0, 2)
state u[d] : unit[d]
energy -2 * sum[d](u * index(d)) + sum[i, k](s * o * index(k) * low)
`)
  const sizes = { k: 3, d: 4, i: 2, 'k:free': 2 }
  const run = runner(program, sizes, { [ports.temperature]: [1.3] })
  const dimension = 1 + 2 + 1 + 2 + 1 + 1 + 2 + 4 + 6 + 4
  for (const seed of [1, 2, 3]) expectGradients(run, program.states, point(dimension, seed))
  expect(program.states.find((s) => s.name === 's')?.coordinateAxes).toEqual(['i', 'k:free'])
  expect(program.axes.find((a) => a.name === 'k:free')).toEqual({ name: 'k:free', size: { kind: 'less', than: 'k', by: 1 } })
})

describe('a normalised model stays normalised over its coordinates', () => {
  // A sum over a fine grid is exact to all digits for smooth functions that vanish at both ends.
  const integral = (run: ReturnType<typeof runner>, from = -60, to = 60, steps = 2400): number => {
    let sum = 0
    for (let i = 0; i < steps; i += 1) sum += Math.exp(-(run([from + ((i + 0.5) * (to - from)) / steps]).energy?.[0] as number))
    return (sum * (to - from)) / steps
  }

  test.each([
    'state x ~ normal(1, 2)',
    'state x : positive ~ gamma(2.5, 1.5)',
    'state x : positive ~ lognormal(0.3, 0.7)',
    'state x : nonnegative ~ half_normal(2)',
    'state x : probability ~ beta(2, 3)',
    'state x : real(lower = -1, upper = 4) ~ uniform(-1, 4)',
    'state x : real(lower = 2) ~ normal(0, 1) in (2, inf)',
    'state x : real(upper = -0.5) ~ cauchy(0, 2) in (-inf, -0.5)',
    'state x : real(lower = 0.2, upper = 0.9) ~ logistic(0, 0.3) in (0.2, 0.9)',
    'axis k = 2\nstate x[k] : simplex[k] ~ dirichlet[k](1.7)',
  ])('%s', (statement) => {
    const program = samplingOf(`model one\n${statement}\n`)
    expect(integral(runner(program, { k: 2, 'k:free': 1 }))).toBeCloseTo(1, 9)
  })
})

describe('discrete states', () => {
  const mixture = `model mixture
axis k = 2
param sigma : positive = 1
data mu[k]
state z : k
state x ~ normal(mu[z], sigma)
`

  test('a mixture with its element summed out, at any temperature', () => {
    const summed = marginalise(energyOf(mixture), 'auto').value
    const program = samplingOf(summed as NonNullable<typeof summed>)
    for (const T of [1, 3]) {
      const out = runner(program, { k: 2 }, { sigma: [0.7], mu: [-1, 2], [ports.temperature]: [T] })([0.4])
      const logs = [-1, 2].map((m) => (Math.log(0.5) + logNormal(0.4, m, 0.7)) / T)
      const weights = logs.map(Math.exp)
      const total = weights.reduce((a, b) => a + b, 0)
      // p(x, z) = exp(-E(x, z) / T), summed over z.
      expect(out.energy?.[0]).toBeCloseTo(-Math.log(total), 12)
      expect(out['responsibility:z']).toEqual(weights.map((w) => expect.closeTo(w / total, 12)))
    }
    expectGradients(runner(program, { k: 2 }, { sigma: [0.7], mu: [-1, 2], [ports.temperature]: [3] }), program.states, [0.4])
  })

  test('one that is left is an input that moves by sites', () => {
    const program = samplingOf(mixture)
    expect(program.discrete.map((d) => d.name)).toEqual(['z'])
    expect(program.graph.inputs.map((p) => p.name)).toContain('value:z')
    const out = runner(program, { k: 2 }, { sigma: [0.7], mu: [-1, 2], 'value:z': [1] })([0.4])
    expect(out.energy?.[0]).toBeCloseTo(Math.log(2) - logNormal(0.4, 2, 0.7), 12)
  })

  test('an observed one keeps its name', () => {
    const program = samplingOf(mixture, { observed: new Set(['z']) })
    expect(program.discrete).toEqual([])
    const out = runner(program, { k: 2 }, { sigma: [0.7], mu: [-1, 2], z: [0] })([0.4])
    expect(out.energy?.[0]).toBeCloseTo(Math.log(2) - logNormal(0.4, -1, 0.7), 12)
  })
})

test('a param with a prior moves like a state on request', () => {
  const text = 'model m\nparam s : positive = 1 ~ gamma(2, 3)\nstate x ~ normal(0, s)\n'
  expect(samplingOf(text).states.map((v) => v.name)).toEqual(['x'])
  const program = samplingOf(text, { infer: ['s'] })
  expect(program.states.map((v) => v.name)).toEqual(['s', 'x'])
  expectGradients(runner(program, {}), program.states, [0.3, -0.8])
})

describe('what cannot be sampled says so', () => {
  const codes = (text: string, observed: readonly string[] = []) =>
    readSampling(energyOf(text), situationOf(energyOf(text), { observed })).diagnostics.map((d) => `${d.code} ${d.message}`)

  test('a state that nothing holds back', () => {
    expect(codes('model m\nstate x\nstate y ~ normal(0, 1)\n')).toEqual([
      'AMP603 The density of "x" cannot be normalised: it is flat over an infinite support.',
    ])
    expect(codes('model m\nstate x : probability\nstate y ~ normal(0, 1)\n')).toEqual([])
    expect(codes('model m\nstate x : real(lower = 0)\nstate y ~ normal(0, 1)\n')[0]).toMatch(/^AMP603/)
  })

  test('a count, and nothing at all', () => {
    expect(codes('model m\nstate n : count ~ poisson(3)\n')[0]).toMatch(/^AMP606 .*"n"/)
    expect(codes('model m\nstate x ~ normal(0, 1)\n', ['x'])[0]).toMatch(/^AMP607/)
  })
})
