import { must } from '../../../base/internal-error.ts'
import { GraphBuilder, without } from '../../../ir/builder.ts'
import type { ElementwiseOp, Graph, Node, NodeId, Op, ReductionOp, Sizes } from '../../../ir/graph.ts'
import { applyScalar, isElementwise } from '../../../ir/scalar.ts'

/** Axes of at most this many elements are written out, if that does not make more than so many nodes more. */
const NARROW = 3
const MOST_NODES = 240

/** The axes of `graph` that are worth writing out element by element, with their sizes. */
export function narrowAxes(graph: Graph, sizes: Sizes): ReadonlyMap<string, number> {
  const chosen = new Map<string, number>()
  let nodes = graph.nodes.length
  for (const axis of new Set(graph.nodes.flatMap((n) => n.axes))) {
    const size = Object.hasOwn(sizes, axis) ? (sizes[axis] as number) : Number.POSITIVE_INFINITY
    const more = (size - 1) * graph.nodes.filter((n) => n.axes.includes(axis)).length
    if (size < 1 || size > NARROW || nodes + more > MOST_NODES || !graph.nodes.every((n) => separable(graph, n, axis))) continue
    chosen.set(axis, size)
    nodes += more
  }
  return chosen
}

/** Operations of which one element along an axis needs only that element of the operands; and reductions. */
const elementByElement: ReadonlySet<Op> = new Set<Op>([
  'const',
  'input',
  'size',
  'index',
  'sum',
  'prod',
  'max_over',
  'min_over',
  'logsumexp',
])

function separable(graph: Graph, node: Node, axis: string): boolean {
  if (isElementwise(node.op) || elementByElement.has(node.op)) return true
  const operands = node.args.map((a) => must(graph.nodes[a], 'operand'))
  return ![node, ...operands].some((n) => n.axes.includes(axis)) && !(node.op === 'scan' && 'body' in node && mentions(node.body, axis))
}

function mentions(graph: Graph, axis: string): boolean {
  return graph.nodes.some((n) => n.axes.includes(axis) || ('axis' in n && n.axis === axis) || ('body' in n && mentions(n.body, axis)))
}

/**
 * The graph with nothing that varies along `axis` but inputs and outputs: a node for each of its `size` elements instead,
 * so that what would be collected in arrays of two or three numbers is collected in variables.
 */
export function writtenOut(graph: Graph, axis: string, size: number): Graph {
  const builder = new GraphBuilder()
  for (const port of graph.inputs) builder.input(port.name, port.axes)
  const parts: Parts[] = []
  for (const node of graph.nodes) {
    const args = node.args.map((a) => must(parts[a], 'operand'))
    parts.push(separated(builder, node, args, axis, size))
  }
  for (const o of graph.outputs) builder.output(o.name, together(builder, must(parts[o.node], 'output'), axis), o.axes)
  return { ...builder.finish(), inputs: graph.inputs }
}

/** The elements of a node; one for all where it does not vary. */
type Parts = readonly NodeId[]

function separated(builder: GraphBuilder, node: Node, args: readonly Parts[], axis: string, size: number): Parts {
  const positions = Array.from({ length: size }, (_, k) => k)
  const at = (parts: Parts, k: number): NodeId => must(parts[parts.length === 1 ? 0 : k], 'element')
  if ('over' in node && isReduction(node.op) && node.over.includes(axis)) {
    return [
      reduced(
        builder,
        node.op,
        without(node.over, [axis]),
        positions.map((k) => at(must(args[0], 'operand'), k)),
      ),
    ]
  }
  if (node.op === 'size' && 'axis' in node && node.axis === axis) return [builder.constant(size)]
  if (node.op === 'pick' && 'axis' in node && node.axis === axis) {
    const index = builder.node(at(must(args[1], 'index'), 0))
    return [at(must(args[0], 'operand'), 'value' in index ? index.value : 0)]
  }
  if (!node.axes.includes(axis))
    return [
      rebuilt(
        builder,
        node,
        args.map((a) => at(a, 0)),
      ),
    ]
  if (node.op === 'index') return positions.map((k) => builder.constant(k))
  if (node.op === 'input') return positions.map((k) => builder.pick(builder.like(node, []), axis, builder.constant(k)))
  return positions.map((k) =>
    rebuilt(
      builder,
      node,
      args.map((a) => at(a, k)),
    ),
  )
}

function isReduction(op: Op): op is keyof typeof binary {
  return op in binary
}

const binary: { readonly [K in Exclude<ReductionOp, 'logsumexp'>]: ElementwiseOp } = {
  sum: 'add',
  prod: 'mul',
  max_over: 'max',
  min_over: 'min',
}

function reduced(builder: GraphBuilder, op: keyof typeof binary, over: readonly string[], parts: Parts): NodeId {
  return parts.map((p) => builder.reduce(op, over, p)).reduce((a, b) => builder.apply(binary[op], a, b))
}

/** With what is known of constants: positions along the axis are. */
function rebuilt(builder: GraphBuilder, node: Node, args: readonly NodeId[]): NodeId {
  const { op } = node
  if (!isElementwise(op)) return builder.like(node, args)
  const values = args.map((a) => constantOf(builder, a))
  const [first] = values
  if (op === 'where' && first !== undefined) return must(args[first !== 0 ? 1 : 2], 'branch')
  if (values.every((v) => v !== undefined)) return builder.constant(applyScalar(op, values))
  return builder.apply(op, ...args)
}

function constantOf(builder: GraphBuilder, id: NodeId): number | undefined {
  const node = builder.node(id)
  return node.op === 'const' ? node.value : undefined
}

/** One node that varies along the axis again: for each position its element. */
function together(builder: GraphBuilder, parts: Parts, axis: string): NodeId {
  const index = builder.index(axis)
  const last = must(parts.at(-1), 'element')
  return parts
    .slice(0, -1)
    .reduceRight((rest, part, k) => builder.apply('where', builder.apply('equal', index, builder.constant(k)), part, rest), last)
}
