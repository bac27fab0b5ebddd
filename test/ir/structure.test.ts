import fc from 'fast-check'
import { expect, it } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { dependence } from '../../src/compile/marginalise/dependence.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluateNode } from '../../src/ir/evaluate.ts'
import type { DenseValue } from '../../src/ir/evaluate-context.ts'
import type { Graph, Node, NodeOf, Op, Sizes } from '../../src/ir/graph.ts'
import { laidOut } from '../../src/ir/layout.ts'
import { NodeTable } from '../../src/ir/node-table.ts'
import { axesFrom, ownFields, type StructuredOp, structure } from '../../src/ir/structure.ts'
import { graphs } from '../generators/graphs.ts'

const without = [
  'log_von_mises_mass_by_kappa',
  'log_beta_i_by_first',
  'log_beta_i_by_second',
  'log_gamma_p_by_shape',
  'log_gamma_q_by_shape',
]

/** The position along each of `axes` (sorted) of element `at`. */
function position(axes: readonly string[], sizes: Sizes, at: number): ReadonlyMap<string, number> {
  let rest = at
  const found = axes.toReversed().map((axis): [string, number] => {
    const size = must(sizes[axis], axis)
    const k = rest % size
    rest = (rest - k) / size
    return [axis, k]
  })
  return new Map(found)
}

/** Where along the axes that an operation does not work along, an element of operand k has a part in elements elsewhere. */
function strays(node: Node, operands: readonly DenseValue[], k: number, sizes: Sizes): readonly string[] {
  const operand = must(operands[k], 'operand')
  const still = operand.axes.filter((axis) => !structure(node).works(k).includes(axis))
  const run = (args: readonly DenseValue[]): Float64Array => evaluateNode(node, { sizes, input: () => new Float64Array(), args })
  const before = run(operands)
  // An index stays one: the operands of both operations of which the second is a place along an axis.
  const places = 'axis' in node && k === 1 && (node.op === 'pick' || node.op === 'scatter') ? must(sizes[node.axis], node.axis) : undefined
  return [...operand.data].flatMap((x, i) => {
    const data = operand.data.with(i, places === undefined ? x + 0.37 : (x + 1) % places)
    const after = run(operands.map((o, j) => (j === k ? { ...o, data } : o)))
    const from = position(operand.axes, sizes, i)
    const changed = [...after.keys()].filter((j) => !Object.is(after[j], before[j])).map((j) => position(node.axes, sizes, j))
    return still.filter((axis) => changed.some((to) => to.get(axis) !== from.get(axis)))
  })
}

/** The value of every node, over its sorted axes. */
function valuesOf(graph: Graph, sizes: Sizes, inputs: Readonly<Record<string, Float64Array>>): readonly DenseValue[] {
  const input = (name: string): Float64Array => {
    const port = graph.inputs.find((p) => p.name === name)
    const { axes } = must(port, name)
    return laidOut(must(inputs[name], name), axes, axes.toSorted(), sizes)
  }
  const values: DenseValue[] = []
  for (const node of graph.nodes) {
    const args = node.args.map((a) => must(values[a], 'operand'))
    values.push({ axes: node.axes, data: evaluateNode(node, { sizes, input, args }) })
  }
  return values
}

it('says along which axes elements meet, and which axes come of it', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(graphs({ steps: 5, without }), ({ graph, sizes, inputs }) => {
      const values = valuesOf(graph, sizes, inputs)
      for (const node of graph.nodes) {
        const operands = node.args.map((a) => must(values[a], 'operand'))
        const axes = operands.map((o) => o.axes)
        expect([node.op, axesFrom(node, axes).toSorted()]).toEqual([node.op, node.axes])
        const { works, gone } = structure(node)
        node.args.forEach((_, k) => {
          expect(works(k)).toEqual(expect.arrayContaining([...gone(k)]))
          expect([node.op, k, strays(node, operands, k, sizes)]).toEqual([node.op, k, []])
        })
        seen.add(node.op)
      }
    }),
    { seed: 20260731, numRuns: 400 },
  )
  for (const op of Object.keys(examples)) expect(seen).toContain(op)
})

const shared = { axes: ['a'], args: [0, 1] }
const body = ((): Graph => {
  const builder = new GraphBuilder()
  builder.output('next', builder.input('prev', ['k']))
  return builder.finish()
})()

const examples: { readonly [K in StructuredOp]: NodeOf<K> } = {
  const: { op: 'const', value: 0, ...shared },
  input: { op: 'input', name: 'x', ...shared },
  size: { op: 'size', axis: 'a', ...shared },
  index: { op: 'index', axis: 'a', ...shared },
  sum: { op: 'sum', over: ['a'], ...shared },
  prod: { op: 'prod', over: ['a'], ...shared },
  max_over: { op: 'max_over', over: ['a'], ...shared },
  min_over: { op: 'min_over', over: ['a'], ...shared },
  logsumexp: { op: 'logsumexp', over: ['a'], ...shared },
  pick: { op: 'pick', axis: 'a', ...shared },
  scatter: { op: 'scatter', axis: 'a', over: ['b'], ...shared },
  rename: { op: 'rename', from: 'a', to: 'b', ...shared },
  shift: { op: 'shift', axis: 'a', by: 1, ...shared },
  cumsum: { op: 'cumsum', axis: 'a', reverse: false, ...shared },
  scan: { op: 'scan', axis: 'a', reverse: false, body, ...shared },
  cholesky: { op: 'cholesky', rows: 'a', columns: 'b', ...shared },
  cholesky_gradient: { op: 'cholesky_gradient', rows: 'a', columns: 'b', ...shared },
  threshold: { op: 'threshold', axis: 'a', ...shared },
  entmax_potential: { op: 'entmax_potential', axis: 'a', ...shared },
  solve_lower: { op: 'solve_lower', rows: 'a', columns: 'b', transposed: false, ...shared },
}

/** Another value of a field. */
function another(value: unknown): unknown {
  if (typeof value === 'number') return value === 0 ? -0 : value + 1
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string') return `${value}'`
  if (Array.isArray(value)) return [...value, 'more']
  return { ...(value as Graph), inputs: [{ name: 'prev', axes: ['k', 'l'] }] }
}

it.each(Object.values<NodeOf<Op>>(examples))('knows a $op from another by each of its fields', (node) => {
  const fields = Object.keys(node).filter((name) => !['op', 'axes', 'args'].includes(name))
  expect(
    ownFields(node.op)
      .map(([name]) => name)
      .toSorted(),
  ).toEqual(fields.toSorted())
  const table = new NodeTable()
  table.add(node)
  expect(table.find({ ...node })).toBe(0)
  for (const name of fields) {
    const other = { ...node, [name]: another(node[name as keyof typeof node]) }
    expect([name, table.find(other)]).toEqual([name, undefined])
  }
  expect(table.find({ ...node, args: [1, 0] })).toBeUndefined()
})

it('does not take sites apart that a step of a recursion brings together', () => {
  const builder = new GraphBuilder()
  const z = builder.input('z', ['t', 'k'])
  const step = new GraphBuilder()
  const next = step.apply('add', step.input('prev', []), step.sum(['k'], step.input('e0', ['k'])))
  step.output('next', next)
  const out = builder.scan('t', false, step.finish(), builder.constant(0), [z], [])
  const ids = [...Array(builder.length).keys()]
  expect(dependence(builder, ids, z, ['k']).get(out)).toBe('coupled')
  expect(dependence(builder, ids, z, []).get(out)).toBe('here')
})
