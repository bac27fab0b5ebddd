import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { gradient } from '../../src/ir/gradient.ts'
import type { Graph, NodeId, Sizes } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'

/** The derivative of a scalar formula by its inputs, evaluated; `inputs`: axes and numbers by name. */
function derivativesOf(
  formula: (m: Maths, input: (name: string) => NodeId) => NodeId,
  inputs: Readonly<Record<string, readonly [axes: string, numbers: readonly number[]]>>,
  sizes: Sizes = {},
): Record<string, readonly number[]> {
  const builder = new GraphBuilder()
  const axesOf = (name: string): readonly string[] => inputs[name]?.[0].split(' ').filter((a) => a !== '') ?? []
  const ids = Object.fromEntries(Object.keys(inputs).map((name) => [name, builder.input(name, axesOf(name))]))
  const energy = formula(maths(builder), (name) => ids[name] as NodeId)
  const names = Object.keys(inputs)
  gradient(
    builder,
    energy,
    names.map((n) => ids[n] as NodeId),
  ).forEach((g, i) => {
    const name = names[i] as string
    builder.output(name, g, axesOf(name))
  })
  const values = evaluate(builder.finish(), sizes, numbersOf(inputs))
  return Object.fromEntries(Object.entries(values).map(([name, data]) => [name, [...data]]))
}

function numbersOf(inputs: Readonly<Record<string, readonly [string, readonly number[]]>>): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(inputs).map(([name, [, numbers]]) => [name, Float64Array.from(numbers)]))
}

describe('derivatives against closed forms', () => {
  it('sums over the axes that an operand lacks', () => {
    // E = sum_ij a_i b_j: dE/da_i = sum_j b_j.
    const d = derivativesOf((m, x) => m.sum(['i', 'j'], m.mul(x('a'), x('b'))), { a: ['i', [1, 2]], b: ['j', [3, 4, 5]] }, { i: 2, j: 3 })
    expect(d).toEqual({ a: [12, 12], b: [3, 3, 3] })
  })

  it('counts an axis that nothing varies over', () => {
    const d = derivativesOf((m, x) => m.sum(['i'], m.square(x('a'))), { a: ['', [3]] }, { i: 4 })
    expect(d).toEqual({ a: [24] })
  })

  it('is the matrix on either side of a bilinear form', () => {
    const d = derivativesOf(
      (m, x) => m.sum(['i', 'j'], m.times(x('s'), x('w'), x('t'))),
      { s: ['i', [1, 2]], w: ['i j', [1, 2, 3, 4]], t: ['j', [5, 6]] },
      { i: 2, j: 2 },
    )
    expect(d).toEqual({ s: [17, 39], w: [5, 6, 10, 12], t: [7, 10] })
  })

  it('is zero, not missing, for what the energy does not depend on', () => {
    expect(derivativesOf((m, x) => m.square(x('a')), { a: ['', [2]], b: ['i', [1, 1]] }, { i: 2 })).toEqual({ a: [4], b: [0, 0] })
  })

  it('takes the asked nodes as leaves', () => {
    const builder = new GraphBuilder()
    const m = maths(builder)
    const x = builder.input('x', [])
    const y = m.exp(x)
    const [byX, byY] = gradient(builder, m.mul(x, y), [x, y])
    expect([byX, byY]).toEqual([y, x])
  })
})

describe('derivatives stay finite', () => {
  it('of a product with zeros among its factors', () => {
    const by = (numbers: readonly number[]) =>
      derivativesOf((m, x) => m.builder.reduce('prod', ['i'], x('a')), { a: ['i', numbers] }, { i: 3 }).a
    expect(by([2, 3, 4])).toEqual([12, 8, 6])
    expect(by([2, 0, 4])).toEqual([0, 8, 0])
    expect(by([0, 0, 4])).toEqual([0, 0, 0])
  })

  it('of logsumexp with minus infinities, all of them too', () => {
    const by = (numbers: readonly number[]) => derivativesOf((m, x) => m.logsumexp(['i'], x('a')), { a: ['i', numbers] }, { i: 2 }).a
    expect(by([Number.NEGATIVE_INFINITY, 1])).toEqual([0, 1])
    expect(by([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toEqual([0, 0])
  })

  it('below a branch that is not taken, however deep the infinity lies there', () => {
    const d = derivativesOf(
      (m, x) => m.sum(['i'], m.where(m.less(m.k(0), x('a')), m.square(m.log(x('a'))), m.mul(m.k(3), x('a')))),
      { a: ['i', [0, -1, 1]] },
      { i: 3 },
    )
    expect(d).toEqual({ a: [3, 3, 0] })
  })

  it('below a branch that is taken along another axis', () => {
    // Row 0 of the logarithm is never used; row 1 is used once.
    const d = derivativesOf(
      (m, x) => m.sum(['i', 'j'], m.where(m.less(m.builder.index('j'), m.builder.index('i')), m.log(x('a')), m.k(0))),
      { a: ['j', [2, 0]] },
      { i: 2, j: 2 },
    )
    expect(d).toEqual({ a: [0.5, 0] })
  })

  it('of what is never picked', () => {
    const d = derivativesOf((m, x) => m.builder.pick(m.log(x('a')), 'i', m.k(1)), { a: ['i', [0, 2]] }, { i: 2 })
    expect(d).toEqual({ a: [0, 0.5] })
  })

  it('of powers of zero', () => {
    const by = (a: number, b: number) => derivativesOf((m, x) => m.pow(x('a'), x('b')), { a: ['', [a]], b: ['', [b]] })
    expect(by(0, 2)).toEqual({ a: [0], b: [0] })
    expect(by(0, 1)).toEqual({ a: [1], b: [0] })
    expect(by(0, 0)).toEqual({ a: [0], b: [0] })
    expect(by(-2, 2).a).toEqual([-4])
  })

  it('of the second derivative below a branch, at a point where the first is zero', () => {
    // (x/2)^2 on the side taken: slope 0 and curvature 1/2 at x = 0.
    const builder = new GraphBuilder()
    const m = maths(builder)
    const x = builder.input('x', [])
    const energy = m.where(m.less(x, m.k(1)), m.square(m.div(x, m.k(2))), m.log(x))
    const [slope] = gradient(builder, energy, [x])
    const [curvature] = gradient(builder, slope as NodeId, [x])
    builder.output('slope', slope as NodeId)
    builder.output('curvature', curvature as NodeId)
    const values = evaluate(builder.finish(), {}, { x: Float64Array.of(0) })
    expect([values.slope?.[0], values.curvature?.[0]]).toEqual([0, 0.5])
  })
})

describe('derivatives of recursions', () => {
  // s0 = f, s_i = c s_{i-1} + e_i; E = s_{n-1}: dE/df = c^2, dE/de = [0, c, 1], dE/dc = 2 c f + e_1.
  const leaky = (): Graph => {
    const body = new GraphBuilder()
    const m = maths(body)
    body.output('next', m.add(m.mul(body.input('e1', []), body.input('prev', [])), body.input('e0', [])))
    return body.finish()
  }
  it('forwards', () => {
    const d = derivativesOf(
      (m, x) => m.builder.pick(m.builder.scan('t', false, leaky(), x('f'), [x('e'), x('c')], []), 't', m.k(2)),
      { f: ['', [2]], e: ['t', [7, 11, 13]], c: ['', [3]] },
      { t: 3 },
    )
    expect(d).toEqual({ f: [9], e: [0, 3, 1], c: [2 * 3 * 2 + 11] })
  })
  it('backwards', () => {
    const d = derivativesOf(
      (m, x) => m.builder.pick(m.builder.scan('t', true, leaky(), x('f'), [x('e'), x('c')], []), 't', m.k(0)),
      { f: ['', [2]], e: ['t', [13, 11, 7]], c: ['', [3]] },
      { t: 3 },
    )
    expect(d).toEqual({ f: [9], e: [1, 3, 0], c: [2 * 3 * 2 + 11] })
  })
})
