import { describe, expect, it } from 'vitest'
import { InternalError } from '../../src/base/internal-error.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import type { NodeId, Sizes } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'
import { reference } from '../../src/targets/reference.ts'

type Given = Readonly<Record<string, readonly [axes: readonly string[], numbers: readonly number[]]>>

/** The value of a formula over named inputs, laid out over `axes`. */
function value(
  formula: (m: Maths, input: (name: string) => NodeId) => NodeId,
  given: Given,
  sizes: Sizes,
  axes?: readonly string[],
): readonly number[] {
  const builder = new GraphBuilder()
  const ids = Object.fromEntries(Object.entries(given).map(([name, [order]]) => [name, builder.input(name, order)]))
  builder.output(
    'out',
    formula(maths(builder), (name) => ids[name] as NodeId),
    axes,
  )
  const inputs = Object.fromEntries(Object.entries(given).map(([name, [, numbers]]) => [name, Float64Array.from(numbers)]))
  return [...(evaluate(builder.finish(), sizes, inputs).out ?? [])]
}

const matrix: Given = {
  w: [
    ['row', 'column'],
    [1, 2, 3, 4, 5, 6],
  ],
}
const sizes: Sizes = { row: 2, column: 3 }

describe('layout', () => {
  it('reads inputs and writes outputs in the order of their ports', () => {
    expect(value((_, x) => x('w'), matrix, sizes, ['row', 'column'])).toEqual([1, 2, 3, 4, 5, 6])
    expect(value((_, x) => x('w'), matrix, sizes, ['column', 'row'])).toEqual([1, 4, 2, 5, 3, 6])
  })
  it('repeats along axes that an output has and its node lacks', () => {
    expect(value((m, x) => m.sum(['column'], x('w')), matrix, sizes, ['column', 'row'])).toEqual([6, 15, 6, 15, 6, 15])
  })
  it('broadcasts by name', () => {
    const given: Given = { a: [['i'], [1, 2]], b: [['j'], [10, 20, 30]] }
    expect(value((m, x) => m.add(x('a'), x('b')), given, { i: 2, j: 3 })).toEqual([11, 21, 31, 12, 22, 32])
  })
})

describe('reductions', () => {
  it('count axes that the operand lacks', () => {
    expect(value((m, x) => m.sum(['row', 'k'], x('w')), matrix, { ...sizes, k: 4 })).toEqual([20, 28, 36])
    expect(value((m) => m.logsumexp(['k'], m.k(0)), {}, { k: 4 })).toEqual([Math.log(4)])
    expect(value((m) => m.builder.reduce('prod', ['k'], m.k(3)), {}, { k: 4 })).toEqual([81])
  })
  it('give what nothing adds up to over an empty axis', () => {
    const over = (op: 'sum' | 'prod' | 'max_over' | 'logsumexp') =>
      value((m, x) => m.builder.reduce(op, ['i'], x('x')), { x: [['i'], []] }, { i: 0 })
    expect([over('sum'), over('prod'), over('max_over'), over('logsumexp')]).toEqual([
      [0],
      [1],
      [Number.NEGATIVE_INFINITY],
      [Number.NEGATIVE_INFINITY],
    ])
  })
  it('take logsumexp without overflow and through infinities', () => {
    const lse = (numbers: readonly number[]) => value((m, x) => m.logsumexp(['i'], x('x')), { x: [['i'], numbers] }, { i: 2 })
    expect(lse([1000, 1000])).toEqual([1000 + Math.log(2)])
    expect(lse([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toEqual([Number.NEGATIVE_INFINITY])
    expect(lse([Number.POSITIVE_INFINITY, 0])).toEqual([Number.POSITIVE_INFINITY])
    expect(lse([Number.NEGATIVE_INFINITY, 3])).toEqual([3])
  })
})

describe('structured operations', () => {
  const pair: Given = { mu: [['k'], [10, 20, 30]], z: [['t'], [2, 0, 2, 1]], y: [['t'], [1, 2, 3, 4]] }
  const at: Sizes = { k: 3, t: 4 }
  it('pick and scatter are transposes', () => {
    expect(value((m, x) => m.builder.pick(x('mu'), 'k', x('z')), pair, at)).toEqual([30, 10, 30, 20])
    expect(value((m, x) => m.builder.scatter(x('y'), 'k', x('z'), ['t']), pair, at)).toEqual([2, 4, 4])
    const left = value((m, x) => m.sum(['t'], m.mul(x('y'), m.builder.pick(x('mu'), 'k', x('z')))), pair, at)
    const right = value((m, x) => m.sum(['k'], m.mul(x('mu'), m.builder.scatter(x('y'), 'k', x('z'), ['t']))), pair, at)
    expect(left).toEqual(right)
  })
  it('pick along an axis that the index shares', () => {
    // The diagonal.
    const given: Given = {
      w: [
        ['i', 'k'],
        [1, 2, 3, 4],
      ],
    }
    expect(value((m, x) => m.builder.pick(x('w'), 'k', m.builder.index('i')), given, { i: 2, k: 2 })).toEqual([1, 4])
    // A permutation along the picked axis itself.
    const turned: Given = { x: [['k'], [5, 6, 7]], p: [['k'], [2, 0, 1]] }
    expect(value((m, x) => m.builder.pick(x('x'), 'k', x('p')), turned, { k: 3 })).toEqual([7, 5, 6])
  })
  it.each([[-1], [3], [0.5], [Number.NaN]])('do not pick place %d of three', (place) => {
    const given: Given = { mu: [['k'], [1, 2, 3]], z: [[], [place]] }
    expect(() => value((m, x) => m.builder.pick(x('mu'), 'k', x('z')), given, { k: 3 })).toThrow(InternalError)
  })
  it('shift with zeros coming in, also into what is constant', () => {
    expect(value((m, x) => m.builder.shift(x('y'), 't', 1), pair, at)).toEqual([0, 1, 2, 3])
    expect(value((m, x) => m.builder.shift(x('y'), 't', -3), pair, at)).toEqual([4, 0, 0, 0])
    expect(value((m) => m.builder.shift(m.k(7), 't', 1), {}, at)).toEqual([0, 7, 7, 7])
    expect(value((m) => m.builder.shift(m.k(7), 't', -1), {}, at)).toEqual([7, 7, 7, 0])
  })
  it('add up from either end, also what is constant', () => {
    expect(value((m, x) => m.builder.cumsum(x('y'), 't'), pair, at)).toEqual([1, 3, 6, 10])
    expect(value((m, x) => m.builder.cumsum(x('y'), 't', true), pair, at)).toEqual([10, 9, 7, 4])
    expect(value((m) => m.builder.cumsum(m.k(2), 't'), {}, at)).toEqual([2, 4, 6, 8])
    expect(value((m) => m.builder.cumsum(m.k(2), 't', true), {}, at)).toEqual([8, 6, 4, 2])
  })
  it('recurse along an axis from either end', () => {
    const body = new GraphBuilder()
    body.output('next', body.apply('add', body.apply('mul', body.constant(2), body.input('prev', [])), body.input('e0', [])))
    const scan = (reverse: boolean) => value((m, x) => m.builder.scan('t', reverse, body.finish(), m.k(100), [x('y')], []), pair, at)
    expect(scan(false)).toEqual([100, 202, 407, 818])
    expect(scan(true)).toEqual([817, 408, 203, 100])
  })
})

describe('a recursion is fitted to its operands', () => {
  const body = (): GraphBuilder => {
    const b = new GraphBuilder()
    b.output('next', b.apply('add', b.input('prev', []), b.input('e1', [])))
    return b
  }
  it('drops elements that the body does not use', () => {
    const builder = new GraphBuilder()
    const [unused, used] = [builder.input('unused', ['t']), builder.input('used', ['t'])]
    const id = builder.scan('t', false, body().finish(), builder.constant(0), [unused, used], [])
    expect(builder.node(id).args).toEqual([builder.constant(0), used])
  })
  it('carries the axes that its operands bring', () => {
    const builder = new GraphBuilder()
    const id = builder.scan('t', false, body().finish(), builder.constant(0), [builder.constant(0), builder.input('e', ['t', 'chain'])], [])
    expect(builder.axes(id)).toEqual(['chain', 't'])
  })
  it('does not let an operand bring an axis that the body gives a meaning', () => {
    const b = new GraphBuilder()
    b.output('next', b.apply('add', b.input('prev', []), b.sum(['k'], b.input('e0', ['k']))))
    const builder = new GraphBuilder()
    expect(() => builder.scan('t', false, b.finish(), builder.input('first', ['k']), [builder.input('e', ['t', 'k'])], [])).toThrow(
      /gains the axis k/,
    )
  })
})

describe('the reference target', () => {
  it('uses the buffers it is given and says what is of the wrong length', () => {
    const builder = new GraphBuilder()
    builder.output('double', builder.apply('mul', builder.constant(2), builder.input('x', ['i'])))
    const [x, double] = [Float64Array.of(1, 2), new Float64Array(2)]
    reference(
      builder.finish(),
      { i: 2 },
      {
        buffers: new Map([
          ['x', x],
          ['double', double],
        ]),
      },
    ).run()
    expect([...double]).toEqual([2, 4])
    expect(() => evaluate(builder.finish(), { i: 3 }, { x })).toThrow('input x has 2 numbers instead of 3')
    expect(() => evaluate(builder.finish(), {}, { x })).toThrow('missing size of the axis i')
  })
})
