import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { entmax, normmax, normmaxPotential } from '../../src/ir/entmax.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { gradient } from '../../src/ir/gradient.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { maths } from '../../src/ir/maths.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { given, loadedFrom } from '../api/points.ts'
import { normals } from '../memory/numbers.ts'
import { energyOf, total } from './models.ts'

interface Row {
  readonly of: 'entmax' | 'normmax'
  readonly alpha: number
  readonly x: readonly number[]
  readonly p: readonly number[]
  readonly potential: number
}

const rows = JSON.parse(readFileSync(new URL('../ir/reference-entmax.json', import.meta.url), 'utf8')) as readonly Row[]

/** Probabilities, their potential, and the gradient of that, of x along k. */
function graphOf(of: Row['of']): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const [x, alpha] = [builder.input('x', ['k']), builder.input('alpha', [])]
  const potential = of === 'entmax' ? builder.entmaxPotential(x, alpha, 'k') : normmaxPotential(m, x, alpha, 'k')
  builder.output('p', (of === 'entmax' ? entmax : normmax)(m, x, alpha, 'k'))
  builder.output('potential', potential)
  builder.output('slope', must(gradient(builder, potential, [x])[0], 'slope'))
  return builder.finish()
}

const graphs = { entmax: graphOf('entmax'), normmax: graphOf('normmax') }

function computed({ of, alpha, x }: Row, by: 'reference' | 'kernel'): Readonly<Record<string, ArrayLike<number>>> {
  const inputs = { x: Float64Array.from(x), alpha: Float64Array.of(alpha) }
  if (by === 'reference') return evaluate(graphs[of], { k: x.length }, inputs)
  const run = kernel(graphs[of], { k: x.length })
  for (const [name, data] of Object.entries(inputs)) run.inputs.get(name)?.set(data)
  run.run()
  return Object.fromEntries(run.outputs)
}

describe.each(['reference', 'kernel'] as const)('in the executor %s', (by) => {
  it.each(
    rows.map((row) => [row.of, row.alpha, row.x.length, Math.max(...row.x.map(Math.abs)), row] as const),
  )('%s, alpha %d, of %d numbers up to %d, has the digits of mpmath, and is the gradient of its potential', (_of, alpha, _n, largest, row) => {
    const found = computed(row, by)
    // A threshold among numbers of size L is good to their rounding; the power 1/(alpha - 1) magnifies it.
    const tolerance = (4e-15 + 3e-16 * largest) * Math.max(1, 1 / (alpha - 1))
    row.p.forEach((p, k) => {
      expect(Math.abs((found.p?.[k] as number) - p)).toBeLessThanOrEqual(tolerance)
      expect(Math.abs((found.slope?.[k] as number) - p)).toBeLessThanOrEqual(tolerance)
    })
    expect(Math.abs((found.potential?.[0] as number) - row.potential)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(row.potential)))
  })
})

const codesOf = (text: string): readonly string[] => analyse({ name: 'm.amp', text }).diagnostics.map((d) => d.code)

const at = (expression: string, x: readonly number[]): number =>
  total(energyOf(`model t\nstate x[k]\nenergy ${expression}\n`), { k: x.length }, { x: [...x] })

describe('in the language', () => {
  test('sparsemax is entmax at alpha = 2, and ties share', () => {
    expect(at('max[k](sparsemax[k](x))', [2, 2, 0])).toBe(0.5)
    expect(at('max[k](entmax[k](x, 2))', [2, 2, 0])).toBe(0.5)
    expect(at('sparsemax_potential[k](x) - entmax_potential[k](x, 2)', [0.3, 0.1, -0.2])).toBe(0)
    expect(at('max[k](normmax[k](x, 3))', [2, 2, -8])).toBeCloseTo(0.5, 14)
  })

  test('of one element is that element', () => {
    expect(at('sum[k](sparsemax[k](x))', [-3])).toBe(1)
    expect(at('sparsemax_potential[k](x)', [-3])).toBe(-3)
    expect(at('entmax_potential[k](x, 1.5)', [7])).toBeCloseTo(7, 14)
  })

  test('what is minus infinity has no part, and nothing but that is minus infinity', () => {
    expect(at('sparsemax_potential[k](x)', [1, -Infinity])).toBe(1)
    expect(at('sum[k](sparsemax[k](x))', [1, -Infinity])).toBe(1)
    expect(at('sparsemax_potential[k](x)', [-Infinity, -Infinity])).toBe(-Infinity)
  })

  test('entmax nears softmax as alpha nears 1', () => {
    expect(at('max[k](abs(entmax[k](x, 1.0001) - softmax[k](x)))', [0.3, 0.1, -0.2])).toBeLessThan(1e-3)
  })

  test('they go along one axis, take a parameter where they have one, and give way to a definition', () => {
    expect(codesOf('model t\nstate x[k, l]\nenergy sum[k, l](sparsemax[k, l](x))\n')).toEqual(['AMP306'])
    expect(codesOf('model t\nstate x[k]\nenergy sum[k](entmax[k](x))\n')).toHaveLength(1)
    expect(codesOf('model t\ndata a[k]\nstate x[k]\nenergy sum[k](entmax[k](x, a))\n')).toEqual(['AMP312'])
    expect(codesOf('model t\ndef entmax(a) = a + 1\nstate x\nenergy entmax(x)^2\n')).toEqual([])
  })
})

describe('a sparse Hopfield network', () => {
  const text = (potential: string): string =>
    `memory xi[pattern, i]\nparam beta : positive = 1\nstate x[i]\nenergy -${potential} / beta + sum[i](x^2) / 2\n`
  const xi = normals('patterns', 5 * 30)
  const inputs = (cue: readonly number[]) => given({ memory: { xi: { shape: [5, 30], data: xi } }, cue: { x: [...cue] } })
  const scores = 'beta * sum[i](xi * x)'

  it('retrieves a pattern that is alone in one exact step', async () => {
    const pattern = xi.slice(60, 90)
    const noise = normals('noise', 30, 0.2)
    const loaded = loadedFrom(text(`sparsemax_potential[pattern](${scores})`))
    const { value } = await retrieve(loaded, inputs([...pattern].map((v, k) => v + (noise[k] as number))))
    const found = must(must(value, 'result').retrievals[0], 'retrieval')
    expect(found.flows).toEqual(['fixed-point'])
    expect(found.steps).toBeLessThanOrEqual(2)
    expect(found.states.x?.data).toEqual(pattern)
  })

  it.each([
    [`sparsemax_potential[pattern](${scores})`, `sparsemax[pattern](${scores})`],
    [`entmax_potential[pattern](${scores}, 1.5)`, `entmax[pattern](${scores}, 1.5)`],
    [`normmax_potential[pattern](${scores}, 3)`, `normmax[pattern](${scores}, 3)`],
  ])('takes a step to what %s attends to', async (potential, weights) => {
    const loaded = loadedFrom(`${text(potential)}let attended = sum[pattern](${weights} * xi)\n`)
    const cue = normals('cue', 30, 0.02)
    const options = { param: { beta: 0.05 }, memory: { xi: { shape: [5, 30], data: xi } } }
    const one = must((await retrieve(loaded, given({ ...options, cue: { x: cue } }), { maxSteps: 1 })).value, 'one').retrievals[0]
    const still = must(
      (await retrieve(loaded, given({ ...options, cue: { x: cue } }), { maxSteps: 0, report: ['attended'] })).value,
      'still',
    ).retrievals[0]
    one?.states.x?.data.forEach((v, k) => {
      expect(v).toBeCloseTo(still?.reported.attended?.data[k] as number, 12)
    })
  })
})
