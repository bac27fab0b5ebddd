import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../src/ir/builder.ts'
import type { NodeId } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'
import { printGraph } from '../../src/ir/print.ts'
import { simplify } from '../../src/ir/simplify.ts'

/** The simplified text of a formula over x[i], y[i], w[i, j], v[j], a, b; steps are joined by `; `. */
function simple(formula: (m: Maths, n: Record<'x' | 'y' | 'w' | 'v' | 'a' | 'b', NodeId>) => NodeId, sizes = {}): string {
  const builder = new GraphBuilder()
  const node = formula(maths(builder), {
    x: builder.input('x', ['i']),
    y: builder.input('y', ['i']),
    w: builder.input('w', ['i', 'j']),
    v: builder.input('v', ['j']),
    a: builder.input('a', []),
    b: builder.input('b', []),
  })
  builder.output('out', node)
  const lines = printGraph(simplify(builder.finish(), sizes)).split('\n')
  return lines
    .filter((line) => !line.startsWith('input '))
    .map((line) => line.replace(/^out(\[.*?\])? = /, ''))
    .join('; ')
}

it('takes no index for that of an axis along which it turned out not to vary', () => {
  const constant = (m: Maths, i: NodeId): NodeId => m.add(m.builder.index('k'), m.mul(m.k(0), i))
  expect(simple((m, { x }) => m.mul(m.builder.index('l'), m.builder.rename(constant(m, x), 'i', 'l')))).toBe('index(l) * index(k)')
  expect(simple((m, { x, a }) => m.mul(a, m.builder.pick(constant(m, x), 'i', m.k(0))))).toBe('a * index(k)')
})

describe('arithmetic', () => {
  it('folds constants and drops what does nothing', () => {
    expect(simple((m, { a }) => m.add(m.mul(m.k(2), m.k(3)), m.mul(m.k(1), m.add(a, m.k(0)))))).toBe('6 + a')
    expect(simple((m, { a }) => m.mul(a, m.k(0)))).toBe('0')
    expect(simple((m, { a }) => m.div(m.pow(a, m.k(1)), m.k(1)))).toBe('a')
  })
  it('brings constants and signs to the front, where they meet', () => {
    expect(simple((m, { a, b }) => m.mul(m.mul(m.k(2), a), m.neg(m.mul(m.k(3), b))))).toBe('-6 * a * b')
    expect(simple((m, { a, b }) => m.add(a, m.neg(b)))).toBe('a - b')
    expect(simple((m, { a, b }) => m.neg(m.sub(a, b)))).toBe('b - a')
    expect(simple((m, { a }) => m.sub(m.add(m.k(2), a), m.k(5)))).toBe('-3 + a')
    expect(simple((m, { a }) => m.neg(m.tanh(m.neg(a))))).toBe('tanh(a)')
  })
  it('counts equal terms', () => {
    expect(simple((m, { a }) => m.add(a, a))).toBe('2 * a')
    expect(simple((m, { a }) => m.sub(m.mul(m.k(3), a), m.add(a, a)))).toBe('a')
    expect(simple((m, { a }) => m.sub(a, a))).toBe('0')
  })
  it('divides exactly or not at all', () => {
    expect(simple((m, { a }) => m.div(a, m.k(4)))).toBe('0.25 * a')
    expect(simple((m, { a }) => m.div(a, m.k(3)))).toBe('a / 3')
  })
  it('knows small powers and inverse functions', () => {
    expect(simple((m, { a }) => m.mul(a, a))).toBe('square(a)')
    expect(simple((m, { a }) => m.pow(a, m.k(0.5)))).toBe('sqrt(a)')
    expect(simple((m, { a }) => m.log(m.exp(a)))).toBe('a')
    expect(simple((m, { a }) => m.sqrt(m.square(a)))).toBe('abs(a)')
  })
  it('shares what is the same in another order', () => {
    expect(simple((m, { a, b }) => m.sub(m.exp(m.mul(a, b)), m.exp(m.mul(b, a))))).toBe('0')
  })
})

describe('stable forms', () => {
  it.each<[string, (m: Maths, n: { a: NodeId; x: NodeId }) => NodeId]>([
    ['log1p(a)', (m, { a }) => m.log(m.add(m.k(1), a))],
    ['expm1(a)', (m, { a }) => m.sub(m.exp(a), m.k(1))],
    ['softplus(a)', (m, { a }) => m.log(m.add(m.exp(a), m.k(1)))],
    ['-softplus(-a)', (m, { a }) => m.log(m.sigmoid(a))],
    ['sigmoid(-a)', (m, { a }) => m.sub(m.k(1), m.sigmoid(a))],
    ['logcosh(a)', (m, { a }) => m.log(m.cosh(a))],
    ['log_erfc(a)', (m, { a }) => m.log(m.erfc(a))],
    ['%0 = logsumexp[i](x); %0', (m, { x }) => m.log(m.sum(['i'], m.exp(x)))],
  ])('%s', (text, formula) => {
    expect(simple(formula)).toBe(text)
  })
})

describe('choices', () => {
  it('are made where they are known', () => {
    expect(simple((m, { a, b }) => m.where(m.less(m.k(1), m.k(2)), a, b))).toBe('a')
    expect(simple((m, { a, b }) => m.where(m.less(a, b), a, a))).toBe('a')
    expect(simple((m, { a }) => m.max(a, m.k(Number.NEGATIVE_INFINITY)))).toBe('a')
  })
  it('are made once', () => {
    const asked = simple((m, { a, b }) => m.where(m.less(a, b), m.where(m.less(a, b), a, m.exp(a)), b))
    expect(asked).toBe('where(a < b, a, b)')
  })
})

describe('reductions', () => {
  it('leave outside what does not vary', () => {
    expect(simple((m, { x, a, b }) => m.sum(['i'], m.div(m.times(m.k(2), x, a), b)))).toBe('%0 = sum[i](x); 2 * %0 * a / b')
    expect(simple((m, { x, a }) => m.logsumexp(['i'], m.sub(x, a)))).toBe('%0 = logsumexp[i](x); %0 - a')
    expect(simple((m, { x, a }) => m.builder.reduce('max_over', ['i'], m.add(a, x)))).toBe('%0 = max[i](x); a + %0')
  })
  it('fall apart where nothing joins their factors', () => {
    expect(simple((m, { x, v }) => m.sum(['i', 'j'], m.mul(x, v)))).toBe('%0 = sum[i](x); %1 = sum[j](v); %0 * %1')
    expect(simple((m, { x, w, v }) => m.sum(['i', 'j'], m.times(x, w, v)))).toBe('%0 = sum[i, j](x * w * v); %0')
  })
  it('are one where one is inside the other, unless the inner one is used elsewhere', () => {
    expect(simple((m, { w }) => m.sum(['i'], m.sum(['j'], m.exp(w))))).toBe('%0 = sum[i, j](exp(w)); %0')
    const twice = simple((m, { w }) => {
      const inner = m.sum(['j'], m.exp(w))
      return m.mul(m.sum(['i'], inner), m.sum(['i'], m.square(inner)))
    })
    expect(twice).toContain('%0[i] = sum[j](exp(w))')
  })
  it('do not mind what an axis is called', () => {
    expect(simple((m, { x }) => m.sum(['k'], m.builder.rename(x, 'i', 'k')))).toBe('%0 = sum[i](x); %0')
  })
  it('undo a scatter', () => {
    expect(simple((m, { x, y }) => m.sum(['k'], m.builder.scatter(x, 'k', y, ['i'])))).toBe('%0 = sum[i](x); %0')
  })
})

describe('picking by an index over an axis', () => {
  const byIndex = (m: Maths, x: NodeId, axis: string): NodeId => m.builder.pick(x, 'i', m.builder.index(axis))
  it('is the thing itself', () => {
    expect(simple((m, { x }) => byIndex(m, x, 'i'))).toBe('x')
  })
  it('is another name where the sizes are known to agree', () => {
    expect(simple((m, { x }) => byIndex(m, x, 'k'), { i: 3, k: 3 })).toBe('%0[k] = x[i -> k]; %0')
    expect(simple((m, { x }) => byIndex(m, x, 'k'), { i: 3, k: 2 })).toBe('%0[k] = x[i = index(k)]; %0')
    expect(simple((m, { x }) => byIndex(m, x, 'k'))).toBe('%0[k] = x[i = index(k)]; %0')
  })
  it('is not another name on the diagonal', () => {
    expect(simple((m, { w }) => byIndex(m, w, 'j'), { i: 3, j: 3 })).toBe('%0[j] = w[i = index(j)]; %0')
  })
})

describe('large graphs', () => {
  it('take well under a second at a hundred thousand nodes, however deep', () => {
    const builder = new GraphBuilder()
    const m = maths(builder)
    const [a, x] = [builder.input('a', []), builder.input('x', ['i'])]
    let node = x
    for (let k = 0; k < 25_000; k += 1) node = m.add(m.mul(m.sin(node), m.neg(m.mul(a, m.k(k)))), x)
    builder.output('out', node)
    const graph = builder.finish()
    expect(graph.nodes.length).toBeGreaterThan(100_000)
    const start = process.cpuUsage()
    simplify(graph)
    // About a second of one core's time, however busy the machine. A quadratic pass would take minutes.
    expect(process.cpuUsage(start).user).toBeLessThan(5e6)
  })
})
