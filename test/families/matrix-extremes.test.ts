import { describe, expect, test } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { whereLegal } from '../../src/families/formulas/legal.ts'
import type { FamilySignature } from '../../src/families/parts/signature.ts'
import { type FamilyName, signatures } from '../../src/families/tables/signatures.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { gradient } from '../../src/ir/gradient.ts'
import { maths } from '../../src/ir/maths.ts'
import { familyRules, withLimits } from './rules.ts'

type Values = readonly number[]

/** Up to 1e50, as covariances are taken from 1e-100 to 1e100: beyond, squares of distances are infinite. */
const numbers = [0, 1, 1e-300, 5e-324, -1e-8, 1e40, -1e50]
const positive = [2.3e-308, 1e-300, 1e-162, 1e-8, 0.5, 1, 2.5, 1e8, 1e150, 1e300]
const pairs = (values: Values): readonly Values[] => values.flatMap((a) => values.map((b) => [a, b]))
const singles = (values: Values): readonly Values[] => values.map((v) => [v])
/** Diagonal, correlated, nearly singular, singular, and none at all. */
const matrices: readonly Values[] = [
  ...pairs([1e-300, 1e-100, 1e-60, 1, 1e100]).map(([a = 0, b = 0]) => [a, 0, 0, b]),
  ...[1e-90, 1, 1e8, 1e300].map((s) => [s, 0.5 * s, 0.5 * s, s]),
  ...[1e-60, 1, 1e60].map((s) => [s, (1 - 1e-15) * s, (1 - 1e-15) * s, s]),
  [1, 1, 1, 1],
  [0, 0, 0, 0],
  [1e300, -1e300, -1e300, 1e300],
  [1, 1e300, 1e300, 1],
  [5e-324, 0, 0, 5e-324],
]
/** For two of them at once: gradients by one are squares of distances over both. */
const moderate = matrices.filter((x) =>
  x.every((v) => v === 0 || Math.abs(Math.log10(Math.abs(v))) <= 61 || Math.abs(Math.log10(Math.abs(v))) > 150),
)
const factors: readonly Values[] = matrices.map(([a = 0, b = 0, , d = 0]) => [a, 0, b, d])
const simplexes: readonly Values[] = [[0, 1], [1, 0], [0.5, 0.5], [1e-300, 1], [5e-324, 1], [1 - 1e-16, 1e-16]] // biome-ignore format: rows
const directions: readonly Values[] = [[1, 0], [0, -1], [0.6, 0.8], [1e-300, 1], [-1, 5e-324]] // biome-ignore format: rows
const correlations: readonly Values[] = [[1, 0, 0, 1], [1, 0, 0.6, 0.8], [1, 0, 1, 1e-8], [1, 0, 1, 1e-300], [1, 0, 1, 5e-324], [1, 0, 1, 0], [1, 0, 0.6, -0.8]] // biome-ignore format: rows

interface Case {
  readonly axes: readonly (readonly string[])[]
  readonly own?: readonly (string | undefined)[]
  readonly over: readonly string[]
  /** x, then each argument. */
  readonly lists: readonly (readonly Values[])[]
}

const vector = { over: ['d'] }
const square = { over: ['d', 'e'] }

const cases: Readonly<Partial<Record<FamilyName, Case>>> = {
  dirichlet: { ...vector, axes: [['d'], ['d']], lists: [simplexes, pairs(positive)] },
  multinomial: {
    ...vector,
    axes: [['d'], [], ['d']],
    lists: [[[0, 0], [3, 4], [0, 7], [1e15, 0], [5e14, 5e14]], singles([0, 7, 1e15]), simplexes], // biome-ignore format: rows
  },
  von_mises_fisher: { ...vector, axes: [['d'], ['d'], []], lists: [directions, directions, singles(positive)] },
  multi_normal: {
    ...vector,
    axes: [['d'], ['d'], ['d', 'd2']],
    own: [undefined, 'd2'],
    lists: [pairs(numbers), [[0, 0], [1, -1e50], [1e50, 1e50], [1e-300, 0]], matrices], // biome-ignore format: rows
  },
  multi_normal_cholesky: {
    ...vector,
    axes: [['d'], ['d'], ['d', 'd2']],
    own: [undefined, 'd2'],
    lists: [pairs(numbers), [[0, 0], [1, -1e50], [1e50, 1e50], [1e-300, 0]], factors], // biome-ignore format: rows
  },
  multi_student_t: {
    ...vector,
    axes: [['d'], [], ['d'], ['d', 'd2']],
    own: [undefined, undefined, 'd2'],
    lists: [pairs([0, 1, 1e-300, 1e40, -1e50]), singles([2.3e-308, 1e-100, 1e-8, 1, 1e8, 1e300]), [[0, 0], [1e50, -1e50]], matrices], // biome-ignore format: rows
  },
  lkj_cholesky: { ...square, axes: [['d', 'e'], []], lists: [correlations, singles(positive)] },
  wishart: {
    ...square,
    axes: [['d', 'e'], [], ['d', 'e']],
    lists: [matrices, singles([2.3e-308, 1, 1 + 1e-15, 2, 2.5, 1e8, 1e150, 1e300]), matrices],
  },
  inverse_wishart: {
    ...square,
    axes: [['d', 'e'], [], ['d', 'e']],
    lists: [matrices, singles([2.3e-308, 1, 1 + 1e-15, 2, 2.5, 1e8, 1e150, 1e300]), matrices],
  },
  matrix_normal: {
    ...square,
    axes: [['d', 'e'], ['d', 'e'], ['d', 'd2'], ['e', 'e2']], // biome-ignore format: rows
    own: [undefined, 'd2', 'e2'],
    lists: [
      [[0, 0, 0, 0], [1, 2, 3, 4], [1e50, 0, -1e50, 1], [1e-300, 1e-300, 0, 5e-324]], // biome-ignore format: rows
      [[0, 0, 0, 0], [1e50, -1e50, 1, 1e-300]], // biome-ignore format: rows
      moderate,
      moderate,
    ],
  },
}

/** The log density and its gradients at a point, as the compiler guards it. */
function density(name: FamilyName, { axes, own, over }: Case): (point: readonly Values[]) => readonly [number, ...Float64Array[]] {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const [x = 0, ...args] = axes.map((a, i) => builder.input(`x${i}`, a))
  const { parameters } = signatures[name] as FamilySignature
  const context = own === undefined ? { over } : { over, own }
  const value = whereLegal(m, args, parameters, [], (safe) => withLimits(familyRules[name], parameters).logDensity(m, x, safe, context))
  builder.output('value', value, [])
  for (const [i, g] of gradient(builder, value, [x, ...args]).entries()) builder.output(`g${i}`, g, axes[i] as readonly string[])
  const graph = builder.finish()
  const sizes = { d: 2, e: 2, d2: 2, e2: 2 }
  return (point) => {
    const out = evaluate(graph, sizes, Object.fromEntries(point.map((v, i) => [`x${i}`, Float64Array.from(v)])))
    return [must(out.value, 'value')[0] as number, ...point.map((_, i) => must(out[`g${i}`], 'gradient'))]
  }
}

function* combinations(lists: readonly (readonly Values[])[]): Generator<readonly Values[]> {
  const [first, ...rest] = lists
  if (first === undefined) yield []
  else for (const head of first) for (const tail of combinations(rest)) yield [head, ...tail]
}

test('every family over axes is looked at', () => {
  const over = (Object.entries(signatures) as [FamilyName, FamilySignature][]).filter(([name, f]) => f.over > 0 && name !== 'markov')
  expect(Object.keys(cases).sort()).toEqual(over.map(([name]) => name).sort())
})

describe.each(Object.entries(cases) as [FamilyName, Case][])('%s', (name, given) => {
  const f = density(name, given)

  test('is a number or an infinity at any arguments, and so are its gradients', () => {
    const wrong: string[] = []
    for (const point of combinations(given.lists)) {
      const [value, ...gradients] = f(point)
      const nan = gradients.findIndex((g, i) => g.some(Number.isNaN) && !(name === 'multinomial' && i < 2))
      if (Number.isNaN(value)) wrong.push(`log p at ${JSON.stringify(point)}`)
      else if (nan >= 0) wrong.push(`d/d${nan} at ${JSON.stringify(point)}, where log p = ${value}`)
    }
    expect([wrong.length, ...wrong.slice(0, 8)]).toEqual([0])
  })
})

test('covariances are taken from 1e-100 to 1e100, and beyond the density is 0 with gradients 0', () => {
  const f = density('multi_normal', must(cases.multi_normal, 'case'))
  const at = (a: number, b: number) => f([[3e-49, -2e49], [0, 0], [a, 0, 0, b]]) // biome-ignore format: rows
  // The squares over 2 are 4.5 and 2, and the scales cancel.
  expect(at(1e-98, 1e98)[0]).toBeCloseTo(-4.5 - 2 - Math.log(2 * Math.PI), 11)
  for (const [a, b] of [
    [1e-102, 1],
    [1, 1e102],
    [1e-300, 1],
    [1, Infinity],
    [NaN, 1],
  ] as const) {
    // biome-ignore format: rows
    const [value, ...gradients] = at(a, b)
    expect(value, `${a}, ${b}`).toBe(Number.NEGATIVE_INFINITY)
    if (Number.isFinite(a + b)) expect(gradients.flatMap((g) => [...g]).every((v) => v === 0)).toBe(true)
  }
})
