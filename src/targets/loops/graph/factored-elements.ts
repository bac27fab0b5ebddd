import { must } from '../../../base/internal-error.ts'
import { GraphBuilder } from '../../../ir/builder.ts'
import type { Graph, Node, NodeId, NodeOf } from '../../../ir/graph.ts'

/**
 * The graph with recursions that are given the factors of their elements instead of products that vary over more axes than
 * each of them: `f(t, k) M(l, k) g(t, l)` is multiplied where a step reads it, and is never a table over t, l and k. So it is
 * with the terms of sums.
 */
export function withFactoredElements(graph: Graph): Graph {
  if (!graph.nodes.some((n) => n.op === 'scan')) return graph
  const builder = new GraphBuilder()
  for (const port of graph.inputs) builder.input(port.name, port.axes)
  const ids: NodeId[] = []
  for (const node of graph.nodes) {
    const args = node.args.map((a) => must(ids[a], 'operand'))
    ids.push(node.op === 'scan' ? scanOfFactors(builder, node, args) : builder.like(node, args))
  }
  for (const o of graph.outputs) builder.output(o.name, must(ids[o.node], 'output'), o.axes)
  return { ...builder.finish(), inputs: graph.inputs }
}

function scanOfFactors(builder: GraphBuilder, node: NodeOf<'scan'>, args: readonly NodeId[]): NodeId {
  const [first, ...elements] = args as readonly [NodeId, ...NodeId[]]
  const apart = elements.map((e) => factorsOf(builder, e))
  if (apart.every((f) => f.parts.length === 1)) return builder.like(node, args)
  const all: NodeId[] = []
  const body = new GraphBuilder()
  const places = apart.map(({ parts }) => parts.map((f) => all.push(f) - 1))
  const factors = (port: string): FactoredParts => {
    const k = Number(port.slice(1))
    const parts = must(places[k], 'element').map((at) => {
      const axes = builder.axes(must(all[at], 'factor')).filter((a) => a !== node.axis)
      return body.input(`e${at}`, axes)
    })
    return { op: must(apart[k], 'element').op, parts }
  }
  const ids: NodeId[] = []
  for (const inner of node.body.nodes) {
    if (inner.op === 'input' && inner.name !== 'prev') ids.push(together(body, factors(inner.name)))
    else if (inner.op === 'input') ids.push(body.input(inner.name, inner.axes))
    else
      ids.push(
        inOneProduct(body, inner, node.body, ids, factors) ??
          body.like(
            inner,
            inner.args.map((a) => must(ids[a], 'operand')),
          ),
      )
  }
  body.output('next', must(ids[must(node.body.outputs[0], 'output of a scan').node], 'next'))
  const carried = node.axes.filter((a) => a !== node.axis)
  return builder.scan(node.axis, node.reverse, body.finish(), first, all, carried)
}

/** What multiplied or added gives an element. */
interface FactoredParts {
  readonly op: 'mul' | 'add'
  readonly parts: readonly NodeId[]
}

function together(body: GraphBuilder, { op, parts }: FactoredParts): NodeId {
  return parts.reduce((a, b) => body.apply(op, a, b))
}

/** What is carried times (or plus) an element: the carried value goes first, so that nothing is left that is made of the element alone. */
function inOneProduct(
  body: GraphBuilder,
  node: Node,
  from: Graph,
  ids: readonly NodeId[],
  factors: (port: string) => FactoredParts,
): NodeId | undefined {
  if (node.op !== 'mul' && node.op !== 'add') return undefined
  const [a, b] = node.args as readonly [NodeId, NodeId]
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const) {
    const element = must(from.nodes[y], 'factor')
    if (element.op !== 'input' || element.name === 'prev') continue
    const carried = body.axes(must(ids[x], 'operand'))
    const more = (part: NodeId): number => body.axes(part).filter((axis) => !carried.includes(axis)).length
    const apart = factors(element.name)
    if (apart.op !== node.op || apart.parts.length === 1) continue
    const parts = [...apart.parts].sort((p, q) => more(p) - more(q) || body.axes(p).length - body.axes(q).length)
    return together(body, { op: apart.op, parts: [must(ids[x], 'operand'), ...parts] })
  }
  return undefined
}

/** The factors or terms of an element, each over fewer axes than it; itself alone where they are not. */
function factorsOf(builder: GraphBuilder, id: NodeId): FactoredParts {
  const node = builder.node(id)
  if (node.op === 'shift') {
    const [x] = node.args as readonly [NodeId]
    const { op, parts } = factorsOf(builder, x)
    // A factor that is 0 where nothing is does for all; a term does not.
    if (parts.length === 1 || op === 'add') return { op: 'mul', parts: [id] }
    return { op, parts: parts.map((f) => (builder.axes(f).includes(node.axis) ? builder.shift(f, node.axis, node.by) : f)) }
  }
  const wide = builder.axes(id).length
  for (const apart of [
    { op: 'mul', parts: product(builder, id) },
    { op: 'add', parts: sum(builder, id, wide) },
  ] as const)
    if (apart.parts.length > 1 && apart.parts.every((f) => builder.axes(f).length < wide)) return apart
  return { op: 'mul', parts: [id] }
}

/** Sums that nest deeper are left as they are. */
const DEEPEST = 20

/** A sum taken apart as far as its parts are as wide as it is: through signs and what divides all of it. */
function sum(builder: GraphBuilder, id: NodeId, wide: number, depth = 0): readonly NodeId[] {
  const { op, args, axes } = builder.node(id)
  const [a, b] = args as readonly [NodeId, NodeId]
  if (axes.length < wide || depth > DEEPEST) return [id]
  const inner = (x: NodeId): readonly NodeId[] => sum(builder, x, wide, depth + 1)
  const negated = (x: NodeId): NodeId => builder.apply('neg', x)
  if (op === 'add') return [...inner(a), ...inner(b)]
  if (op === 'sub') return [...inner(a), ...inner(b).map(negated)]
  if (op === 'neg') return inner(a).map(negated)
  if (op === 'div' && builder.axes(b).length === 0) return inner(a).map((x) => builder.apply('div', x, b))
  return [id]
}

/** A product taken apart as far as its parts are as wide as it is. */
function product(builder: GraphBuilder, id: NodeId): readonly NodeId[] {
  const wide = builder.axes(id).length
  const found: NodeId[] = []
  const waiting = [id]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { op, args, axes } = builder.node(next)
    if (op === 'mul' && axes.length === wide) waiting.push(...args.toReversed())
    else found.push(next)
  }
  return found
}
