import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { energies, energyAt, openEnergy } from '../../src/api/energy.ts'
import { must } from '../../src/base/internal-error.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { madeSizes } from '../../src/middle/derived-sizes.ts'
import * as ports from '../../src/middle/ports.ts'
import { givenOf } from '../../src/run/inputs.ts'
import { matches, slopeOf } from '../../src/verify/differences.ts'
import { modelCases } from '../../src/verify/generators/model-case.ts'
import { modelTexts } from '../generators/models.ts'
import { asGiven, close, given, loadedFrom } from './points.ts'

const density =
  'memory xi[pattern, pixel]\nparam sigma : positive = 0.5\nstate which : pattern\nstate x[pixel] ~ normal(xi[which], sigma)\n'
const xi = [
  [1, 1, 0, 0],
  [0, 0, 1, 1],
  [1, 0, 1, 0],
]

/** -T log sum over patterns of exp(-E/T), written out. */
function free(x: readonly number[], sigma: number, temperature: number): number {
  const each = xi.map(
    (row) =>
      Math.log(3) +
      row.reduce((sum, m, i) => sum + ((x[i] as number) - m) ** 2 / (2 * sigma ** 2) + Math.log(sigma * Math.sqrt(2 * Math.PI)), 0),
  )
  return -temperature * Math.log(each.reduce((sum, e) => sum + Math.exp(-e / temperature), 0))
}

describe('the energy of a mixture', () => {
  const loaded = loadedFrom(density)

  it.each([1, 0.4, 3])('is that of what remains, its component summed out at T = %d', (temperature) => {
    const sigma = 0.7
    const point = must(
      energyAt(loaded, given({ memory: { xi }, param: { sigma } }), { x: [0.9, 0.4, 0.2, 0.1] }, { temperature }).value,
      'point',
    )
    close(point.energy, free([0.9, 0.4, 0.2, 0.1], sigma, temperature))
    close(
      Object.values(point.terms).reduce((a, b) => a + b, 0),
      point.energy,
    )
    const slope = slopeOf((t) => free([0.9, 0.4 + t, 0.2, 0.1], sigma, temperature), 10)
    expect(matches(point.gradient.x?.data[1] as number, slope, 1e-8)).toBe(true)
    close(
      must(point.responsibilities.which, 'which').data.reduce((a, b) => a + b, 0),
      1,
    )
  })

  it('is that of a component that is given', () => {
    const point = must(energyAt(loaded, given({ memory: { xi } }), { x: [1, 0, 0, 0], which: 2 }).value, 'point')
    close(point.energy, Math.log(3) + 4 * Math.log(0.5 * Math.sqrt(2 * Math.PI)) + 3 / (2 * 0.25))
    expect(point.responsibilities).toEqual({})
  })

  it('says that a value of what is summed out all the same has no effect', () => {
    const { diagnostics } = energyAt(loaded, given({ memory: { xi } }), { x: [1, 0, 0, 0], which: 2 }, { sumOut: ['which'] })
    expect(diagnostics.map((d) => d.code)).toEqual(['AMP517'])
  })

  it('is of many rows what it is of each', () => {
    const rows = [0, 1, 2].flatMap((k) => xi.map((row) => row.map((v, i) => v + Math.sin(i + k))))
    const all = must(energies(loaded, given({ memory: { xi }, cue: { x: rows } })).value, 'energies').points
    const each = rows.map((x) => must(energyAt(loaded, given({ memory: { xi } }), { x }).value, 'energy'))
    expect(all).toEqual(each)
    expect(new Set(all.map((p) => p.energy)).size).toBe(rows.length)
  })
})

it('of coupled spins is minus half of s J s', () => {
  const loaded = loadedFrom(readFileSync('models/hopfield/hopfield.amp', 'utf8'))
  const patterns = [
    [1, -1, 1, 1, -1],
    [-1, -1, 1, -1, 1],
  ]
  const s = [1, 1, 1, -1, -1]
  const { value, diagnostics } = energyAt(loaded, given({ memory: { xi: patterns } }), { s })
  const overlaps = patterns.map((row) => row.reduce((sum, v, i) => sum + v * (s[i] as number), 0))
  // Hebb's rule over the number of neurons, each coupled to itself too.
  const wanted = -overlaps.reduce((sum, o) => sum + o * o, 0) / (2 * s.length)
  close(must(value, JSON.stringify(diagnostics)).energy, wanted)
})

it('of a regression on a scale is minus the log density, without a Jacobian', () => {
  const loaded = loadedFrom(
    'data x[row]\ndata y[row]\nstate b ~ normal(0, 2)\nstate sigma : positive ~ exponential(1)\ny ~ normal(b * x, sigma)\n',
  )
  const [x, y] = [[1, 2, 3], [1.5, 1.5, 4]] // biome-ignore format: a row each
  const { energy, terms, gradient } = must(energyAt(loaded, given({ data: { x, y } }), { b: 0.8, sigma: 0.6 }).value, 'point')
  const normal = (v: number, mean: number, sd: number): number => ((v - mean) / sd) ** 2 / 2 + Math.log(sd * Math.sqrt(2 * Math.PI))
  const likelihood = (s: number): number => y.reduce((sum, v, i) => sum + normal(v, 0.8 * (x[i] as number), s), 0)
  close(terms.y as number, likelihood(0.6))
  close(energy, likelihood(0.6) + normal(0.8, 0, 2) + 0.6)
  expect(
    matches(
      gradient.sigma?.data[0] as number,
      slopeOf((t) => likelihood(0.6 + t) + t, 20),
      1e-8,
    ),
  ).toBe(true)
})

describe('on generated models', () => {
  const texts = fc.sample(modelTexts(), { numRuns: 16, seed: 11 })

  it('is what the text says, term by term, and its gradient what differences are', () => {
    let slopes = 0
    for (const text of texts) {
      const loaded = loadedFrom(text)
      const { energy } = loaded
      for (const example of fc.sample(modelCases(energy), { numRuns: 2, seed: 3 })) {
        const sizes = madeSizes(energy.axes, example.sizes)
        const said = (values: typeof example.values): readonly number[] => {
          const terms = energy.written.outputs.filter((o) => ports.isTerm(o.name))
          const all = evaluate({ ...energy.written, outputs: terms }, sizes, { ...values, [ports.temperature]: Float64Array.of(1) })
          return energy.terms.map((t) => must(all[ports.term(t.name)], t.name)[0] as number)
        }
        const { fixed, point } = asGiven(loaded, example)
        const { value, diagnostics } = energyAt(loaded, given(fixed), point)
        const found = must(value, `${text}\n${JSON.stringify(diagnostics)}`)
        const terms = said(example.values)
        const scale = terms.reduce((sum, v) => sum + Math.abs(v), 1)
        for (const [i, t] of energy.terms.entries()) close(found.terms[t.name] as number, terms[i] as number, scale)
        close(
          found.energy,
          terms.reduce((a, b) => a + b, 0),
          scale,
        )
        for (const [name, { data }] of Object.entries(found.gradient)) {
          data.forEach((g, k) => {
            const at = (t: number): number => {
              const moved = must(example.values[name], name).map((v, i) => (i === k ? v + t : v))
              return said({ ...example.values, [name]: moved }).reduce((a, b) => a + b, 0)
            }
            const slope = slopeOf(at, scale, 2 ** -13)
            if (slope.unclear) return
            slopes += 1
            expect(matches(g, slope, 1e-5), `${text}\n${name}[${k}]: ${g}, by differences ${slope.value}`).toBe(true)
          })
        }
      }
    }
    expect(slopes).toBeGreaterThan(40)
  })
})

describe('an open energy', () => {
  const text =
    'memory xi[i]\nparam a\nstate x[i] : real(lower = a)\nstate p[i] : simplex[i] ~ dirichlet[i](2)\nstate z : bit\nenergy sum[i]((x - xi * z)^2) + log(1 + z)\n'
  const loaded = loadedFrom(text)
  const open = must(openEnergy(loaded, given({ memory: { xi: [1, 2, 3] }, param: { a: -1 } }), { keep: ['z'] }).value, 'open')

  it('gives what energyAt gives, written anew each time', () => {
    const points = [1, 2, 3].map((k) => ({ x: [k, k / 2, -k / 4], p: [0.2, 0.3, 0.5], z: k % 2 }))
    const first = open.at(points[0]).value
    for (const point of points) {
      const found = must(open.at(point).value, 'point')
      expect(found).toBe(first)
      const alone = must(energyAt(loaded, given({ memory: { xi: [1, 2, 3] }, param: { a: -1 } }), point).value, 'alone')
      expect([found.energy, { ...found.terms }, found.gradient.x?.data]).toEqual([alone.energy, alone.terms, alone.gradient.x?.data])
    }
  })

  const right = { x: [1, 1, 1], p: [0.2, 0.3, 0.5], z: 1 }
  test.each([
    ['a value that is missing', { x: [1, 1, 1], p: [0.2, 0.3, 0.5] }, 'AMP501', 'The state "z" has no value'],
    ['too few numbers', { ...right, x: [1, 1] }, 'AMP503', '"x" was given 2 numbers.'],
    ['a number that is none', { ...right, x: [1, Number.NaN, 1] }, 'AMP508', '"x" has no number at i = 2.'],
    ['infinity', { ...right, x: [1, 1, Infinity] }, 'AMP505', '"x" is Infinity at i = 3.'],
    ['a number beyond its bounds', { ...right, x: [1, 1, -2] }, 'AMP505', '"x" is -2 at i = 3.'],
    ['numbers that do not belong together', { ...right, p: [0.2, 0.3, 0.6] }, 'AMP505', '"p" holds'],
    ['half a bit', { ...right, z: 0.5 }, 'AMP505', '"z" is 0.5.'],
    ['an unknown name', { ...right, y: 1 }, 'AMP720', '"y" is not a state that takes a value.'],
  ])('reports %s', (_, point, code, message) => {
    expect(open.at(right).ok).toBe(true)
    const { value, diagnostics } = open.at(point)
    expect(value).toBeUndefined()
    expect(diagnostics.map((d) => d.code)).toEqual([code])
    expect(diagnostics[0]?.message).toContain(message)
  })
})

describe('what is wrong', () => {
  const states = loadedFrom(
    'data y[row]\nstate mu\nstate s : positive\nparam J[row, other]\nstate k[row] : spin\nenergy sum[row, other](k * J * k[row -> other])\ny ~ uniform(mu - s, mu + s)\n',
  )
  const known = given({ data: { y: [1, 2, 30] }, param: { J: [[0, 1, 2], [1, 0, 1], [2, 1, 0]] } }) // biome-ignore format: a matrix
  const k = [1, 1, -1]

  it('states without a value are reported together', () => {
    const { diagnostics } = energyAt(states, known)
    expect(diagnostics.map((d) => [d.code, /"(\w+)/.exec(d.message)?.[1]])).toEqual(['mu', 's', 'k'].map((n) => ['AMP501', n]))
    expect(diagnostics[0]?.hint).toContain('--cue mu=')
  })

  it('an infinite energy names the term and the element', () => {
    const point = must(energyAt(states, known, { mu: 2, s: 3, k }).value, 'point')
    expect(point.energy).toBe(Infinity)
    expect(point.trouble).toBe('The energy is infinite, through the term "y". That is at row = 3, where y is 30.')
    expect(must(energyAt(states, known, { mu: 20, s: 30, k }).value, 'point').trouble).toBeUndefined()
  })

  it('an energy that is no number names the term', () => {
    const loaded = loadedFrom('state x[i]\nenergy rough = sum[i](log(x))\nenergy sum[i](x^2)\n')
    const { energy, trouble } = must(energyAt(loaded, given({}), { x: [1, -1] }).value, 'point')
    expect(energy).toBeNaN()
    expect(trouble).toBe('The energy is not a number, through the term "rough". That is at i = 2.')
  })

  it('a missing element is reported at its place', () => {
    const { diagnostics } = energyAt(states, known, { mu: 2, s: 3, k: [1, null, 1] })
    expect(diagnostics.map((d) => [d.code, d.message])).toEqual([['AMP508', '"k" has no number at row = 2.']])
  })

  it('a value on no sphere is refused, not brought onto it', () => {
    const loaded = loadedFrom('axis d = 2\nstate x[d] : unit[d]\nenergy -sum[d](x)\n')
    expect(energyAt(loaded, given({}), { x: [3, 4] }).diagnostics.map((d) => d.code)).toEqual(['AMP505'])
    close(must(energyAt(loaded, given({}), { x: [0.6, 0.8] }).value, 'point').energy, -1.4)
  })

  it('options that do not exist are', () => {
    const wrong = energyAt(states, known, {}, { step: 1 } as object)
    expect(wrong.diagnostics.map((d) => d.code)).toEqual(['AMP717'])
  })
})

it('takes the default of a state that has one, and says which', () => {
  const loaded = loadedFrom('state x = 3\nstate y\nenergy (x - y)^2\n')
  const { points, defaulted } = must(energies(loaded, must(givenOf({ cue: { y: 1 } }).value, 'y')).value, 'energies')
  expect([points[0]?.energy, defaulted]).toEqual([4, ['x']])
})
