import { describe, expect, test } from 'vitest'
import { fold, keyFromSeed, Stream } from '../../../src/base/random.ts'
import { hasForm } from '../../../src/compile/conditionals/conditional.ts'
import { conditionalDraw } from '../../../src/compile/conditionals/draws.ts'
import type { Conditional } from '../../../src/compile/conditionals/found.ts'
import { formDraws } from '../../../src/inference/draws/conditional-form.ts'
import type { Sizes } from '../../../src/ir/graph.ts'
import type { ConditionalDraw } from '../../../src/middle/conditional-draw.ts'
import { boundsOf, ownAxes } from '../../../src/middle/kinds.ts'
import { kernel } from '../../../src/targets/kernel.ts'
import { formsOf, type Numbers, randomValues } from '../../compile/conditionals/held.ts'
import { models } from '../../compile/conditionals/known.ts'
import { energyOf, sizesOf } from '../../compile/models.ts'
import { type Cdf, cdfOf, distance, FARTHEST, normalCdf } from './quadrature.ts'

const DRAWS = 2000

interface Case {
  readonly energy: ReturnType<typeof energyOf>
  readonly form: Conditional
  readonly open: Sizes
  readonly values: Numbers
  readonly temperature: number
  log(x: readonly number[]): number
}

/** Draws of all elements of the variable, everything else held where it is. */
function drawsOf({ energy, form, open, values, temperature }: Case, held?: Uint8Array): readonly (readonly number[])[] {
  const draw = conditionalDraw(energy, form)
  if ('reason' in draw) throw new Error(draw.reason)
  const { name } = form.variable
  const known = new Map(Object.entries(values).map(([n, v]) => [n, Float64Array.from(v)]))
  known.set('the temperature', Float64Array.of(temperature))
  const own = known.get(name) as Float64Array
  const sizes = sizesOf([...energy.axes, ...draw.axes], open)
  const setting = { target: kernel, sizes, fixed: new Map() }
  const opened = formDraws(draw, setting, known, held && new Map([[name, held]]))
  const stream = new Stream(fold(keyFromSeed(11), name))
  return Array.from({ length: DRAWS }, () => {
    const failure = opened.draw(stream)
    if (failure !== undefined) throw new Error(failure.sentence)
    return [...own]
  })
}

/** -E/T where the variable has a value: the sum of the terms as the text says them. */
function logDensity({ energy, form, open: sizes, values, temperature }: Omit<Case, 'log'>): Case['log'] {
  const executable = kernel(energy.graph, sizesOf(energy.axes, sizes))
  for (const [name, buffer] of executable.inputs) buffer.set(name === 'the temperature' ? [1] : (values[name] as readonly number[]))
  const own = executable.inputs.get(form.variable.name) as Float64Array
  const terms = energy.terms.map((t) => executable.outputs.get(`term:${t.name}`) as Float64Array)
  return (x) => {
    own.set(x)
    executable.run()
    return -terms.reduce((sum, [e = Number.NaN]) => sum + e, 0) / temperature
  }
}

/** A direction in which to look at a Gaussian, and the distribution of that by differences of E, which is exact for quadratics. */
function projected(c: Case, moving: readonly number[], draws: readonly (readonly number[])[]): number {
  const before = c.values[c.form.variable.name] as readonly number[]
  const direction = before.map((_, i) => (moving.includes(i) ? Math.cos(3 * i + 1) : 0))
  const n = moving.length
  const at = (...steps: readonly (readonly [number, number])[]): number =>
    c.log(before.map((x, i) => x + steps.reduce((sum, [k, d]) => (moving[k] === i ? sum + d : sum), 0))) // biome-ignore format: one line
  const here = at()
  const P = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => -(at([i, 1], [j, 1]) - at([i, 1]) - at([j, 1]) + here)))
  const h = Array.from({ length: n }, (_, i) => (at([i, 1]) - at([i, -1])) / 2)
  const own = moving.map((i) => direction[i] as number)
  const [mean, image] = [solved(P, h), solved(P, own)]
  const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, v, i) => sum + v * (y[i] as number), 0)
  const centre = dot(own, moving.map((i) => before[i] as number)) + dot(own, mean) // biome-ignore format: one line
  return distance(draws.map((x) => dot(direction, x)), normalCdf(centre, Math.sqrt(dot(own, image)))) // biome-ignore format: one line
}

/** By Gauss and Jordan. */
function solved(matrix: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  const a = matrix.map((row, i) => [...row, b[i] as number])
  a.forEach((pivotRow, k) => {
    const pivot = pivotRow[k] as number
    for (let j = 0; j < pivotRow.length; j += 1) pivotRow[j] = (pivotRow[j] as number) / pivot
    a.forEach((row, i) => {
      const factor = row[k] as number
      if (i !== k) for (let j = 0; j < row.length; j += 1) row[j] = (row[j] as number) - factor * (pivotRow[j] as number)
    })
  })
  return a.map((row) => row.at(-1) as number)
}

/** The distribution of element i, where elements are independent, by quadrature of exp(-E/T). */
function elementCdf(c: Case, i: number): Cdf {
  const before = c.values[c.form.variable.name] as readonly number[]
  const log = (x: number): number => c.log(before.with(i, x))
  const { lower = -Infinity, upper = Infinity } = boundsOf(c.form.variable.type) ?? {}
  // The one end that is no number is -1.
  const [low, high] = [lower, upper].map((end) => (typeof end === 'number' ? end : (end.number ?? -1))) as [number, number]
  if (c.form.form === 'gaussian') {
    // A parabola, by three of its points within the bounds.
    const [x, d] = [Number.isFinite(low) ? low + 0.5 : 0, 0.25]
    const [a, b, e] = [log(x - d), log(x), log(x + d)]
    const curvature = (2 * b - a - e) / (d * d)
    const mean = x + (e - a) / (2 * d) / curvature
    const reach = 12 / Math.sqrt(curvature)
    const from = Math.max(low, mean - reach)
    // Where the mean is beyond an end, what is left lies close to that.
    return cdfOf(log, from, Math.min(high, Math.max(mean + reach, from + reach / 4)))
  }
  if (high === 1) return cdfOf(log, 1e-9, 1 - 1e-9)
  const inLogs = cdfOf((u) => log(Math.exp(u)) + u, -25, 6, 3000)
  return (x) => inLogs(Math.log(x))
}

/** The distribution of the first number of a point on the simplex of three, the others integrated out. */
function simplexCdf(c: Case, row: number): Cdf {
  const before = c.values[c.form.variable.name] as readonly number[]
  const places = 120
  const log = (x: number): number => {
    let sum = 0
    for (let k = 0; k < places; k += 1) {
      const y = ((k + 0.5) / places) * (1 - x)
      sum += Math.exp(c.log(before.toSpliced(3 * row, 3, x, y, 1 - x - y)))
    }
    return Math.log(sum * (1 - x))
  }
  return cdfOf(log, 1e-6, 1 - 1e-6, 120)
}

/** The distribution of the first number of a point on the sphere in three dimensions (area is uniform in it), or on the circle. */
function sphereCdf(c: Case, row: number, d: number): Cdf {
  const before = c.values[c.form.variable.name] as readonly number[]
  const at = (point: readonly number[]): number => c.log(before.toSpliced(d * row, d, ...point))
  if (d === 2) {
    const angle = cdfOf((a) => Math.log(Math.exp(at([Math.cos(a), Math.sin(a)])) + Math.exp(at([Math.cos(a), -Math.sin(a)]))), 0, Math.PI)
    return (x) => 1 - angle(Math.acos(x))
  }
  const around = 48
  return cdfOf(
    (z) => {
      const r = Math.sqrt(1 - z * z)
      const turns = Array.from({ length: around }, (_, k) => (2 * Math.PI * k) / around)
      return Math.log(turns.reduce((sum, a) => sum + Math.exp(at([z, r * Math.cos(a), r * Math.sin(a)])), 0))
    },
    -1,
    1,
    200,
  )
}

/** How far the draws are from the distribution that E has, by the form's own coordinates. */
function farthest(c: Case): number {
  const { form, variable, mixing } = c.form
  const draws = drawsOf(c)
  const size = (draws[0] as readonly number[]).length
  const some = [0, size - 1]
  const of = (i: number): number[] => draws.map((x) => x[i] as number)
  if (form === 'gaussian' && mixing.length > 0) return projected(c, Array.from({ length: size }, (_, i) => i), draws) // biome-ignore format: one line
  const [along] = ownAxes(variable.type)
  if (along === undefined) return Math.max(...some.map((i) => distance(of(i), elementCdf(c, i))))
  const d = sizesOf(c.energy.axes, c.open)[along] as number
  const cdf = form === 'dirichlet' ? simplexCdf(c, 0) : sphereCdf(c, 0, d)
  return distance(of(0), cdf)
}

const drawn = models.flatMap(({ name, text, sizes }) => {
  const energy = energyOf(`model m\n${text}`)
  // Matrices are held to their moments in matrices.test.ts of the conditional forms, and to the densities of their family's own draws.
  const forms = [...formsOf(energy).values()].filter(hasForm).filter((c) => !['categorical', 'wishart', 'inverse_wishart'].includes(c.form))
  return forms.map((form) => [name, form.variable.name, { energy, form, open: sizes }] as const)
})

// One in 1e10 tests fails by chance.
describe.each([1, 2.5])('at T = %d draws have the distribution of exp(-E/T)', (temperature) => {
  test.each(drawn)('%s: %s', (_name, _variable, { energy, form, open }) => {
    const values = randomValues(energy, sizesOf(energy.axes, open), 5)
    const held = { energy, form, open, values, temperature }
    expect(farthest({ ...held, log: logDensity(held) })).toBeLessThan(FARTHEST)
  })
})

describe('elements that are held', () => {
  const chain = drawn.find(([name, variable]) => name === 'AR(1) chain' && variable === 'x')?.[2] as (typeof drawn)[number][2]
  const values = randomValues(chain.energy, sizesOf(chain.energy.axes, chain.open), 6)
  const held = { ...chain, values, temperature: 1.5 }
  const draws = drawsOf({ ...held, log: logDensity(held) }, Uint8Array.of(0, 1, 0, 0, 1))

  test('stay where they are', () => {
    for (const i of [1, 4]) expect(new Set(draws.map((x) => x[i]))).toEqual(new Set([values.x?.[i]]))
  })

  test('are conditioned on', () => {
    expect(projected({ ...held, log: logDensity(held) }, [0, 2, 3], draws)).toBeLessThan(FARTHEST)
  })
})

test.each([
  ['state x[i]\ndata A[i, j]\nenergy sum[i, j](A * x * x[i -> j]) / 2', 'x', { A: [1, 2, 2, 1] }, 'its precision is not positive'],
  ['state x : positive\ndata b\nenergy b * x + log(x)', 'x', { b: [-1] }, 'it is no density of gamma there'],
])('where there is no density that is said: %s', (text, name, given, why) => {
  const energy = energyOf(`model m\n${text}`)
  const form = formsOf(energy).get(name) as Conditional
  const draw = conditionalDraw(energy, form) as ConditionalDraw
  const known = new Map(Object.entries({ ...given, x: [0, 0], 'the temperature': [1] }).map(([n, v]) => [n, Float64Array.from(v)]))
  const sizes = sizesOf([...energy.axes, ...draw.axes], { i: 2, j: 2 })
  const failure = formDraws(draw, { target: kernel, sizes, fixed: new Map() }, known).draw(new Stream(keyFromSeed(1)))
  expect(failure?.sentence).toBe(`The density of "x" given everything else cannot be drawn from: ${why}.`)
})
