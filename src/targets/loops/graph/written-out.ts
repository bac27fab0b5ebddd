import { must } from '../../../base/internal-error.ts'
import { GraphBuilder, without } from '../../../ir/builder.ts'
import type { ElementwiseOp, Graph, Node, NodeId, NodeOf, Op, ReductionOp } from '../../../ir/graph.ts'
import { applyScalar, isElementwise } from '../../../ir/scalar.ts'
import { isStructured, type StructuredOp } from '../../../ir/structure.ts'

/**
 * The graph with nothing that varies along `axis` but inputs, outputs and what recursions carry: a node for each of its
 * `size` elements instead, so that what would be collected in arrays of two or three numbers is collected in variables.
 */
export function writtenOut(graph: Graph, axis: string, size: number): Graph {
  const builder = new GraphBuilder()
  for (const port of graph.inputs) builder.input(port.name, port.axes)
  const w: ElementsWriter = { builder, axis, positions: Array.from({ length: size }, (_, k) => k) }
  const parts: ElementNodes[] = []
  for (const node of graph.nodes)
    parts.push(
      separated(
        w,
        node,
        node.args.map((a) => must(parts[a], 'operand')),
      ),
    )
  for (const o of graph.outputs) builder.output(o.name, together(w, must(parts[o.node], 'output'), axis), o.axes)
  return { ...builder.finish(), inputs: graph.inputs }
}

/** The element `k` along `axis` of what `together` made, as a node of the same graph; undefined if `id` is something else. */
export function elementOf(graph: Graph, id: NodeId, axis: string, k: number): NodeId | undefined {
  const node = must(graph.nodes[id], 'node')
  if (!node.axes.includes(axis)) return id
  if (node.op !== 'where') return undefined
  const [test, here, rest] = node.args as readonly [NodeId, NodeId, NodeId]
  const condition = must(graph.nodes[test], 'condition')
  const [a, b] = condition.args.map((arg) => must(graph.nodes[arg], 'operand'))
  if (condition.op !== 'equal' || a?.op !== 'index' || a.axis !== axis || b?.op !== 'const') return undefined
  return b.value === k ? here : elementOf(graph, rest, axis, k)
}

interface ElementsWriter {
  readonly builder: GraphBuilder
  readonly axis: string
  readonly positions: readonly number[]
}

/** The elements of a node; one for all where it does not vary. */
type ElementNodes = readonly NodeId[]

function at(parts: ElementNodes, k: number): NodeId {
  return must(parts[parts.length === 1 ? 0 : k], 'element')
}

/** A node from elements of its operands: as many as the one that has most. */
function each(w: ElementsWriter, args: readonly ElementNodes[], make: (args: readonly NodeId[], k: number) => NodeId): ElementNodes {
  const count = Math.max(1, ...args.map((p) => p.length))
  return w.positions.slice(0, count).map((k) =>
    make(
      args.map((p) => at(p, k)),
      k,
    ),
  )
}

function separated(w: ElementsWriter, node: Node, args: readonly ElementNodes[]): ElementNodes {
  const { op } = node
  const rule = isStructured(op) ? (along[op] as ElementsRule<Node> | typeof whole) : plain
  const parts = rule === whole ? undefined : rule(w, node, args)
  return parts ?? each(w, args, (given) => rebuilt(w.builder, node, given))
}

/** Whether an operation has a rule here; one that has none keeps its axes. */
export function canSeparate(op: Op): boolean {
  return !isStructured(op) || along[op] !== whole
}

/** The elements of an operation along the axis itself; undefined where it goes along others. */
type ElementsRule<N extends Node> = (w: ElementsWriter, node: N, args: readonly ElementNodes[]) => ElementNodes | undefined

const plain = (): undefined => undefined
/** Never written out. */
const whole = 'whole'

const binary = { sum: 'add', prod: 'mul', max_over: 'max', min_over: 'min' } as const satisfies Partial<Record<ReductionOp, ElementwiseOp>>

const along: { readonly [K in StructuredOp]: ElementsRule<NodeOf<K>> | typeof whole } = {
  const: plain,
  input: (w, node) => {
    if (!node.axes.includes(w.axis)) return undefined
    const all = w.builder.like(node, [])
    return w.positions.map((k) => w.builder.pick(all, w.axis, w.builder.constant(k)))
  },
  sum: reduced,
  prod: reduced,
  max_over: reduced,
  min_over: reduced,
  // Expanded before.
  logsumexp: plain,
  size: ({ builder, axis, positions }, node) => (node.axis === axis ? [builder.constant(positions.length)] : undefined),
  index: ({ builder, axis, positions }, node) => (node.axis === axis ? positions.map((k) => builder.constant(k)) : undefined),
  pick: (w, node, args) => {
    const [x = [], index = []] = args
    return node.axis === w.axis ? index.map((i) => chosen(w.builder, x, i)) : undefined
  },
  scatter: scattered,
  rename: (w, node, [x = []]) => {
    if (node.from === w.axis) return [together(w, x, node.to)]
    return node.to === w.axis ? w.positions.map((k) => w.builder.pick(at(x, 0), node.from, w.builder.constant(k))) : undefined
  },
  shift: (w, node, [x = []]) => {
    if (node.axis !== w.axis) return undefined
    return w.positions.map((k) => (w.positions.includes(k - node.by) ? at(x, k - node.by) : w.builder.constant(0)))
  },
  cumsum: (w, node, [x = []]) => {
    if (node.axis !== w.axis) return undefined
    const sums: NodeId[] = []
    for (const k of node.reverse ? w.positions.toReversed() : w.positions) {
      const before = sums.at(-1)
      sums.push(before === undefined ? at(x, k) : w.builder.apply('add', before, at(x, k)))
    }
    return node.reverse ? sums.toReversed() : sums
  },
  scan: recursion,
  cholesky: whole,
  cholesky_gradient: whole,
  // Expanded before.
  threshold: whole,
  entmax_potential: whole,
  solve_lower: whole,
}

function reduced(w: ElementsWriter, node: NodeOf<keyof typeof binary>, [x = []]: readonly ElementNodes[]): ElementNodes | undefined {
  if (!node.over.includes(w.axis)) return undefined
  const terms = w.positions.map((k) => w.builder.reduce(node.op, without(node.over, [w.axis]), at(x, k)))
  return [terms.reduce((a, b) => w.builder.apply(binary[node.op], a, b))]
}

/** The element that an index says, which may be known only when it runs. */
function chosen(builder: GraphBuilder, x: ElementNodes, index: NodeId): NodeId {
  const known = constantOf(builder, index)
  if (known !== undefined) return at(x, known)
  const last = must(x.at(-1), 'element')
  return x
    .slice(0, -1)
    .reduceRight((rest, part, k) => builder.apply('where', builder.apply('less', index, builder.constant(k + 1)), part, rest), last)
}

function scattered(w: ElementsWriter, node: NodeOf<'scatter'>, args: readonly ElementNodes[]): ElementNodes | undefined {
  const { builder, axis, positions } = w
  if (node.axis !== axis) {
    if (!node.over.includes(axis)) return undefined
    const over = without(node.over, [axis])
    const terms = positions.map((k) => builder.scatter(at(args[0] ?? [], k), node.axis, at(args[1] ?? [], k), over))
    return [terms.reduce((a, b) => builder.apply('add', a, b))]
  }
  const over = without(node.over, [axis])
  return positions.map((target) => {
    const terms = each(w, args, ([x = -1, index = -1]) => {
      const there = constantOf(builder, index)
      if (there !== undefined) return there === target ? builder.sum(over, x) : builder.constant(0)
      return builder.sum(over, builder.apply('where', builder.apply('equal', index, builder.constant(target)), x, builder.constant(0)))
    })
    return node.over.includes(axis) ? terms.reduce((a, b) => builder.apply('add', a, b)) : at(terms, target)
  })
}

/** The recursion goes on carrying the axis; inside, and for all that reads it, there are elements. */
function recursion(w: ElementsWriter, node: NodeOf<'scan'>, [first = [], ...elements]: readonly ElementNodes[]): ElementNodes {
  const { builder, axis, positions } = w
  const offsets = elements.map((_, k) => elements.slice(0, k).reduce((sum, p) => sum + p.length, 0))
  const inside: ElementsWriter = { builder: new GraphBuilder(), axis, positions }
  const parts: ElementNodes[] = []
  for (const port of node.body.inputs) if (port.name === 'prev') inside.builder.input(port.name, port.axes)
  for (const inner of node.body.nodes) {
    if (inner.op === 'input' && inner.name !== 'prev') {
      const k = Number(inner.name.slice(1))
      const axes = without(inner.axes, [axis])
      const element = (x: NodeId, j: number): NodeId => {
        const known = constantOf(builder, x)
        return known === undefined ? inside.builder.input(`e${must(offsets[k], 'offset') + j}`, axes) : inside.builder.constant(known)
      }
      parts.push(must(elements[k], 'element').map(element))
    } else {
      const args = inner.args.map((a) => must(parts[a], 'operand'))
      parts.push(separated(inside, inner, args))
    }
  }
  const next = must(parts[must(node.body.outputs[0], 'output').node], 'next')
  inside.builder.output('next', together(inside, next, axis))
  const carried = node.axes.filter((a) => a !== node.axis)
  const whole = builder.scan(node.axis, node.reverse, inside.builder.finish(), together(w, first, axis), elements.flat(), carried)
  return carried.includes(axis) ? positions.map((k) => builder.pick(whole, axis, builder.constant(k))) : [whole]
}

/** With what is known of constants: positions along the axis are. */
function rebuilt(builder: GraphBuilder, node: Node, args: readonly NodeId[]): NodeId {
  const { op } = node
  if (!isElementwise(op)) return builder.like(node, args)
  const values = args.map((a) => constantOf(builder, a))
  const [first] = values
  if (op === 'where' && first !== undefined) return must(args[first !== 0 ? 1 : 2], 'branch')
  if (values.every((v) => v !== undefined)) return builder.constant(applyScalar(op, values))
  return zeroless(builder, op, args, values) ?? builder.apply(op, ...args)
}

/** A zero that is added, and a one or two that multiply: what is left of `index * x` and the like. */
function zeroless(
  builder: GraphBuilder,
  op: ElementwiseOp,
  args: readonly NodeId[],
  values: readonly (number | undefined)[],
): NodeId | undefined {
  const [a, b] = args as readonly [NodeId, NodeId]
  const [x, y] = values
  if (op === 'add') return x === 0 ? b : y === 0 ? a : undefined
  if (op === 'sub') return y === 0 ? a : undefined
  if (op === 'mul') return x === 1 ? b : y === 1 ? a : undefined
  return op === 'where' && args[1] === args[2] ? args[1] : builder.known(op, ...args)
}

function constantOf(builder: GraphBuilder, id: NodeId): number | undefined {
  const node = builder.node(id)
  return node.op === 'const' ? node.value : undefined
}

/** One node that varies along `axis` again: for each position its element. */
function together({ builder }: ElementsWriter, parts: ElementNodes, axis: string): NodeId {
  const index = builder.index(axis)
  const last = must(parts.at(-1), 'element')
  return parts
    .slice(0, -1)
    .reduceRight((rest, part, k) => builder.apply('where', builder.apply('equal', index, builder.constant(k)), part, rest), last)
}
