import { transformSync } from 'esbuild'
import { describe, expect, it, test } from 'vitest'
import { logDensity } from '../../src/api/density.ts'
import type { Reading } from '../../src/api/emit/options.ts'
import { emit } from '../../src/api/emit.ts'
import { energies } from '../../src/api/energy.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { mcseMean } from '../../src/inference/diagnostics/mcse.ts'
import { mean, pooled } from '../../src/inference/diagnostics/moments.ts'
import { series } from '../../src/inference/draws/draws.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import { given, loadedFrom } from './points.ts'

/** Of each chain, one number a draw: of the draw's numbers by name. */
async function drawn(text: string, inputs: Inputs, options: SampleOptions, of: (at: (name: string) => number) => number) {
  const { value, diagnostics } = await sample(loadedFrom(text), given(inputs), { seed: 3, ...options })
  const { draws, temperature } = must(value, JSON.stringify(diagnostics))
  const columns = new Map(draws.names.map((n) => [n, series(draws, n)]))
  const values = draws.chains.map((c, k) =>
    Float64Array.from({ length: c.count }, (_, d) => of((name) => must(columns.get(name)?.[k], name)[d] as number)),
  )
  return { values, temperature }
}

/** Within six standard errors: missed once in 5e8 times. `error`: what the bound itself must be able to tell. */
function expectMean(values: readonly Float64Array[], expected: number, error: number): void {
  const standard = mcseMean(values)
  expect(standard).toBeLessThan(error)
  expect(Math.abs(mean(pooled(values)) - expected)).toBeLessThan(6 * standard)
}

const hopfield = `memory xi[pattern, pixel]
param beta : positive = 8
state x[pixel]
temperature = 1 / beta
energy -logsumexp[pattern](beta * sum[pixel](xi * x)) / beta + sum[pixel](x^2) / 2
`
const xi = [
  [0.5, -0.3],
  [0.1, 0.6],
  [-0.4, -0.2],
]

describe('the modern Hopfield network at T = 1 / beta', () => {
  // exp(-beta E) is the sum over patterns of exp(beta |xi|^2 / 2) times a normal of mean xi and variance 1 / beta.
  const beta = 5
  const weights = xi.map((p) => Math.exp((beta * p.reduce((s, v) => s + v * v, 0)) / 2))
  const total = weights.reduce((a, b) => a + b)
  const over = (f: (p: readonly number[]) => number): number => xi.reduce((s, p, k) => s + ((weights[k] as number) / total) * f(p), 0)
  const at = (f: (x: readonly [number, number]) => number, options: SampleOptions = {}) =>
    drawn(hopfield, { memory: { xi }, param: { beta } }, { draws: 2000, ...options }, (v) => f([v('x[1]'), v('x[2]')]))

  test('is that mixture: means, covariances and weights', async () => {
    const moments: readonly (readonly [(x: readonly [number, number]) => number, number])[] = [
      [([a]) => a, over(([a = 0]) => a)],
      [([, b]) => b, over(([, b = 0]) => b)],
      [([a]) => a * a, over(([a = 0]) => a * a) + 1 / beta],
      [([, b]) => b * b, over(([, b = 0]) => b * b) + 1 / beta],
      [([a, b]) => a * b, over(([a = 0, b = 0]) => a * b)],
      // The mean responsibility of a component is its weight.
      ...xi.map((_, k) => [(x: readonly [number, number]) => responsibility(x, k), (weights[k] as number) / total] as const),
    ]
    for (const [f, expected] of moments) {
      const { values, temperature } = await at(f)
      expect(temperature).toBe(1 / beta)
      expectMean(values, expected, 0.02)
    }
  })

  test('and another density at another temperature, which an option says', async () => {
    // At T = 1 the square alone has variance 1.
    const { values, temperature } = await at(([a]) => a * a, { temperature: 1 })
    expect(temperature).toBe(1)
    expect(mean(pooled(values))).toBeGreaterThan(0.7)
  })

  function responsibility([a, b]: readonly [number, number], k: number): number {
    const scores = xi.map(([p = 0, q = 0]) => Math.exp(beta * (p * a + q * b)))
    return (scores[k] as number) / scores.reduce((x, y) => x + y)
  }
})

describe('a temperature that the model says', () => {
  it('divides statements, too, also of what is drawn exactly or by flips', async () => {
    const four = await drawn(
      'data heat\nstate x ~ normal(1, 1)\ntemperature = 2 * heat\n',
      { data: { heat: 2 } },
      {},
      (v) => (v('x') - 1) ** 2,
    )
    expect(four.temperature).toBe(4)
    expectMean(four.values, 4, 0.2)
    const spins = 'state s : spin\n'
    const flips = await drawn(`${spins}state r : spin\nenergy -s * r - 0.3 * s\ntemperature = 2\n`, {}, { treatments: [{ kind: 'keep', name: 's' }, { kind: 'keep', name: 'r' }] }, (v) => v('s')) // biome-ignore format: one model
    expectMean(flips.values, Math.tanh(0.15), 0.03)
  })

  const mixture = 'memory xi[k]\nparam hot = 2.5\nstate z : k\nstate x ~ normal(xi[z], 1)\ntemperature = hot\n'
  const inputs: Inputs = { memory: { xi: [-1, 2] }, cue: { x: 0.7 } }
  const plain = mixture.replace('temperature = hot\n', '')

  it('is that of every reading, as the same by an option', async () => {
    const [own, asked] = [loadedFrom(mixture), loadedFrom(plain)]
    const values = given(inputs)
    const options = { temperature: 2.5 }
    const energy = [must(energies(own, values).value, 'own'), must(energies(asked, values, options).value, 'asked')]
    expect(energy[0]?.points).toEqual(energy[1]?.points)
    const [a, b] = [must((await retrieve(own, values)).value, 'own'), must((await retrieve(asked, values, options)).value, 'asked')]
    expect(a.retrievals).toEqual(b.retrievals)
    expect([a.temperature, energy[0]?.temperature]).toEqual([2.5, 2.5])
    const densities = [must(logDensity(own, values).value, 'own'), must(logDensity(asked, values, options).value, 'asked')]
    expect(densities.map((d) => d.value([0.3]))).toEqual([densities[1]?.value([0.3]), densities[1]?.value([0.3])])
  })

  it('goes with an emitted module', async () => {
    const moduleOf = async (reading: Reading) => {
      const { module } = must((await emit(loadedFrom(mixture), reading)).value, 'module')
      return new Function(`${transformSync(module, { format: 'iife', globalName: 'exported' }).code}; return exported`)()
    }
    const here = must(energies(loadedFrom(mixture), given(inputs)).value, 'here').points[0]
    expect((await moduleOf('energy')).energyAt(inputs).energy).toBe(here?.energy)
    expect((await moduleOf('energy')).openEnergy({ ...inputs, param: { hot: 4 } }).temperature).toBe(4)
    expect((await moduleOf('retrieve')).retrieve(inputs)[0].temperature).toBe(2.5)
    expect((await moduleOf('sample')).sample(inputs, { draws: 10, warmup: 10 }).temperature).toBe(2.5)
    expect((await moduleOf('density')).logDensity(inputs, { temperature: 3 }).temperature).toBe(3)
  })

  test.each<readonly [string, Inputs, SampleOptions, string]>([
    ['param hot = -1\nstate x ~ normal(0, 1)\ntemperature = hot\n', {}, {}, 'AMP518'],
    ['param hot : positive = 1 ~ exponential(1)\nstate x ~ normal(0, hot)\ntemperature = hot\n', {}, { infer: ['hot'] }, 'AMP721'],
    ['state x ~ normal(0, 1)\ntemperature = 2\n', {}, { prior: true }, 'AMP714'],
  ])('cannot be, move, or be where exact draws need 1: %s', async (text, values, options, code) => {
    const { value, diagnostics } = await sample(loadedFrom(text), given(values), { draws: 10, ...options })
    expect(value).toBeUndefined()
    expect(diagnostics.map((d) => d.code)).toEqual([code])
    const { diagnostics: fixed } = await sample(loadedFrom(text), given(values), { draws: 200, ...options, temperature: 1 })
    expect(fixed).toEqual([])
  })

  it('may be called what it is called', () => {
    const text =
      'data temperature\nstate x ~ normal(0, 1)\nlet t = temperature\ntemperature = 2 * temperature * t\ntemperature ~ normal(x, 1)\n'
    expect(must(energies(loadedFrom(text), given({ data: { temperature: 3 }, cue: { x: 0 } })).value, 'energy').temperature).toBe(18)
  })
})
