import { describe, expect, it, test } from 'vitest'
import { logDensity } from '../../src/api/density.ts'
import { energyAt } from '../../src/api/energy.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import type { UnconstrainedDensity } from '../../src/run/density.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import { logDeterminant, matches, slopeOf } from '../../src/verify/differences.ts'
import { close, given, loadedFrom } from './points.ts'

type Values = ReturnType<UnconstrainedDensity['constrain']>

interface Case {
  readonly text: string
  readonly inputs: Inputs
  /** The numbers of values that are free, as many as there are coordinates; absent where the coordinates have more. */
  readonly free?: (values: Values) => readonly number[]
}

const all = (values: Values, name: string): readonly number[] => [...must(values[name], name).data]

const regression: Case = {
  text: 'data x[row]\ndata y[row]\nstate b ~ normal(0, 2)\nstate sigma : positive ~ exponential(1)\ny ~ normal(b * x, sigma)\n',
  inputs: { data: { x: [1, 2, 3], y: [1.5, 1.5, 4] } },
  free: (v) => [...all(v, 'b'), ...all(v, 'sigma')],
}
const mixture: Case = {
  text: 'data y[row]\naxis k = 2\nstate w[k] : simplex[k] ~ dirichlet[k](2)\nstate mu[k] : ordered[k] ~ normal(0, 3)\nstate z[row] : k ~ categorical(w)\ny ~ normal(mu[z], 1)\n',
  inputs: { data: { y: [-2, 1.5, 2, 3] } },
  free: (v) => [...all(v, 'w').slice(1), ...all(v, 'mu')],
}
const bounded: Case = {
  text: 'param width = 2\nstate low ~ normal(0, 1)\nstate x[i] : real(lower = low, upper = low + width)\naxis i = 3\nenergy sum[i](x^4 - x)\n',
  inputs: {},
  free: (v) => [...all(v, 'low'), ...all(v, 'x')],
}
const matrix: Case = {
  text: 'axis i = 3\naxis j = size(i)\nstate S[i, j] : covariance[i, j] ~ wishart[i, j](5, where(index(i) == index(j), 1, 0))\nstate p : probability ~ beta(2, 3)\nenergy (p - 0.3)^2\n',
  inputs: {},
  free: (v) => [...[0, 3, 4, 6, 7, 8].map((at) => all(v, 'S')[at] as number), ...all(v, 'p')],
}
/** Three coordinates of a direction, whose length stands for nothing. */
const direction: Case = { text: 'axis i = 3\nstate u[i] : unit[i]\nenergy -2 * sum[i](u * index(i))\n', inputs: {} }
const cases: Readonly<Record<string, Case>> = { regression, mixture, bounded, matrix, direction }

function densityOf({ text, inputs }: Case, temperature = 1): UnconstrainedDensity {
  const { value, diagnostics } = logDensity(loadedFrom(text), given(inputs), { temperature })
  return must(value, JSON.stringify(diagnostics))
}

function somewhere(density: UnconstrainedDensity, seed: number): Float64Array {
  const stream = new Stream(keyFromSeed(seed))
  return Float64Array.from({ length: density.dimension }, () => stream.normal())
}

describe.each(Object.entries(cases))('the density of a %s', (_, model) => {
  test.each([1, 2.5])('has the gradient that differences have, at T = %d', (temperature) => {
    const density = densityOf(model, temperature)
    const out = new Float64Array(density.dimension)
    for (const seed of [1, 2, 3]) {
      const q = somewhere(density, seed)
      expect(density.gradient(q, out)).toBe(density.value(q))
      q.forEach((_, i) => {
        const slope = slopeOf((t) => density.value(q.map((v, j) => (i === j ? v + t : v))), Math.abs(density.value(q)) + 10)
        expect(matches(out[i] as number, slope, 1e-6), `${density.names[i]}: ${out[i]}, by differences ${slope.value}`).toBe(true)
      })
    }
  })

  it('goes from coordinates to values and back', () => {
    const density = densityOf(model)
    expect(density.names).toHaveLength(density.dimension)
    for (const seed of [4, 5]) {
      const q = somewhere(density, seed)
      const values = density.constrain(q)
      const back = must(density.unconstrain(Object.fromEntries(Object.entries(values).map(([n, t]) => [n, t.data]))).value, 'coordinates')
      const again = density.constrain(back)
      for (const [name, { data }] of Object.entries(values)) {
        data.forEach((v, i) => {
          close(must(again[name], name).data[i] as number, v, 1, 1e-9)
        })
      }
    }
  })

  test.runIf(model.free !== undefined).each([1, 2.5])(
    'and the energy are what a sampler reports of its draws, at T = %d',
    async (temperature) => {
      const loaded = loadedFrom(model.text)
      const options = { temperature, chains: 1, draws: 20, warmup: 200, seed: 3, sampler: 'nuts' } as const
      const { draws } = must((await sample(loaded, given(model.inputs), options)).value, 'draws')
      const density = densityOf(model, temperature)
      const [chain] = draws.chains
      const at = must(chain, 'chain').columns.indexOf('lp__')
      const states = new Set(Object.keys(density.constrain(new Float64Array(density.dimension))))
      for (let d = 0; d < 20; d += 1) {
        const row = must(chain, 'chain').values.subarray(d * draws.names.length, (d + 1) * draws.names.length)
        let from = 0
        const values: Record<string, Float64Array> = {}
        const point: Record<string, { shape: readonly number[]; data: Float64Array }> = {}
        for (const { name, shape } of draws.variables) {
          const length = shape.reduce((a, b) => a * b, 1)
          const data = row.slice(from, from + length)
          from += length
          if (!states.has(name)) continue
          values[name] = data
          point[name] = { shape, data }
        }
        const lp = must(chain, 'chain').statistics[d * must(chain, 'chain').columns.length + at] as number
        const q = must(density.unconstrain(values).value, 'coordinates')
        close(density.value(q), lp, 10, 1e-8)
        const { energy, terms } = must(energyAt(loaded, given(model.inputs), point, { temperature }).value, 'energy')
        close(
          Object.values(terms).reduce((a, b) => a + b, 0),
          energy,
          energy,
          1e-12,
        )
        close(energy / temperature, logJacobian(density, q, must(model.free, 'free')) - lp, energy, 1e-6)
      }
    },
  )
})

/** Of the free numbers by the coordinates, by differences. */
function logJacobian(density: UnconstrainedDensity, q: Float64Array, free: (values: Values) => readonly number[]): number {
  const h = 2 ** -17
  const at = (i: number, t: number): readonly number[] => free(density.constrain(q.map((v, j) => (i === j ? v + t : v))))
  const rows = Array.from(q, (_, i) => {
    const down = at(i, -h)
    return Float64Array.from(at(i, h), (v, k) => (v - (down[k] as number)) / (2 * h))
  })
  return logDeterminant(rows)
}

describe('a log density in coordinates', () => {
  it('holds what is observed in part', () => {
    const text = 'state x[i] : positive\nenergy sum[i]((x - 2)^2) + prod[i](x)\n'
    const density = densityOf({ text, inputs: { observed: { x: [1, null, 3] } } })
    expect(density.names).toEqual(['x[2]'])
    const y = 0.3
    close(density.value([y]), -(1 + (Math.exp(y) - 2) ** 2 + 1 + 3 * Math.exp(y)) + y + density.value([0]) + (1 + 1 + 1 + 3))
    must(density.constrain([0]).x, 'x').data.forEach((v, i) => {
      close(v, [1, 1, 3][i] as number)
    })
  })

  it('is refused where a discrete state would have to move, and says why', () => {
    const ising = loadedFrom('param J[i, j]\nstate s[i] : spin\nstate x ~ normal(0, 1)\nenergy -sum[i, j](s * J * s[i -> j]) * x\n')
    const { value, diagnostics } = logDensity(ising, given({ param: { J: [[0, 1], [1, 0]] } })) // biome-ignore format: a matrix
    expect(value).toBeUndefined()
    expect(diagnostics.map((d) => [d.code, d.message.slice(0, 38)])).toEqual([['AMP604', '"s" cannot be summed out exactly: its ']])
  })

  it('reports values that have no coordinates', () => {
    const { unconstrain } = densityOf(bounded)
    expect(unconstrain({ low: 0, x: [1, 1, 5] }).diagnostics.map((d) => d.message)).toEqual(['"x[3]" is outside its bounds.'])
    expect(unconstrain({ low: 0, x: [1, 1] }).diagnostics.map((d) => d.code)).toEqual(['AMP503'])
    expect(unconstrain({ x: [1, 1, 1] }).diagnostics.map((d) => d.code)).toEqual(['AMP501'])
    expect(
      densityOf(regression)
        .unconstrain({ b: 0, sigma: -1 })
        .diagnostics.map((d) => d.code),
    ).toEqual(['AMP505'])
    expect(() => densityOf(bounded).value([1])).toThrow(TypeError)
  })
})

/** What is inferred is to be a state in all but its word. */
const inferred: readonly (readonly [string, string, Inputs, readonly string[]])[] = [
  [
    'a param',
    'data y[row]\nparam scale : positive ~ exponential(2)\nstate b ~ normal(0, scale)\ny ~ normal(b, scale)\n',
    { data: { y: [1.5, 0.2, 4] } },
    ['scale'],
  ],
  [
    'a memory beside a discrete state that is summed out',
    'data y[row]\naxis k = 2\nmemory xi[k] ~ normal(0, 3)\nstate z[row] : k\ny ~ normal(xi[z], 1)\n',
    { data: { y: [-2, 1.5, 2] } },
    ['xi'],
  ],
]

describe.each(inferred)('a log density with %s inferred', (_, text, inputs, infer) => {
  const asState = text.replace(new RegExp(`(param|memory) (?=${infer[0]})`), 'state ')
  const open = (model: string, options: object): UnconstrainedDensity => {
    const { value, diagnostics } = logDensity(loadedFrom(model), given(inputs), options)
    return must(value, JSON.stringify(diagnostics))
  }

  test.each([1, 2.5])('is that of the same model with it as a state, at T = %d', (temperature) => {
    const [here, there] = [open(text, { infer, temperature }), open(asState, { temperature })]
    expect(asState).not.toBe(text)
    expect([[...here.names].sort(), Object.keys(here.drawn)]).toEqual([[...there.names].sort(), []])
    const order = here.names.map((name) => there.names.indexOf(name))
    const [slopes, others] = [new Float64Array(here.dimension), new Float64Array(here.dimension)]
    for (const seed of [1, 2, 3]) {
      const q = somewhere(here, seed)
      const moved = new Float64Array(q.length)
      order.forEach((to, i) => {
        moved[to] = q[i] as number
      })
      close(here.gradient(q, slopes), there.gradient(moved, others), 10, 1e-12)
      order.forEach((to, i) => {
        close(slopes[i] as number, others[to] as number, 10, 1e-12)
      })
      const values = here.constrain(q)
      expect(Object.keys(values)).toContain(infer[0])
      const back = must(here.unconstrain(Object.fromEntries(Object.entries(values).map(([n, t]) => [n, t.data]))).value, 'coordinates')
      back.forEach((v, i) => {
        close(v, q[i] as number, 1, 1e-9)
      })
    }
  })
})

test('a name that a log density cannot infer is told', () => {
  const { value, diagnostics } = logDensity(loadedFrom(regression.text), given(regression.inputs), { infer: ['b', 'y', 'sgma'] })
  expect(value).toBeUndefined()
  expect(diagnostics.map((d) => [d.code, d.message])).toEqual([
    ['AMP721', '"b" is a state, which moves anyway.'],
    ['AMP721', '"y" is data, which is given and does not move.'],
    ['AMP721', '"sgma" is not a variable of the model.'],
  ])
})
