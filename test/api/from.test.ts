import { transformSync } from 'esbuild'
import { describe, expect, it, test } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { energies } from '../../src/api/energy.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import { given, loadedFrom } from './points.ts'

const rest = 'state x ~ normal(0, 1)\n'
/** What was drawn of `a`, which is not given, by seed. */
function drawnOf(declaration: string, inputs: Inputs = {}, seed = 1) {
  const { value, diagnostics } = energies(loadedFrom(`${declaration}\n${rest}`), given({ ...inputs, cue: { x: 0 } }), { seed })
  return must(must(value, JSON.stringify(diagnostics)).drawn.a, 'a').data
}
/** Within six standard errors of independent numbers: missed once in 5e8 times. */
function expectMean(values: readonly number[], expected: number): void {
  const mean = values.reduce((s, v) => s + v, 0) / values.length
  const sd = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (values.length - 1))
  expect(Math.abs(mean - expected), `${mean} is not ${expected}`).toBeLessThan((6 * sd) / Math.sqrt(values.length))
}
const codes = (text: string): readonly string[] => analyse({ name: 'm.amp', text }).diagnostics.map((d) => d.code)

describe('a value that comes from a family', () => {
  const axis = 'axis i = 4000\n'

  it('in any role, and adds nothing to E', () => {
    for (const role of ['data', 'memory', 'param', 'input']) {
      const values = [...drawnOf(`${axis}${role} a[i] from normal(2, 3)`)]
      expectMean(values, 2)
      expectMean(
        values.map((v) => (v - 2) ** 2),
        9,
      )
    }
    const at = (declaration: string) =>
      energies(loadedFrom(`${declaration}\nstate x ~ normal(a, 1)\n`), given({ param: { a: 0.5 }, cue: { x: 0 } })).value?.points[0]?.energy
    expect(at('param a from normal(0, 1)')).toBe(at('param a'))
  })

  it('under the seed and its name, whatever else is drawn', () => {
    const one = drawnOf('param a[i] from normal(0, 1)\naxis i = 3')
    expect(drawnOf('param b from normal(0, 1)\nparam a[i] from normal(0, 1)\naxis i = 3')).toEqual(one)
    expect(drawnOf('param a[i] from normal(0, 1)\naxis i = 3', {}, 2)).not.toEqual(one)
  })

  it('within its type and a truncation, which are kept to', () => {
    const positive = [...drawnOf(`${axis}param a[i] : positive from normal(0, 1)`)]
    expect(Math.min(...positive)).toBeGreaterThan(0)
    expectMean(positive, Math.sqrt(2 / Math.PI))
    const cut = [...drawnOf(`${axis}param a[i] from normal(0, 1) in (-1, 0)`)]
    expect([Math.min(...cut) >= -1, Math.max(...cut) <= 0]).toEqual([true, true])
    // phi(0) - phi(1), divided by the probability of the interval.
    expectMean(cut, -(0.3989422804014327 - 0.24197072451914337) / 0.3413447460685429)
  })

  it('after what it reads', () => {
    const [far, near] = [0, 100].map((m) => [
      ...drawnOf(`data m\nparam s : positive from exponential(1)\n${axis}param a[i] from normal(m + s - s, 1)`, { data: { m } }),
    ])
    expectMean(near as number[], 100)
    expectMean(far as number[], 0)
  })

  test.each([
    ['spin', [-1, 1]],
    ['bit', [0, 1]],
    ['k', [1, 2, 3]],
  ] as const)('from uniform: any of the values of %s, each alike', (type, values) => {
    const found = [...drawnOf(`axis k = 3\n${axis}memory a[i] : ${type} from uniform`)]
    for (const v of values)
      expectMean(
        found.map((x) => (x === v ? 1 : 0)),
        1 / values.length,
      )
  })

  it('from uniform: between bounds, on the simplex, on the sphere', () => {
    const between = [...drawnOf(`param w : positive = 4\n${axis}param a[i] : real(lower = 1, upper = w) from uniform`)]
    expectMean(between, 2.5)
    expectMean(
      between.map((v) => (v - 2.5) ** 2),
      9 / 12,
    )
    expectMean(
      [...drawnOf(`${axis}param a[i] : probability from uniform`)].map((v) => v * v),
      1 / 3,
    )
    const simplex = drawnOf(`axis k = 3\n${axis}param a[i, k] : simplex[k] from uniform`)
    expectMean(
      [...simplex].filter((_, i) => i % 3 === 0).map((v) => v * v),
      2 / 12,
    )
    const unit = drawnOf(`axis d = 3\n${axis}param a[i, d] : unit[d] from uniform`)
    for (const at of [0, 1, 2]) {
      const own = [...unit].filter((_, i) => i % 3 === at)
      expectMean(own, 0)
      // A coordinate of the sphere in three dimensions is uniform.
      expectMean(
        own.map((v) => v * v),
        1 / 3,
      )
    }
  })
})

describe('what goes before it', () => {
  const text = 'param a from normal(0, 1)\nparam b from 2 * a\nstate h from normal(a, 0.001)\nenergy (h - b)^2\n'
  const energy = (inputs: Inputs) => must(energies(loadedFrom(text), given({ cue: { h: 0 }, ...inputs })).value, 'energy').points[0]?.energy

  it('is what is given; an expression is what it comes from', () => {
    expect(energy({ param: { a: 3 } })).toBe(36)
    expect(energy({ param: { a: 3, b: 1 } })).toBe(1)
  })

  it('of a state observations and cues, else it starts from draws, one a cue and a chain', async () => {
    const loaded = loadedFrom('data target[i]\nstate h[i] from normal(10, 1)\nstate y[i]\nenergy sum[i]((h - target)^2 + (y - target)^2)\n')
    const start = async (inputs: Inputs, seed = 1) =>
      must((await retrieve(loaded, given({ data: { target: [0, 0] }, ...inputs }), { maxSteps: 0, seed })).value, 'retrieval')
    const many = await start({ cue: { y: [[0, 0], [0, 0], [0, 0]] } }) // biome-ignore format: cues
    const starts = many.retrievals.map((r) => [...must(r.states.h, 'h').data])
    expect(new Set(starts.flat()).size).toBe(6)
    for (const v of starts.flat()) expect(Math.abs(v - 10)).toBeLessThan(6)
    expect(many.started).toEqual(['h'])
    expect((await start({})).retrievals[0]?.states.h?.data).not.toEqual((await start({}, 2)).retrievals[0]?.states.h?.data)
    const cued = await start({ cue: { h: [1, 2] } })
    expect([...must(cued.retrievals[0]?.states.h, 'h').data]).toEqual([1, 2])
    expect(cued.started).toEqual([])
  })

  it('and chains start there, each from its own', async () => {
    const options: SampleOptions = { sampler: 'nuts', warmup: 0, draws: 1, chains: 3, seed: 4, depth: 1 }
    const loaded = loadedFrom(
      'state h[i] ~ normal(0, 100) from normal(50, 0.001)\naxis i = 2\nstate u ~ normal(h[i = 1], 1)\nenergy 0 * u\n',
    )
    const { draws, started } = must((await sample(loaded, given({ cue: { u: 50 } }), options)).value, 'draws')
    expect(started).toEqual(['h'])
    const firsts = draws.chains.map((c) => c.values[0] as number)
    expect(new Set(firsts).size).toBe(3)
    // A single step of a density this wide moves little.
    for (const v of firsts) expect(Math.abs(v - 50)).toBeLessThan(30)
  })
})

describe('in modules', () => {
  it('gives the bits of the library', async () => {
    const text =
      'axis i = 3\nmemory W[i] : spin from uniform\nparam a from normal(0, 1)\nstate h[i] from normal(a, 1)\nenergy sum[i]((h - W)^2 * h^2)\n'
    const { module, declarations } = must((await emit(loadedFrom(text), 'retrieve')).value, 'module')
    const exported = new Function(`${transformSync(module, { format: 'iife', globalName: 'exported' }).code}; return exported`)()
    const here = must((await retrieve(loadedFrom(text), given({}), { seed: 3 })).value, 'here').retrievals[0]
    const there = exported.retrieve({}, { seed: 3 })[0]
    expect(there.drawn).toEqual(here?.drawn)
    expect([...there.states.h.data]).toEqual([...must(here?.states.h, 'h').data])
    expect(declarations).toContain('readonly memory?: {')
  })
})

test.each([
  ['param a = 1 from normal(0, 1)', 'AMP235'],
  ['param a from uniform', 'AMP236'],
  ['param a : real(lower = 0) from uniform', 'AMP236'],
  ['param a[d, e] : covariance[d, e] from uniform\naxis e = size(d)', 'AMP236'],
  ['param a from 2 * b\nparam b from a', 'AMP207'],
  ['param a from a + 1', 'AMP207'],
  ['param a : k from normal(0, 1)\naxis k = 2', 'AMP402'],
  ['param a from categorical(p)\nparam p[k] : simplex[k] from uniform', 'AMP403'],
  ['param a from normal(0, -1)', 'AMP404'],
  ['param a from normal(v, 1)\nparam v[i] from normal(0, 1)', 'AMP302'],
  ['param a from v\nparam v[i] from normal(0, 1)', 'AMP319'],
  ['param a from 3 in (0, 1)', 'AMP413'],
])('%s is refused: %s', (declaration, code) => {
  expect(codes(`${declaration}\nstate x ~ normal(a, 1)\n`)).toContain(code)
})

test.each<readonly [string, Inputs, string]>([
  ['param a : positive from m\ndata m', { data: { m: -1 } }, 'AMP501 The param "a" was not given, and its `from` is -1.'],
  ['param a from normal(0, m)\ndata m', { data: { m: -1 } }, 'AMP518'],
  ['param a from x', {}, 'AMP501 The param "a" was not given, and its `from` depends on "x", which has no value before the run.'],
  ['param a : spin from normal(0, 1)', {}, 'AMP501 The param "a" was not given, and it cannot be drawn from its `from`'],
])('%s cannot be run', async (declaration, inputs, said) => {
  const { value, diagnostics } = await sample(loadedFrom(`${declaration}\nstate x ~ normal(0, 1)\nenergy a * x^2\n`), given(inputs), {
    draws: 10,
  })
  expect(value).toBeUndefined()
  expect(diagnostics.map((d) => `${d.code} ${d.message}`).join()).toContain(said)
})

test('the words are names elsewhere', () => {
  const text = 'data from\nparam uniform = 2\nstate x from uniform\nlet y = from\n  + uniform\nfrom ~ normal(x * y, 1)\n'
  const { value, diagnostics } = energies(loadedFrom(text), given({ data: { from: 1 } }))
  expect(diagnostics).toEqual([])
  // x starts from 2, y is 3.
  expect(value?.points[0]?.energy).toBeCloseTo(25 / 2 + Math.log(2 * Math.PI) / 2, 12)
})
