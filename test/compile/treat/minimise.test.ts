import { describe, expect, it } from 'vitest'
import { energies } from '../../../src/api/energy.ts'
import { load } from '../../../src/api/load.ts'
import { retrieve } from '../../../src/api/retrieve.ts'
import { sample } from '../../../src/api/sample.ts'
import { must } from '../../../src/base/internal-error.ts'
import type { GivenByRole } from '../../../src/bind/bound.ts'
import { treat } from '../../../src/compile/treat.ts'
import { series } from '../../../src/inference/draws/draws.ts'
import { situationOf } from '../../../src/middle/situation.ts'
import { givenOf, type Inputs } from '../../../src/run/inputs.ts'
import { energyOf } from '../models.ts'

interface Case {
  readonly lines: string
  readonly inputs: Inputs
  readonly minimise: string
  /** The rest at which the profile is looked at. */
  readonly rest: Readonly<Record<string, number | readonly number[]>>
  /** Of the variable: where to look for something lower. */
  readonly type?: 'positive' | 'probability' | 'simplex' | 'unit' | 'nonnegative'
}

const cases: Readonly<Record<string, Case>> = {
  'a Gaussian, elements apart': {
    lines: 'data y[r]\nstate m ~ normal(0, 2)\nstate x[r] ~ normal(m, 1)\ny ~ normal(2 * x, 0.5)',
    ...{ inputs: { data: { y: [1, 2, -0.5] } }, minimise: 'x', rest: { m: 0.7 } },
  },
  'a Gaussian whose elements meet': {
    lines: 'data A[r, i]\ndata y[r]\nstate m ~ normal(0, 1)\nstate x[i] ~ normal(m, 1)\ny ~ normal(sum[i](A * x), 0.5)',
    ...{ inputs: { data: { A: [[1, 2], [0, 1], [3, 1]], y: [1, 2, 3] } }, minimise: 'x', rest: { m: -0.4 } }, // biome-ignore format: a matrix
  },
  'a Gaussian within bounds': {
    lines: 'data y[r]\nstate m ~ normal(0, 1)\nstate x[r] : nonnegative\nenergy sum[r]((y - x - m)^2 + 0.3 * x)',
    ...{ inputs: { data: { y: [1, 2, -3] } }, minimise: 'x', rest: { m: 0.2 }, type: 'nonnegative' },
  },
  gamma: {
    lines: 'data n[r] : count\nstate s ~ normal(0, 1)\nstate x : positive ~ gamma(2, exp(s))\nn ~ poisson(x)',
    ...{ inputs: { data: { n: [1, 4, 2] } }, minimise: 'x', rest: { s: 0.3 }, type: 'positive' },
  },
  'inverse gamma': {
    lines: 'data y[r]\nstate m ~ normal(0, 1)\nstate x : positive ~ inverse_gamma(2, 1)\ny ~ normal(m, sqrt(x))',
    ...{ inputs: { data: { y: [1, 2, 3] } }, minimise: 'x', rest: { m: 1.1 }, type: 'positive' },
  },
  beta: {
    lines: 'data n[r] : bit\nstate s ~ normal(0, 1)\nstate x : probability ~ beta(1.5 + s^2, 2)\nn ~ bernoulli(x)',
    ...{ inputs: { data: { n: [1, 0, 1] } }, minimise: 'x', rest: { s: 0.5 }, type: 'probability' },
  },
  Dirichlet: {
    lines:
      'axis k = 3\ndata n[r] : k\nstate s ~ normal(0, 1)\nstate x[k] : simplex[k] ~ dirichlet(1.5 + s^2 + 0 * index(k))\nn ~ categorical(x)',
    ...{ inputs: { data: { n: [1, 2, 1, 3] } }, minimise: 'x', rest: { s: 0.5 }, type: 'simplex' },
  },
  'von Mises-Fisher': {
    lines: 'data a[i]\nstate s ~ normal(0, 1)\nstate x[i] : unit[i]\nenergy -sum[i](x * (a + s))',
    ...{ inputs: { data: { a: [0.6, -0.2, 0.8] } }, minimise: 'x', rest: { s: 0.5 }, type: 'unit' },
  },
  'neurons, the input to them': {
    lines:
      'memory xi[h, i]\nstate v[i] with lagrangian sum[i](v^2) / 2\nstate x[h] with lagrangian logsumexp[h](2 * x) / 2\nenergy -sum[h, i](act(x) * xi * act(v))',
    ...{ inputs: { memory: { xi: [[1, -1], [0.5, 2], [1, 1]] } }, minimise: 'x', rest: { v: [0.7, 1.2] } }, // biome-ignore format: a matrix
  },
}

const loaded = (lines: string) => must(load({ name: 'm.amp', text: `model m\n${lines}` }).value, 'model')
const given = (inputs: Inputs): GivenByRole => must(givenOf(inputs).value, 'values')

/** Values of the type close to one. */
function near(x: readonly number[], type: Case['type'], k: number, step: number): readonly number[] {
  const moved = x.map((v, i) => v + step * Math.sin(7 * k + 3 * i + 1))
  if (type === 'positive' || type === 'nonnegative') return moved.map(Math.abs)
  if (type === 'probability') return moved.map((v) => Math.min(1 - 1e-9, Math.max(1e-9, v)))
  const size = type === 'unit' ? Math.hypot(...moved) : type === 'simplex' ? moved.reduce((sum, v) => sum + Math.abs(v), 0) : 1
  return moved.map((v) => (type === 'simplex' ? Math.abs(v) : v) / size)
}

const numbers = (data: ArrayLike<number>): readonly number[] => Array.from(data)

describe.each(Object.entries(cases))('%s', (_, { lines, inputs, minimise, rest, type }) => {
  const at = async (observed: Inputs['observed'] & object, treated: boolean) => {
    const { value, diagnostics } = await energies(loaded(lines), given({ ...inputs, observed }), treated ? { minimise: [minimise] } : {})
    return must(must(value, JSON.stringify(diagnostics)).points[0], 'point')
  }

  it('has the energy of its minimiser, and nothing beside that is lower', async () => {
    const profile = await at(rest, true)
    const told = must(profile.eliminated[minimise]?.value, 'minimiser')
    const place = numbers(told.data)
    const shaped = (x: readonly number[]): number | readonly number[] => (told.axes.length === 0 ? (x[0] as number) : x)
    const own = await at({ ...rest, [minimise]: shaped(place) as never }, false)
    expect(profile.energy).toBeCloseTo(own.energy, 10)
    for (let k = 0; k < 24; k += 1) {
      const other = near(place, type, k, 10 ** ((k % 4) - 3))
      expect((await at({ ...rest, [minimise]: shaped(other) as never }, false)).energy).toBeGreaterThanOrEqual(profile.energy - 1e-10)
    }
  })

  it('is retrieved at the same least energy as with all states', async () => {
    const start = { ...inputs, cue: Object.fromEntries(Object.entries(rest).map(([name, v]) => [name, v])) as never }
    const end = async (treated: boolean) => {
      const { value, diagnostics } = await retrieve(loaded(lines), given(start), treated ? { minimise: [minimise] } : {})
      return must(must(value, JSON.stringify(diagnostics)).retrievals[0], 'retrieval')
    }
    const [profile, all] = [await end(true), await end(false)]
    expect(profile.outcome.kind).toBe('converged')
    expect(profile.energy).toBeCloseTo(all.energy, 6)
    expect(profile.eliminated[minimise]?.how).toBe('minimise')
  })
})

describe('where there is no least value', () => {
  it('the energy is minus infinity, and it is said', async () => {
    const { value } = await retrieve(loaded('state m ~ normal(0, 1)\nstate x\nenergy m * x - x^2'), given({}), { minimise: ['x'] })
    expect(value?.retrievals[0]).toMatchObject({ energy: -Infinity, outcome: { kind: 'unbounded' } })
  })

  it('an element that nothing depends on stays at 0', async () => {
    const text = 'data on[i] : bit\ndata y[i]\nstate m ~ normal(0, 1)\nstate x[i]\nenergy sum[i](on * (y - x - m)^2)'
    const { value } = await energies(loaded(text), given({ data: { on: [1, 0], y: [3, 5] }, observed: { m: 1 } }), { minimise: ['x'] })
    expect(numbers(value?.points[0]?.eliminated.x?.value?.data ?? [])).toEqual([2, 0])
  })
})

it.each([
  ['state x\nstate m ~ normal(0, 1)\nenergy cosh(x - m)', 'x', 'it goes through `cosh`'],
  ['state x[i, j]\nstate m ~ normal(0, 1)\nenergy sum[i, j](x)^2 + sum[i, j](m * x)', 'x', 'meet along "i" and "j" together'],
  ['state x : real(lower = 1) ~ normal(0, 1) in (1, inf)\nstate m ~ normal(x, 1)', 'x', 'its density is truncated'],
  [
    'data W[h, k]\naxis k = size(h)\nstate x[h] with lagrangian sum[h](x^2) / 2\nenergy -sum[h, k](act(x) * W * act(x)[h -> k])',
    'x',
    'drive each other',
  ],
])('is refused with the reason: %s', (lines, name, why) => {
  const energy = energyOf(`model m\n${lines}`)
  const { diagnostics } = treat(energy, situationOf(energy, { minimise: [name] }))
  expect(diagnostics.map((d) => d.code)).toEqual(['AMP613'])
  expect(diagnostics[0]?.message).toContain(why)
})

describe('integrate is minimise and a constant', () => {
  const difference = async (lines: string, data: Inputs['data'] & object, m: number): Promise<number> => {
    const of = async (how: 'integrate' | 'minimise'): Promise<number> => {
      const { value } = await energies(loaded(lines), given({ data, observed: { m } }), { [how]: ['x'] })
      return must(value?.points[0], how).energy
    }
    return (await of('integrate')) - (await of('minimise'))
  }
  const data = { A: [[1, 2], [0, 1], [3, 1]], y: [1, 2, 3] } // biome-ignore format: a matrix

  it('where the second derivatives are constant', async () => {
    const lines = 'data A[r, i]\ndata y[r]\nstate m ~ normal(0, 1)\nstate x[i] ~ normal(m, 1)\ny ~ normal(sum[i](A * x), 0.5)'
    const [first, ...others] = await Promise.all([-2, 0, 0.3, 5].map((m) => difference(lines, data, m)))
    for (const other of others) expect(other).toBeCloseTo(first as number, 9)
  })

  it('and not where they are not', async () => {
    const lines = 'data A[r, i]\ndata y[r]\nstate m ~ normal(0, 1)\nstate x[i] ~ normal(0, exp(m))\ny ~ normal(sum[i](A * x), 0.5)'
    const [first, second] = await Promise.all([-1, 1].map((m) => difference(lines, data, m)))
    expect(Math.abs((first as number) - (second as number))).toBeGreaterThan(0.1)
  })
})

it('draws hold the minimiser of each, of the profile density', async () => {
  const lines = 'data y[r]\nstate m ~ normal(0, 1)\nstate x ~ normal(m, 1)\ny ~ normal(x, 0.5)'
  const { value } = await sample(loaded(lines), given({ data: { y: [1, 2] } }), { minimise: ['x'], chains: 1, draws: 200, seed: 4 })
  const draws = must(value?.draws, 'draws')
  const of = (name: string): readonly number[] => numbers(series(draws, name)[0] as Float64Array)
  // Precisions 1 and 2 / 0.25 = 8.
  of('x').forEach((x, i) => {
    expect(x).toBeCloseTo(((of('m')[i] as number) + 8 * 1.5) / 9, 10)
  })
})
