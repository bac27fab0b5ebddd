import { must } from '../../../base/internal-error.ts'
import { GraphBuilder } from '../../../ir/builder.ts'
import { entmaxPotentialByRounds, thresholdByRounds } from '../../../ir/entmax.ts'
import type { Graph, Node, NodeId, NodeOf, Op, ReductionOp } from '../../../ir/graph.ts'
import { type Maths, maths } from '../../../ir/maths.ts'
import { type ScaledReader, type Scaling, scaledMove, scaledScan, scaledSum } from './scaled.ts'
import { equalTerms, terms, without } from './terms.ts'

/**
 * The same graph in operations that a loop can do, with what several of them share written once:
 * - logsumexp becomes max, exp, sum and log, and `exp(x - logsumexp x)` takes its exponentials from there;
 *   of two numbers (along an axis that `narrow` gives the size 2) it needs one exponential only;
 * - softplus and sigmoid of one number share `exp(-|x|)`.
 */
export function expand(graph: Graph, narrow: ReadonlyMap<string, number> = new Map()): Graph {
  const builder = new GraphBuilder()
  expandOn(builder, graph, narrow)
  return { ...builder.finish(), inputs: graph.inputs }
}

/**
 * Expands `graph` on `builder` and returns the nodes of its outputs; recursions in logs are scaled if `scaling` is there to
 * hold what becomes of them.
 */
export function expandOn(builder: GraphBuilder, graph: Graph, narrow: ReadonlyMap<string, number>, scaling?: Scaling): readonly NodeId[] {
  for (const port of graph.inputs) builder.input(port.name, port.axes)
  const context = contextOf(builder, graph, narrow, scaling)
  graph.nodes.forEach((node, id) => {
    context.copies.push(copied(context, node, id))
  })
  for (const o of graph.outputs) builder.output(o.name, copy(context, o.node), o.axes)
  return graph.outputs.map((o) => copy(context, o.node))
}

function contextOf(builder: GraphBuilder, graph: Graph, narrow: ReadonlyMap<string, number>, scaling: Scaling | undefined): ExpandContext {
  const copies: NodeId[] = []
  const m = maths(builder)
  const reader = scaling === undefined ? {} : { reader: { graph, m, scaling, copy: (id: NodeId) => must(copies[id], 'operand') } }
  return { graph, m, narrow, copies, softmaxes: new Map(), logistic: logisticPairs(graph), ...reader }
}

interface ExpandContext {
  readonly graph: Graph
  readonly m: Maths
  readonly narrow: ReadonlyMap<string, number>
  /** The new node of each old one so far. */
  readonly copies: NodeId[]
  /** What the logsumexp nodes of the old graph became. */
  readonly softmaxes: Map<NodeId, Softmax>
  /** The old nodes x of which both softplus and sigmoid are wanted, at either sign. */
  readonly logistic: ReadonlySet<NodeId>
  /** There if recursions in logs are to be scaled. */
  readonly reader?: ScaledReader
}

interface Softmax {
  readonly of: NodeId
  /** exp(x - max x) */
  readonly exps: NodeId
  /** Their sum: 0, of nothing but -inf, or at least `least`. */
  readonly sum: NodeId
  readonly least: number
}

function copy({ copies }: ExpandContext, id: NodeId): NodeId {
  return must(copies[id], 'operand')
}

function old({ graph }: ExpandContext, id: NodeId): Node {
  return must(graph.nodes[id], 'operand')
}

function copied(c: ExpandContext, node: Node, id: NodeId): NodeId {
  const moved = c.reader === undefined ? undefined : scaledMove(c.reader, node)
  if (moved !== undefined) c.reader?.scaling.known.set(id, moved)
  return (expansions[node.op] as Expansion<Node> | undefined)?.(c, node, id) ?? plain(c, node)
}

type Expansion<N extends Node> = (c: ExpandContext, node: N, id: NodeId) => NodeId | undefined

/** What loops do not do as it is, or do better otherwise. */
const expansions: { readonly [K in Op]?: Expansion<NodeOf<K>> } = {
  logsumexp,
  exp: softmax,
  softplus: logistic,
  sigmoid: logistic,
  scan: recursion,
  threshold: (c, node) => thresholdByRounds(c.m, copy(c, operand(node)), copy(c, must(node.args[1], 'power')), node.axis),
  entmax_potential: (c, node) => entmaxPotentialByRounds(c.m, copy(c, operand(node)), copy(c, must(node.args[1], 'alpha')), node.axis),
}

function plain(c: ExpandContext, node: Node): NodeId {
  return c.m.builder.like(
    node,
    node.args.map((a) => copy(c, a)),
  )
}

function recursion(c: ExpandContext, node: NodeOf<'scan'>, id: NodeId): NodeId {
  const scaled = c.reader === undefined ? undefined : scaledScan(c.reader, node)
  if (c.reader === undefined || scaled === undefined) return plain(c, { ...node, body: expand(node.body, c.narrow) })
  const { known, logs } = c.reader.scaling
  known.set(id, scaled)
  logs.push(c.m.add(scaled.base, c.m.log(scaled.of)))
  return must(logs.at(-1), 'logs')
}

function operand(node: Node): NodeId {
  return must(node.args[0], `operand of ${node.op}`)
}

/** Sums of scaled numbers may be this small. */
const SMALLEST = 1e-300

/** The maximum is replaced by 0 where it is infinite, so that infinities stay what they are instead of becoming NaN. */
function logsumexp(c: ExpandContext, node: NodeOf<ReductionOp>, id: NodeId): NodeId {
  const { m } = c
  const x = copy(c, operand(node))
  const scaled = c.reader === undefined ? undefined : scaledSum(c.reader, node.over, terms(c.graph, operand(node)))
  if (scaled !== undefined) {
    c.softmaxes.set(id, { of: operand(node), exps: scaled.exps, sum: scaled.sum, least: SMALLEST })
    return m.add(scaled.base, m.log(scaled.sum))
  }
  const [axis] = node.over
  if (axis !== undefined && node.over.length === 1 && c.narrow.get(axis) === 2) return ofTwo(c, axis, node, id)
  const top = m.builder.reduce('max_over', node.over, x)
  const base = m.where(m.less(m.abs(top), m.k(Number.POSITIVE_INFINITY)), top, m.k(0))
  const exps = m.exp(m.sub(x, base))
  const sum = m.sum(node.over, exps)
  c.softmaxes.set(id, { of: operand(node), exps, sum, least: 1 })
  return m.add(base, m.log(sum))
}

/** log(exp a + exp b) = max(a, b) + log1p(exp(-|a - b|)), where the difference of equal infinities is 0. */
function ofTwo(c: ExpandContext, axis: string, node: Node, id: NodeId): NodeId {
  const { m } = c
  const x = copy(c, operand(node))
  const [a, b] = [0, 1].map((k) => m.builder.pick(x, axis, m.k(k))) as [NodeId, NodeId]
  const difference = m.where(m.equal(a, b), m.k(0), m.sub(a, b))
  const tail = m.exp(m.neg(m.abs(difference)))
  const top = m.max(a, b)
  // 1 for the larger of the two, and the tail for the other; nothing if both are -inf.
  const isFirst = m.equal(m.builder.index(axis), m.k(0))
  const larger = m.less(difference, m.k(0))
  const exps = m.where(isFirst, m.where(larger, tail, m.k(1)), m.where(larger, m.k(1), tail))
  const some = m.less(m.k(Number.NEGATIVE_INFINITY), top)
  c.softmaxes.set(id, { of: operand(node), exps: m.where(some, exps, m.k(0)), sum: m.where(some, m.add(m.k(1), tail), m.k(0)), least: 1 })
  return m.add(top, m.log1p(tail))
}

/** `exp(x - logsumexp x)`, or with `log_total(logsumexp x)`, which makes the weights of nothing but -inf all 0. */
function softmax(c: ExpandContext, node: Node): NodeId | undefined {
  const { m } = c
  const exponent = terms(c.graph, operand(node))
  for (const [term, sign] of exponent) {
    const { id, guarded } = unguarded(c, term)
    const found = c.softmaxes.get(id)
    if (sign !== -1 || found === undefined || !equalTerms(without(exponent, term), terms(c.graph, found.of))) continue
    return m.mul(found.exps, m.reciprocal(guarded ? m.max(found.sum, m.k(found.least)) : found.sum))
  }
  return undefined
}

/** What `log_total` is of. */
function unguarded(c: ExpandContext, id: NodeId): { readonly id: NodeId; readonly guarded: boolean } {
  const node = old(c, id)
  const guarded = node.op === 'log_total'
  return { id: guarded ? operand(node) : id, guarded }
}

/** Where both softplus and sigmoid of a number are wanted. */
function logistic(c: ExpandContext, node: Node): NodeId | undefined {
  const { m } = c
  if (!c.logistic.has(unsigned(c.graph, operand(node)))) return undefined
  const x = copy(c, operand(node))
  const tail = m.exp(m.neg(m.abs(copy(c, unsigned(c.graph, operand(node))))))
  if (node.op === 'softplus') return m.add(m.max(x, m.k(0)), m.log1p(tail))
  return m.div(m.where(m.less(x, m.k(0)), tail, m.k(1)), m.add(m.k(1), tail))
}

function logisticPairs(graph: Graph): ReadonlySet<NodeId> {
  const of = (op: 'softplus' | 'sigmoid'): readonly NodeId[] =>
    graph.nodes.filter((n) => n.op === op).map((n) => unsigned(graph, operand(n)))
  const sigmoids = new Set(of('sigmoid'))
  return new Set(of('softplus').filter((x) => sigmoids.has(x)))
}

/** x of -x. */
function unsigned(graph: Graph, id: NodeId): NodeId {
  const node = must(graph.nodes[id], 'operand')
  return node.op === 'neg' ? operand(node) : id
}
