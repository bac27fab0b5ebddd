import { transformSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { energies } from '../../src/api/energy.ts'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf } from '../../src/run/inputs.ts'

const open = (text: string): Loaded => must(load({ name: 'm.amp', text }).value, 'model')
const inputs = { data: { y: [0.3, -1, 2] } }
const given = must(givenOf(inputs).value, 'inputs')

/** A mean, a precision and weights: a Gaussian, a gamma and a Dirichlet. */
const model = open(`
  axis k = 2
  data y[i]
  param mu ~ normal(0, 2)
  state tau : positive ~ gamma(2, 1)
  state p[k] : simplex[k] ~ dirichlet[k](2)
  state z : k
  state x[i] ~ normal(mu, 1)
  z ~ categorical(p)
  y ~ normal(x, 1 / sqrt(tau))
`)

async function module<T>(reading: 'retrieve' | 'sample' | 'energy', options: object): Promise<T> {
  const { module: text } = must((await emit(model, reading, options)).value, 'module')
  return new Function(`${transformSync(text, { format: 'iife', globalName: 'exported' }).code}; return exported`)() as T
}

describe('modules integrate as the library does', () => {
  it('draws', async () => {
    const options = { integrate: ['x', 'p'] }
    const run = { draws: 20, warmup: 20, chains: 1, seed: 3 }
    const here = must((await sample(model, given, { ...options, infer: ['mu'], ...run })).value, 'draws')
    const { sample: drawn } = await module<{ sample(i: unknown, o: unknown): typeof here }>('sample', { ...options, infer: ['mu'] })
    const there = drawn(inputs, run)
    expect(there.draws.names).toEqual(here.draws.names)
    expect(here.draws.names).toEqual(expect.arrayContaining(['x[1]', 'p[2]', 'mu', 'tau', 'z']))
    expect([...must(there.draws.chains[0], 'chain').values]).toEqual([...must(here.draws.chains[0], 'chain').values])
    expect(there.eliminated).toEqual([
      { name: 'x', how: 'integrate' },
      { name: 'p', how: 'integrate' },
    ])
  })

  it('retrievals, with what is told of what is gone', async () => {
    const options = { integrate: ['x'], keep: ['z'] }
    const fixed = { ...inputs, param: { mu: 0.5 } }
    const here = must((await retrieve(model, must(givenOf(fixed).value, 'inputs'), options)).value, 'found').retrievals[0]
    const { retrieve: found } = await module<{ retrieve(i: unknown): readonly (typeof here)[] }>('retrieve', options)
    const [there] = found(fixed)
    const tau = must(here?.states.tau, 'tau').data[0] as number
    const told = must(here?.eliminated.x, 'x')
    inputs.data.y.forEach((y, i) => {
      expect(told.mean?.data[i]).toBeCloseTo((tau * y + 0.5) / (tau + 1), 12)
      expect(told.sd?.data[i]).toBeCloseTo(1 / Math.sqrt(tau + 1), 12)
    })
    expect([...must(there?.eliminated.x?.mean, 'mean').data]).toEqual([...must(told.mean, 'mean').data])
  })

  it('energies', async () => {
    const options = { integrate: ['x', 'mu', 'p'] }
    const point = { tau: 1.5 }
    const at = must(givenOf({ ...inputs, cue: point }).value, 'inputs')
    const here = must(energies(model, at, options).value, 'energies').points[0]
    const { energyAt } = await module<{ energyAt(i: unknown, p: unknown): typeof here }>('energy', options)
    const there = energyAt(inputs, point)
    expect([there?.energy, there?.eliminated.mu?.mean?.data[0]]).toEqual([here?.energy, here?.eliminated.mu?.mean?.data[0]])
    // z is summed out after p, whose mean is then that of its prior, since nothing else is known of z; its spread is not told.
    expect(here?.responsibilities.z?.data[0]).toBeCloseTo(0.5, 12)
    expect(here?.eliminated.p?.mean?.data[0]).toBeCloseTo(0.5, 12)
    expect(here?.eliminated.p?.sd).toBeUndefined()
    // mu is told given what is left: x is gone, too. Its posterior by conjugacy, with y ~ normal(mu, sqrt(1 + 1 / tau)).
    const precision = 1 / 4 + 3 / (1 + 1 / 1.5)
    expect(here?.eliminated.mu?.mean?.data[0]).toBeCloseTo(1.3 / (1 + 1 / 1.5) / precision, 12)
    expect(here?.eliminated.mu?.sd?.data[0]).toBeCloseTo(1 / Math.sqrt(precision), 12)
    // And x, which went first, by the laws of total expectation and variance.
    const m = must(here?.eliminated.mu?.mean, 'mean').data[0] as number
    expect(here?.eliminated.x?.mean?.data[0]).toBeCloseTo((1.5 * 0.3 + m) / 2.5, 12)
    expect(here?.eliminated.x?.sd?.data[0]).toBeCloseTo(Math.sqrt(1 / 2.5 + 1 / (2.5 * 2.5 * precision)), 12)
  })
})

it('what is observed, or started, of what is integrated out is said', async () => {
  const known = must(givenOf({ ...inputs, observed: { x: [1, null, 2] } }).value, 'inputs')
  const codes = async (options: object) =>
    (await sample(model, known, { ...options, infer: ['mu'], draws: 5 })).diagnostics.map((d) => d.code)
  expect(await codes({ integrate: ['x'] })).toContain('AMP511')
  const started = must(givenOf({ ...inputs, param: { mu: 0 }, cue: { x: 1 } }).value, 'inputs')
  expect((await retrieve(model, started, { integrate: ['x'] })).diagnostics.map((d) => d.code)).toContain('AMP517')
  const whole = must(givenOf({ ...inputs, param: { mu: 0 }, observed: { x: [1, 2, 3] } }).value, 'inputs')
  expect((await retrieve(model, whole, { integrate: ['x'] })).diagnostics.map((d) => d.code)).toEqual(['AMP716'])
})

it('elements that meet along two axes: mean and standard deviations after more was integrated, as by the whole covariance', async () => {
  const A = [[1, 2, 0.5], [0.3, -1, 2]] // biome-ignore format: a matrix
  const lines = 'data A[i, j]\ndata y\nstate m ~ normal(0, 1)\nstate x[i, j] ~ normal(m, 1.3)\ny ~ normal(sum[i, j](A * x), 0.5)'
  const loaded = must(load({ name: 'm.amp', text: `model m\n${lines}` }).value, 'model')
  const inputs = must(givenOf({ data: { A, y: 2 } }).value, 'values')
  const { value } = energies(loaded, inputs, { integrate: ['x', 'm'] })
  const { energy, eliminated } = must(value?.points[0], 'point')
  const a = A.flat()
  const prior = (p: number, q: number): number => 1 + (p === q ? 1.69 : 0)
  const along = a.map((_, p) => a.reduce((sum, v, q) => sum + v * prior(p, q), 0))
  const spread = 0.25 + a.reduce((sum, v, p) => sum + v * (along[p] as number), 0)
  a.forEach((_, p) => {
    expect(eliminated.x?.mean?.data[p]).toBeCloseTo(((along[p] as number) * 2) / spread, 10)
    expect(eliminated.x?.sd?.data[p]).toBeCloseTo(Math.sqrt(prior(p, p) - (along[p] as number) ** 2 / spread), 10)
  })
  expect(energy).toBeCloseTo((4 / spread + Math.log(2 * Math.PI * spread)) / 2, 10)
})
