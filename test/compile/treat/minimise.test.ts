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
  'no formula': {
    lines: 'data y[r]\nstate m ~ normal(0, 1)\nstate x[r] ~ normal(m, 1)\nenergy sum[r](cosh(y - x) + 0.2 * (x * m)^4)',
    ...{ inputs: { data: { y: [1, 2, -0.5] } }, minimise: 'x', rest: { m: 0.7 } },
  },
  'no formula: elements that meet along two axes': {
    lines: 'data y[r, c]\nstate m ~ normal(0, 1)\nstate x[r, c] ~ normal(m, 1)\nenergy sum[r, c]((y - x)^2) + (sum[r, c](x) - 2)^2',
    ...{ inputs: { data: { y: [[1, 2], [-0.5, 3]] } }, minimise: 'x', rest: { m: 0.7 } }, // biome-ignore format: a matrix
  },
  'no formula: within bounds, at one of them': {
    lines: 'data y[r]\nstate m ~ normal(0, 1)\nstate x[r] : nonnegative\nenergy sum[r](cosh(y - x - m) + 0.3 * x)',
    ...{ inputs: { data: { y: [1, 2, -3] } }, minimise: 'x', rest: { m: 0.2 }, type: 'nonnegative' },
  },
  'no formula: positive': {
    lines: 'data y[r]\nstate m ~ normal(0, 1)\nstate x : positive ~ lognormal(m, 0.5)\ny ~ student_t(4, 0, x)',
    ...{ inputs: { data: { y: [1, 2, -3] } }, minimise: 'x', rest: { m: 0.2 }, type: 'positive' },
  },
  'no formula: a simplex': {
    lines:
      'axis k = 3\ndata n[r] : k\nstate s ~ normal(0, 1)\nstate x[k] : simplex[k]\nenergy -sum[r](log(x[k = n])) + sum[k]((x - 0.2 * s)^2)',
    ...{ inputs: { data: { n: [1, 2, 1, 3] } }, minimise: 'x', rest: { s: 0.5 }, type: 'simplex' },
  },
  'no formula: a sphere': {
    lines: 'data a[i]\nstate s ~ normal(0, 1)\nstate x[i] : unit[i]\nenergy -log1p(exp(sum[i](x * (a + s))))',
    ...{ inputs: { data: { a: [0.6, -0.2, 0.8] } }, minimise: 'x', rest: { s: 0.5 }, type: 'unit' },
  },
  'no formula: neurons that drive each other': {
    lines:
      'data W[h, k]\naxis k = size(h)\nmemory xi[h, i]\nstate v[i] with lagrangian sum[i](v^2) / 2\nstate x[h] with lagrangian sum[h](x^2) / 2\nenergy -sum[h, k](act(x) * W * act(x)[h -> k]) - sum[h, i](act(x) * xi * act(v))',
    ...{ inputs: { data: { W: [[0, 0.2], [0.2, 0]] }, memory: { xi: [[0.3, -0.4], [0.2, 0.5]] } }, minimise: 'x', rest: { v: [0.7, 1.2] } }, // biome-ignore format: a matrix
  },
  'no formula, beside one that has': {
    lines: 'state m ~ normal(0, 1)\nstate w ~ normal(m, 1)\nstate x ~ normal(0, 1)\nenergy cosh(x - m) + x * m + exp(x / 2)',
    ...{ inputs: {}, minimise: 'x', rest: { m: 0.7, w: 0.1 } },
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
    const shaped = (x: readonly number[]) => {
      const [rows = 1, columns] = told.shape
      if (columns !== undefined) return Array.from({ length: rows }, (_, i) => x.slice(i * columns, (i + 1) * columns))
      return told.axes.length === 0 ? (x[0] as number) : x
    }
    const own = await at({ ...rest, [minimise]: shaped(place) as never }, false)
    expect(profile.energy).toBeCloseTo(own.energy, 10)
    for (let k = 0; k < 24; k += 1) {
      const other = near(place, type, k, 10 ** ((k % 4) - 3))
      expect((await at({ ...rest, [minimise]: shaped(other) as never }, false)).energy).toBeGreaterThanOrEqual(profile.energy - 1e-10)
    }
  })

  it('has the slope of the energy at that place', async () => {
    const profile = await at(rest, true)
    const step = 1e-4
    for (const [name, value] of Object.entries(rest)) {
      const whole = typeof value === 'number' ? [value] : value
      const moved = (k: number, by: number) => {
        const next = whole.map((v, i) => (i === k ? v + by : v))
        return at({ ...rest, [name]: typeof value === 'number' ? (next[0] as number) : next }, true)
      }
      for (let k = 0; k < whole.length; k += 1) {
        const slope = ((await moved(k, step)).energy - (await moved(k, -step)).energy) / (2 * step)
        // Differences are good to the third derivative times step^2 and to rounding over the step.
        expect(Math.abs(slope - (profile.gradient[name]?.data[k] as number))).toBeLessThan(1e-6 * (1 + Math.abs(slope)))
      }
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

describe('a minimum that is found step by step', () => {
  const troubles = (lines: string, asked: Parameters<typeof situationOf>[1]) => {
    const energy = energyOf(`model m\n${lines}`)
    return treat(energy, situationOf(energy, asked)).diagnostics
  }
  const mixture =
    'axis k = 2\ndata y[r]\nstate s ~ normal(0, 1)\nstate x[k] ~ cauchy(0, 5)\nstate z[r] : k ~ categorical_logit(0 * index(k))\ny ~ normal(x[z] + s, 1)'

  it.each<readonly [string, Parameters<typeof situationOf>[1], string]>([
    [
      mixture,
      {
        treatments: [
          { kind: 'minimise', name: 'x' },
          { kind: 'sum-out', name: 'z' },
        ],
      },
      '"z" cannot be summed out after "x" is',
    ],
    [
      mixture,
      {
        treatments: [
          { kind: 'minimise', name: 'x' },
          { kind: 'relax', name: 'z' },
        ],
      },
      '"z" cannot be relaxed after "x" is',
    ],
    [
      'state w ~ normal(0, 1)\nstate x\nenergy cosh(x - w)',
      {
        treatments: [
          { kind: 'minimise', name: 'x' },
          { kind: 'integrate', name: 'w' },
        ],
      },
      '"w" cannot be integrated out after "x" is',
    ],
    ['state m\nstate x : real(lower = m)\nenergy cosh(x) + m^2', { minimise: ['x'] }, 'its bounds depend on "m"'],
    ['state x\nstate m : real(lower = x)\nenergy cosh(x) + m^2', { minimise: ['x'] }, 'the bounds of "m" depend on it'],
  ])('comes last of what depends on it, and stays clear of bounds that move: %s', (lines, asked, why) => {
    const found = troubles(lines, asked)
    expect(found.map((d) => d.code)).toEqual(['AMP613'])
    expect(found[0]?.message).toContain(why)
  })

  it('a discrete state that depends on it cannot jump', async () => {
    const text = 'state x ~ cauchy(0, 5)\nstate s ~ normal(0, 1)\nstate z : bit ~ bernoulli(0.5)\nenergy cosh(x - s) * (1 + z)'
    const { diagnostics } = await retrieve(loaded(text), given({}), { minimise: ['x'] })
    expect(diagnostics.map((d) => d.code)).toEqual(['AMP613'])
    // Its value may be given, though.
    const { value } = energies(loaded(text), given({ observed: { s: 1, z: 1 } }), { minimise: ['x'] })
    expect(value?.points[0]?.trouble).toBeUndefined()
  })

  it('what it does not depend on is treated after it as before it', () => {
    const lines =
      'data y\nstate m ~ normal(0, 1)\nstate w ~ normal(m, 1)\nstate z : bit ~ bernoulli(0.3)\nstate x\ny ~ normal(w, 1)\nenergy cosh(x - m) + m * z'
    const order = [{ kind: 'integrate', name: 'w' }, { kind: 'sum-out', name: 'z' }, { kind: 'minimise', name: 'x' }] as const // biome-ignore format: one thought
    const of = (treatments: (typeof order)[number][]) => {
      const { value, diagnostics } = energies(loaded(lines), given({ data: { y: 0.4 }, observed: { m: 0.3 } }), { treatments })
      return must(value?.points[0], JSON.stringify(diagnostics)).energy
    }
    expect(of(order.toReversed())).toBeCloseTo(of([...order]), 12)
  })

  it('minima may be taken in any order, with formulas and without', () => {
    const lines = 'state m ~ normal(0, 1)\nstate w ~ normal(m, 1)\nstate v ~ normal(0, 1)\nstate x\nenergy cosh(x - m - w) + (v - x)^4'
    const of = (...names: readonly string[]) => {
      const treatments = names.map((name) => ({ kind: 'minimise', name }) as const)
      const { value } = energies(loaded(lines), given({ observed: { m: 0.9 } }), { treatments })
      return must(value?.points[0], 'point').energy
    }
    const all = of('x', 'w', 'v')
    expect(of('w', 'v', 'x')).toBeCloseTo(all, 10)
    expect(of('v', 'x', 'w')).toBeCloseTo(all, 10)
    const grid = (x: number, w: number, v: number): number => (0.81 + (w - 0.9) ** 2 + v ** 2) / 2 + Math.cosh(x - 0.9 - w) + (v - x) ** 4
    const constant = 1.5 * Math.log(2 * Math.PI)
    for (let x = -1; x <= 3; x += 0.25)
      for (let w = -2; w <= 2; w += 0.25) for (let v = -1; v <= 3; v += 0.25) expect(grid(x, w, v) + constant).toBeGreaterThan(all)
  })

  it('of a mixture whose component is summed out, means at the stationary point of EM', () => {
    const y = [-2.1, -1.8, 1.9, 2.4, 2.2]
    const treatments = [{ kind: 'sum-out', name: 'z' }, { kind: 'minimise', name: 'x' }] as const // biome-ignore format: one thought
    const { value, diagnostics } = energies(loaded(mixture), given({ data: { y }, observed: { s: 0.1 }, cue: { x: [-1, 1] } }), { treatments: [...treatments] }) // biome-ignore format: one thought
    const x = numbers(must(value?.points[0]?.eliminated.x?.value, JSON.stringify(diagnostics)).data)
    x.forEach((mean, k) => {
      const shares = y.map((v) => {
        const weights = x.map((m) => Math.exp(-((v - m - 0.1) ** 2) / 2))
        return (weights[k] as number) / ((weights[0] as number) + (weights[1] as number))
      })
      const slope = (2 * mean) / (25 + mean ** 2) - shares.reduce((sum, r, i) => sum + r * ((y[i] as number) - mean - 0.1), 0)
      expect(Math.abs(slope)).toBeLessThan(1e-8)
    })
    expect(x[0]).toBeLessThan(-1)
    expect(x[1]).toBeGreaterThan(1)
  })

  it('goes from where it starts to the minimum downhill from there', () => {
    const lines = 'state m ~ normal(0, 1)\nstate x\nenergy (x^2 - 1)^2 + 0.1 * m * x'
    const from = (x: number) => {
      const { value } = energies(loaded(lines), given({ observed: { m: 0.5 }, cue: { x } }), { minimise: ['x'] })
      return value?.points[0]?.eliminated.x?.value?.data[0] as number
    }
    expect(from(0.5)).toBeGreaterThan(0.9)
    expect(from(-0.5)).toBeLessThan(-0.9)
  })

  it('says where it does not come to rest, in every reading', async () => {
    const lines = 'state m ~ normal(0, 1)\nstate x\nenergy m^2 - x^2 + cos(x)'
    const said = /least energy over "x" was not reached \(/
    const { value: points } = energies(loaded(lines), given({ observed: { m: 0.5 } }), { minimise: ['x'] })
    expect(points?.points[0]?.trouble).toMatch(said)
    const { value: ends } = await retrieve(loaded(lines), given({}), { minimise: ['x'] })
    expect(ends?.retrievals[0]?.outcome).toMatchObject({ kind: 'not finite', sentence: expect.stringMatching(said) })
    const { value: draws } = await sample(loaded(lines), given({}), { minimise: ['x'], chains: 1, draws: 10, warmup: 10 })
    expect(draws?.outcomes[0]).toMatchObject({ kind: 'failed', term: 'energy' })
  })
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

describe('draws of a profile whose minimum is found step by step', () => {
  const lines = 'state m ~ normal(0, 1)\nstate x\nenergy cosh(x - m) + 0.1 * (x - 2)^4'
  const run = { minimise: ['x'], chains: 2, draws: 800, warmup: 300, seed: 3 } as const
  const slope = (x: number, m: number): number => Math.sinh(x - m) + 0.4 * (x - 2) ** 3
  /** By bisection: the slope rises. */
  const least = (m: number): number => {
    let [low, high] = [-20, 20]
    for (let k = 0; k < 100; k += 1) [low, high] = slope((low + high) / 2, m) > 0 ? [low, (low + high) / 2] : [(low + high) / 2, high]
    return low
  }

  it('are of exp(-profile), and hold the minimiser', async () => {
    const { value } = await sample(loaded(lines), given({}), run)
    const draws = must(value?.draws, 'draws')
    const [m = [], x = []] = ['m', 'x'].map((name) => series(draws, name).flatMap((c) => numbers(c)))
    m.forEach((at, i) => {
      expect(Math.abs(least(at) - (x[i] as number))).toBeLessThan(1e-7)
    })
    const weight = (at: number): number => Math.exp(-(at ** 2) / 2 - Math.cosh(least(at) - at) - 0.1 * (least(at) - 2) ** 4)
    const grid = Array.from({ length: 1201 }, (_, i) => -6 + i / 100)
    const total = grid.reduce((sum, at) => sum + weight(at), 0)
    const mean = grid.reduce((sum, at) => sum + at * weight(at), 0) / total
    const row = must(
      value?.summary.find((r) => r.name === 'm'),
      'm',
    )
    // Of one mean, 5.5 standard errors: false alarms below 1e-7.
    expect(Math.abs(row.mean - mean)).toBeLessThan(5.5 * row.mcse_mean)
  })

  it('are the same when a chain is cut and goes on', async () => {
    const short = { ...run, chains: 1, draws: 40, warmup: 60 }
    const whole = await sample(loaded(lines), given({}), short)
    const first = await sample(loaded(lines), given({}), { ...short, draws: 15 })
    const rest = await sample(loaded(lines), given({}), { ...short, resume: must(first.value, 'first').chains })
    expect(rest.value?.draws.chains[0]?.values).toEqual(whole.value?.draws.chains[0]?.values)
  })
})
