import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { gradient } from '../../src/ir/gradient.ts'
import type { Graph, NodeId } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'
import { simplify } from '../../src/ir/simplify.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { reference } from '../../src/targets/reference.ts'
import { openTfjs } from '../../src/targets/tfjs.ts'

/** Slopes of an energy over x[i] (three elements) and a, b, at a tie of some of them. */
function slopes(write: (m: Maths, x: NodeId, a: NodeId, b: NodeId) => NodeId): Graph {
  const builder = new GraphBuilder()
  const inputs = [builder.input('x', ['i']), builder.input('a', []), builder.input('b', [])]
  const [x = 0, a = 0, b = 0] = inputs
  gradient(builder, write(maths(builder), x, a, b), inputs).forEach((g, k) => {
    builder.output(['x', 'a', 'b'][k] as string, g, k === 0 ? ['i'] : [])
  })
  return simplify(builder.finish())
}

const opened = await openTfjs()
if (opened.backend === undefined) throw new Error(opened.passedOver.join(' '))
const tfjs = opened.target

describe.each([
  ['reference', reference],
  ['kernel', kernel],
  ['TensorFlow.js', tfjs],
] as const)('at a tie the slopes of an extreme, by %s,', (_, target) => {
  const at = (graph: Graph, x: readonly number[], a: number, b: number): Record<string, readonly number[]> => {
    const run = target(graph, { i: 3 })
    for (const [name, values] of Object.entries({ x, a: [a], b: [b] })) run.inputs.get(name)?.set(values)
    run.run()
    const out = Object.fromEntries([...run.outputs].map(([name, data]) => [name, [...data]]))
    run.dispose()
    return out
  }

  it.each(['max', 'min'] as const)('of two (%s) go to the first; where there is none, to the one that counts', (op) => {
    const graph = slopes((m, _x, a, b) => m.mul(m.k(3), m[op](a, b)))
    expect(at(graph, [0, 0, 0], 1.5, 1.5)).toMatchObject({ a: [3], b: [0] })
    const [low, high] = [at(graph, [0, 0, 0], 1, 2), at(graph, [0, 0, 0], 2, 1)]
    expect([low.a, low.b]).toEqual(op === 'max' ? [[0], [3]] : [[3], [0]])
    expect([high.a, high.b]).toEqual(op === 'max' ? [[3], [0]] : [[0], [3]])
  })

  it.each([
    ['max_over', [2, 5, 5], [0, 1.5, 1.5]],
    ['max_over', [5, 5, 5], [1, 1, 1]],
    ['max_over', [5, 2, 4], [3, 0, 0]],
    ['min_over', [2, 5, 2], [1.5, 0, 1.5]],
    ['min_over', [3, 2, 4], [0, 3, 0]],
  ] as const)('of many (%s of %j) are shared evenly', (op, x, wanted) => {
    const graph = slopes((m, all) => m.mul(m.k(3), m.builder.reduce(op, ['i'], all)))
    // Thirds in float32 are exact to 1e-7.
    expect(at(graph, x, 0, 0).x).toEqual(wanted.map((w) => expect.closeTo(w, 6)))
  })

  it('of abs are 0 at 0, and of a product of zeros 0 or the product of the others', () => {
    const abs = slopes((m, x) => m.sum(['i'], m.abs(x)))
    expect(at(abs, [-2, 0, 3], 0, 0).x).toEqual([-1, 0, 1])
    const product = slopes((m, x) => m.builder.reduce('prod', ['i'], x))
    expect(at(product, [2, 0, 3], 0, 0).x).toEqual([0, 6, 0])
    expect(at(product, [2, 0, 0], 0, 0).x).toEqual([0, 0, 0])
    expect(at(product, [2, 5, 3], 0, 0).x).toEqual([15, 6, 10])
  })
})
