import { expect, it } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { dependsOn, withBatch } from '../../src/ir/batch.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { factorsOf } from '../../src/ir/factors.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { maths } from '../../src/ir/maths.ts'
import { printGraph } from '../../src/ir/print.ts'

/** Overlaps of a cue with patterns, their energy, and a norm of the patterns alone. */
function overlaps(): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const [xi, x] = [builder.input('xi', ['pattern', 'pixel']), builder.input('x', ['pixel'])]
  const overlap = m.sum(['pixel'], m.mul(xi, x))
  builder.output('overlap', overlap)
  builder.output('energy', m.neg(m.logsumexp(['pattern'], overlap)))
  builder.output('norm', m.sum(['pixel', 'pattern'], m.square(xi)))
  return builder.finish()
}

it('gives what depends on the batched inputs one more axis, in front', () => {
  expect(printGraph(withBatch(overlaps(), ['x'], 'cue'))).toMatchInlineSnapshot(`
    "input xi[pattern, pixel]
    input x[cue, pixel]
    %0[cue, pattern] = sum[pixel](xi * x)
    %1[cue] = logsumexp[pattern](%0)
    %2 = sum[pattern, pixel](square(xi))
    overlap[cue, pattern] = %0
    energy[cue] = -%1
    norm = %2"
  `)
})

it('repeats the outputs asked for, whether they vary or not', () => {
  const batched = withBatch(overlaps(), ['x'], 'cue', ['norm'])
  expect(batched.outputs.map((o) => o.axes)).toEqual([['cue', 'pattern'], ['cue'], ['cue']])
})

it('refuses an axis that the graph knows', () => {
  expect(() => withBatch(overlaps(), ['x'], 'pattern')).toThrow('the batch axis pattern is in the graph already')
})

it('knows what depends on what', () => {
  const graph = overlaps()
  const depends = (output: string, input: string): boolean => {
    const port = graph.outputs.find((o) => o.name === output)
    return dependsOn(graph, port?.node ?? -1, new Set([input]))
  }
  expect([depends('energy', 'x'), depends('norm', 'x'), depends('norm', 'xi')]).toEqual([true, false, true])
})

it('recognises sums of products, a square being one', () => {
  const graph = overlaps()
  const nodeOf = (id: number) => must(graph.nodes[id], 'node')
  const of = (id: number) => factorsOf(nodeOf, id, { squares: true })
  const sums = graph.nodes.flatMap((n) =>
    n.op === 'sum' && 'over' in n ? [{ over: n.over, factors: of(must(n.args[0], 'operand')) }] : [],
  )
  const name = (id: number): string => {
    const node = graph.nodes[id]
    return node?.op === 'input' && 'name' in node ? node.name : '?'
  }
  expect(sums.map((c) => [c.over, c.factors.map(name)])).toEqual([
    [['pixel'], ['xi', 'x']],
    [
      ['pattern', 'pixel'],
      ['xi', 'xi'],
    ],
  ])
  const last = must(graph.outputs[1], 'output').node
  expect(of(last)).toEqual([last])
})
