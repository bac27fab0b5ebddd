import { describe, expect, it } from 'vitest'
import type { Interval } from '../../../src/base/interval.ts'
import { powerShape, reciprocalShape, type Shape, shapes } from '../../../src/compile/curvature/shapes.ts'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import { evaluate } from '../../../src/ir/evaluate.ts'
import { maths } from '../../../src/ir/maths.ts'
import { scalar } from '../../../src/ir/scalar.ts'

const anywhere: Interval = { low: -Infinity, high: Infinity, zero: true }
const positive: Interval = { low: 0, high: Infinity, zero: false }

interface Row {
  readonly f: (x: number) => number
  readonly shape: Shape
  readonly from: number
  readonly to: number
  /** The limits of the bend are not met on the grid. */
  readonly beyond?: boolean
}

/** Where each function is looked at: wherever it bends most, and far enough out to come near the limits of its bend. */
const grids: { readonly [K in keyof typeof shapes]: readonly [from: number, to: number] } = {
  exp: [-12, 3],
  expm1: [-12, 3],
  log: [0.1, 40],
  log1p: [-0.9, 40],
  sqrt: [0.1, 40],
  square: [-3, 3],
  sin: [-4, 4],
  cos: [-4, 4],
  tanh: [-4, 4],
  sigmoid: [-6, 6],
  erf: [-3, 3],
  erfc: [-3, 3],
  atan: [-3, 3],
  cosh: [-3, 3],
  softplus: [-12, 12],
  logcosh: [-8, 8],
  log_erfc: [-5, 25],
  lgamma: [0.2, 200],
  digamma: [0.3, 30],
}

/** Kinks have no second derivative. */
const kinked: ReadonlySet<string> = new Set(['abs'])

const named: readonly (readonly [string, Row])[] = [
  ...Object.entries(shapes)
    .filter(([op]) => !kinked.has(op))
    .map(([op, entry]): readonly [string, Row] => {
      const shape = typeof entry === 'function' ? entry(positive) : entry
      const [from, to] = grids[op as keyof typeof grids] as readonly [number, number]
      return [op, { f: scalar[op as keyof typeof scalar] as (x: number) => number, shape: shape as Shape, from, to }]
    }),
  ...[-2, -0.5, 0.3, 0.9, 1, 1.5, 2.5, 3].map((k): readonly [string, Row] => [
    `the power ${k} of what is positive`,
    { f: (x) => x ** k, shape: powerShape(k, positive) as Shape, from: 0.3, to: 60, beyond: k > 1 },
  ]),
  ...[4, 6].map((k): readonly [string, Row] => [
    `the power ${k} of anything`,
    { f: (x) => x ** k, shape: powerShape(k, anywhere) as Shape, from: -2, to: 2 },
  ]),
  ['a reciprocal', { f: (x) => 1 / x, shape: reciprocalShape(positive) as Shape, from: 0.3, to: 30 }],
]

describe.each(named)('what is known of the bend of %s', (_what, { f, shape, from, to, beyond }) => {
  const xs = Array.from({ length: 4001 }, (_, i) => from + ((to - from) * i) / 4000)
  /** Fourth-order differences: the step loses about 1e-8 to rounding and 1e-9 to what is cut off. */
  const h = 2e-3
  const second = (x: number): number => (-f(x + 2 * h) + 16 * f(x + h) - 30 * f(x) + 16 * f(x - h) - f(x - 2 * h)) / (12 * h * h)
  const first = (x: number): number => (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h)
  const bends = xs.map(second)
  const [least, most] = [Math.min(...bends), Math.max(...bends)]
  const slack = 1e-5 * Math.max(1, Math.max(...xs.map((x) => Math.abs(f(x)))) * 1e-3)

  it('is true, and no more than that', () => {
    if (shape.most !== undefined) {
      expect(most).toBeLessThanOrEqual(shape.most + slack)
      // What is approached only far out is met to within a hundredth there.
      if (!beyond) expect(most).toBeGreaterThanOrEqual(shape.most - 0.01 * Math.max(1, Math.abs(shape.most)))
    }
    if (shape.least !== undefined) {
      expect(least).toBeGreaterThanOrEqual(shape.least - slack)
      if (!beyond) expect(least).toBeLessThanOrEqual(shape.least + 0.01 * Math.max(1, Math.abs(shape.least)))
    }
    const all = bends.every((b) => b >= -slack) ? 'convex' : bends.every((b) => b <= slack) ? 'concave' : 'neither'
    if (least < -slack || most > slack) expect(shape.bend).toBe(all)
  })

  it('has a slope that is the derivative', () => {
    if (shape.slope === undefined) return
    const builder = new GraphBuilder()
    const slope = shape.slope(maths(builder), builder.input('x', []), builder.input('y', []))
    builder.output('slope', slope)
    const graph = builder.finish()
    for (const x of xs.filter((_, i) => i % 400 === 200)) {
      const { slope: found } = evaluate(graph, {}, { x: Float64Array.of(x), y: Float64Array.of(f(x)) })
      expect(Math.abs((found?.[0] as number) - first(x)) / Math.max(1, Math.abs(first(x)))).toBeLessThan(1e-7)
    }
  })
})

it('has a grid for every shape', () => {
  expect(Object.keys(shapes).filter((op) => !kinked.has(op) && !(op in grids))).toEqual([])
})

describe('where the argument may be anywhere', () => {
  it.each(['lgamma', 'digamma'] as const)('nothing is known of %s', (op) => {
    expect((shapes[op] as (r: Interval) => unknown)(anywhere)).toBeUndefined()
    expect((shapes[op] as (r: Interval) => unknown)({ low: 0, high: Infinity, zero: true })).toBeUndefined()
  })
  it.each([-2, -1, 1.5, 3])('nothing is known of the power %d', (k) => {
    expect(powerShape(k, anywhere)).toBeUndefined()
  })
  it('nothing is known of a negative power or a reciprocal of what may be 0', () => {
    expect(powerShape(-1, { low: 0, high: Infinity, zero: true })).toBeUndefined()
    expect(reciprocalShape({ low: 0, high: Infinity, zero: true })).toBeUndefined()
  })
})
