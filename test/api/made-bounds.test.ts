import { describe, expect, it } from 'vitest'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

const written = (text: string): Loaded => {
  const { value, diagnostics } = load({ name: 'm.amp', text: `model m\n${text}\n` })
  return must(value, JSON.stringify(diagnostics))
}
const given = (inputs: Inputs) => must(givenOf(inputs).value, 'inputs')
const codes = (checked: { readonly diagnostics: readonly { readonly code: string; readonly severity: string }[] }) =>
  checked.diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)

const tail = 'x ~ normal(0, 4)\nz ~ normal(x, 1)\n'
const data = { z: 4, y: [1, 2, 3] }

/** Ways to say that x lies between 2 and 12, and that it lies above 2. */
const said = [
  ['a let of data', 'let m = mean[t](y)', 'lower = m, upper = m + 10', 'lower = m'],
  ['a let of a let', 'let a = sum[t](y)\nlet m = a / size(t)', 'lower = m, upper = 5 * m + m', 'lower = m'],
  ['a let of a param', 'param p = 4\nlet m = p / 2', 'lower = m, upper = 3 * p', 'lower = m'],
  ['a def', 'def half(v) = v / 2', 'lower = half(4), upper = half(24)', 'lower = half(4)'],
  ['a def of a let', 'def twice(v) = 2 * v\nlet m = mean[t](y)', 'lower = m, upper = twice(3 * m)', 'lower = twice(m / 2)'],
  ['a let with data picked', 'let m = y[t = 2]', 'lower = m, upper = 4 * y[t = 3]', 'lower = m'],
] as const

describe.each(said)('bounds that are %s', (_, lets, both, below) => {
  const model = (bounds: string) => written(`data y[t]\ndata z\n${lets}\nstate x : real(${bounds})\n${tail}`)
  const plain = (bounds: string) => written(`data y[t]\ndata z\nstate x : real(${bounds})\n${tail}`)
  const cases = [
    [both, 'lower = 2, upper = 12'],
    [below, 'lower = 2'],
  ] as const

  it('give the draws of the same bounds in numbers', async () => {
    for (const [made, numbers] of cases) {
      const draws = async (loaded: Loaded) =>
        series(must((await sample(loaded, given({ data }), { seed: 3, chains: 1, draws: 20, warmup: 20 })).value, 'draws').draws, 'x')[0]
      const [found, right] = [must(await draws(model(made)), 'draws'), must(await draws(plain(numbers)), 'draws')]
      expect(found.every((v, i) => Math.abs(v - (right[i] as number)) < 1e-6)).toBe(true)
    }
  })

  it('start retrieval between them, and stop it there', async () => {
    for (const [made, numbers] of cases) {
      const rest = async (loaded: Loaded, cue: Inputs) =>
        must((await retrieve(loaded, given({ data, ...cue }))).value, 'rest').retrievals[0]
      const [found, right] = [await rest(model(made), {}), await rest(plain(numbers), {})]
      expect(found?.states.x?.data[0]).toBeCloseTo(must(right?.states.x?.data[0], 'x'), 12)
      expect(found?.trace[0]).toBeCloseTo(must(right?.trace[0], 'energy'), 9)
    }
  })
})

describe('bounds made of other states', () => {
  const chain =
    'state a : positive ~ exponential(1)\nlet m = a + 1\nstate b : real(lower = m) ~ normal(0, 3)\nstate c : real(upper = -b) ~ normal(0, 3)'

  it('keep to them in every draw', async () => {
    const { draws } = must((await sample(written(chain), given({}), { seed: 2, chains: 1, draws: 300 })).value, 'draws')
    const [a, b, c] = ['a', 'b', 'c'].map((name) => must(series(draws, name)[0], name)) as [Float64Array, Float64Array, Float64Array]
    expect(a).toHaveLength(300)
    a.forEach((v, i) => {
      expect(b[i] as number).toBeGreaterThan(v + 1)
      expect(c[i] as number).toBeLessThan(-(b[i] as number))
    })
  })

  it('start where a cue says, whether the other state is told or not', async () => {
    for (const cue of [{ b: 5, c: -9 }, { a: 2, b: 5, c: -9 }, { c: -9 }, { a: 0.5, c: -30 }]) {
      const start = must((await retrieve(written(chain), given({ cue }), { maxSteps: 0 })).value, 'start').retrievals[0]
      for (const [name, value] of Object.entries(cue)) expect(start?.states[name]?.data[0]).toBeCloseTo(value, 12)
    }
  })

  it.each([
    ['a discrete state', 'state z : bit ~ bernoulli(0.3)\nstate x : real(lower = z) ~ normal(0, 1)', {}],
    ['a discrete state, by a let', 'state z : bit ~ bernoulli(0.3)\nlet m = z - 1\nstate x : real(upper = m) ~ normal(0, 1)', {}],
    ['a state, of a state that is observed', 'state m ~ normal(0, 1)\nstate x : real(lower = m) ~ normal(0, 1)', { observed: { x: -1 } }],
    ['a state, of data', 'data x : real(lower = m)\nstate m ~ normal(0, 1)\nx ~ normal(m, 1)', { data: { x: -1 } }],
  ])('are refused where the sum or the density would not follow them: %s', async (_, text, inputs) => {
    expect(codes(await sample(written(text), given(inputs)))).toEqual(['AMP601'])
    expect(codes(await retrieve(written(text), given(inputs)))).toEqual(['AMP601'])
  })

  it('cannot be those of a state that is observed in part', async () => {
    const text = 'state m ~ normal(0, 1)\nstate x[i] : real(lower = m) ~ normal(0, 1)'
    const inputs = { observed: { x: [-1, null, 1] as never } }
    expect(codes(await sample(written(text), given(inputs)))).toContain('AMP511')
    expect(codes(await retrieve(written(text), given(inputs)))).toContain('AMP511')
  })
})
