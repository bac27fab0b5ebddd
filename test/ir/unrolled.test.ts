import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { maths } from '../../src/ir/maths.ts'
import { MOST_STEPS, unrolled } from '../../src/ir/unrolled.ts'
import { generatedOps } from '../generators/graph-steps.ts'
import { graphs } from '../generators/graphs.ts'

const scansIn = ({ nodes }: Graph): number => nodes.reduce((n, node) => n + ('body' in node ? 1 + scansIn(node.body) : 0), 0)

/** Recursions, and what reads single positions of them. */
const kept = ['scan', 'pick', 'shift', 'rename', 'where', 'mul', 'sum', 'logsumexp', 'cumsum']

test('a graph with its recursions written out has the same values', () => {
  let written = 0
  fc.assert(
    fc.property(graphs({ steps: 12, without: generatedOps.filter((op) => !kept.includes(op)) }), ({ graph, sizes, inputs }) => {
      const made = unrolled(graph, sizes)
      written += scansIn(graph) - scansIn(made)
      const [found, right] = [made, graph].map((g) => evaluate(g, sizes, inputs))
      expect(Object.keys(found ?? {})).toEqual(Object.keys(right ?? {}))
      for (const [name, numbers] of Object.entries(right ?? {}))
        for (const [i, x] of numbers.entries())
          expect(Math.abs((found?.[name]?.[i] ?? Number.NaN) - x)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(x)))
    }),
    { numRuns: 600, seed: 11 },
  )
  expect(written).toBeGreaterThan(80)
})

/** Layers that mix, upwards or from the end, and others that read the layer before of the first; all of it is looked at. */
function network(reverse: boolean): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const [W, c] = [builder.input('W', ['layer', 'i', 'j']), builder.input('c', ['i'])]
  const layer = (element: readonly string[]): Graph => {
    const body = new GraphBuilder()
    const b = maths(body)
    const mixed = b.sum(['i'], b.mul(body.input('prev', ['i']), body.input('e0', ['i', 'j'])))
    body.output('next', b.add(b.tanh(body.rename(mixed, 'j', 'i')), body.input('e1', element)))
    return body.finish()
  }
  // The first state lacks the axis that the steps sum over.
  const lower = builder.scan('layer', reverse, layer([]), m.k(0.5), [W, m.mul(builder.index('layer'), m.k(0.1))], ['i'])
  const below = m.where(m.equal(builder.index('layer'), m.k(0)), c, builder.shift(lower, 'layer', 1))
  const upper = builder.scan('layer', false, layer(['i']), c, [W, below], ['i'])
  const last = builder.pick(upper, 'layer', m.sub(builder.size('layer'), m.k(1)))
  builder.output('last', last, ['i'])
  builder.output('lower', lower, ['layer', 'i'])
  builder.output('sums', m.sum(['layer'], m.mul(upper, lower)), ['i'])
  return builder.finish()
}

test.each([false, true])('deep networks are written out as far as they are short (from the end: %s)', (reverse) => {
  const graph = network(reverse)
  for (const layer of [1, 2, 5, MOST_STEPS + 1]) {
    const sizes = { layer, i: 3, j: 3 }
    const values = { W: Float64Array.from({ length: 9 * layer }, (_, i) => Math.sin(1.7 * (i + 1))), c: Float64Array.of(0.2, -0.4, 1.1) }
    const made = unrolled(graph, sizes)
    expect(scansIn(made)).toBe(layer > MOST_STEPS ? 2 : 0)
    const [found, right] = [evaluate(made, sizes, values), evaluate(graph, sizes, values)]
    for (const name of ['last', 'lower', 'sums']) expect([...(found[name] ?? [])], name).toEqual([...(right[name] ?? [])])
  }
  expect(unrolled(graph, {})).toEqual(graph)
})

test('what the last layer needs is all that is left of the others', () => {
  const { nodes, outputs } = network(false)
  const made = unrolled(
    { nodes, inputs: network(false).inputs, outputs: outputs.filter((o) => o.name === 'last') },
    { layer: 3, i: 3, j: 3 },
  )
  expect(made.nodes.some((n) => n.axes.includes('layer') && n.op !== 'input')).toBe(false)
  // Two steps of the upper network; its last reads the one step of the lower network that comes before.
  expect(made.nodes.filter((n) => n.op === 'tanh')).toHaveLength(2 + 1)
})

test('steps of single numbers stay a loop', () => {
  const builder = new GraphBuilder()
  const body = new GraphBuilder()
  body.output('next', body.apply('add', body.input('prev', []), body.input('e0', [])))
  builder.output('states', builder.scan('t', false, body.finish(), builder.constant(1), [builder.input('x', ['t'])], []))
  expect(scansIn(unrolled(builder.finish(), { t: 4 }))).toBe(1)
})
