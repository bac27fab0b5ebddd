import { expect, test } from 'vitest'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import { evaluate } from '../../../src/ir/evaluate.ts'
import type { NodeId } from '../../../src/ir/graph.ts'
import { type Maths, maths } from '../../../src/ir/maths.ts'
import { withFactoredElements } from '../../../src/targets/loops/graph/factored-elements.ts'

const sizes = { t: 4, k: 3, l: 3 }
const numbers = (n: number, by: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(by * (i + 1)))
const values = { move: numbers(9, 1.3), seen: numbers(12, 0.7), T: Float64Array.of(1.7), start: numbers(3, 2.1) }

/** Elements over t, k and l that are made of what varies over fewer of them. */
const elements: readonly [string, (m: Maths, move: NodeId, seen: NodeId, T: NodeId) => NodeId][] = [
  ['a sum', (m, a, b) => m.add(a, b)],
  ['a difference', (m, a, b) => m.sub(a, b)],
  ['a difference the other way', (m, a, b) => m.sub(b, a)],
  ['minus a sum, divided', (m, a, b, T) => m.div(m.neg(m.add(a, b)), T)],
  ['minus a difference', (m, a, b) => m.builder.apply('neg', m.builder.apply('sub', a, b))],
  ['a product', (m, a, b) => m.mul(a, b)],
  ['a product of three', (m, a, b, T) => m.mul(m.mul(a, T), b)],
  ['a product a step later', (m, a, b) => m.builder.shift(m.mul(a, b), 't', -1)],
  ['a sum a step later', (m, a, b) => m.builder.shift(m.add(a, b), 't', -1)],
]

test.each(elements)('a recursion gets the parts of its elements, and is the same: %s', (what, make) => {
  for (const op of ['add', 'mul'] as const) {
    const builder = new GraphBuilder()
    const m = maths(builder)
    const element = make(m, builder.input('move', ['l', 'k']), builder.input('seen', ['t', 'l']), builder.input('T', []))
    const body = new GraphBuilder()
    const prev = body.rename(body.input('prev', ['l']), 'l', 'k')
    body.output('next', body.reduce('sum', ['k'], body.apply(op, prev, body.input('e0', ['k', 'l']))))
    builder.output('states', builder.scan('t', false, body.finish(), builder.input('start', ['l']), [element], ['l']), ['t', 'l'])
    const graph = builder.finish()
    const parted = withFactoredElements(graph)
    // A sum is not 0 where nothing is, so it is not taken apart there.
    expect(parted.nodes.some((n) => n.axes.length === 3)).toBe(what === 'a sum a step later')
    const [found, right] = [parted, graph].map((g) => [...(evaluate(g, sizes, values).states ?? [])])
    expect(found).toHaveLength(12)
    for (const [i, x] of (found ?? []).entries()) expect(x).toBeCloseTo(right?.[i] as number, 10)
  }
})
