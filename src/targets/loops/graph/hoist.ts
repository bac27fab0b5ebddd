import { must } from '../../../base/internal-error.ts'
import { GraphBuilder } from '../../../ir/builder.ts'
import type { Graph, Node, NodeId } from '../../../ir/graph.ts'
import { type Maths, maths } from '../../../ir/maths.ts'
import { isReduction } from '../../../ir/structure.ts'

/**
 * The same graph, with work that does not change along an axis moved out of that axis' loop:
 * - sums go over one axis at a time, the innermost of `order` first, and leave out constant terms and factors:
 *   sum(c + k x) becomes n c + k sum(x); terms that only fixed inputs have a part in get a sum of their own;
 * - a division by something that is constant along an axis, or fixed, or that varies and has more divided by it,
 *   becomes a multiplication by its reciprocal.
 * Both change values by rounding only, unless a factor is infinite, or a divisor so small that its reciprocal is.
 */
export function hoist(graph: Graph, order: readonly string[], fixed: ReadonlySet<string> = new Set()): Graph {
  const builder = new GraphBuilder()
  for (const port of graph.inputs) builder.input(port.name, port.axes)
  const h: Hoisting = { m: maths(builder), order, fixed, known: new Map(), shared: new Set(), divisors: commonDivisors(graph) }
  const uses = useCounts(graph)
  const ids: NodeId[] = []
  graph.nodes.forEach((node, k) => {
    const args = node.args.map((a) => must(ids[a], 'operand'))
    const id = hoisted(h, node, args)
    if ((uses[k] ?? 0) > 1) h.shared.add(id)
    ids.push(id)
  })
  for (const o of graph.outputs) builder.output(o.name, must(ids[o.node], 'output'), o.axes)
  return { ...builder.finish(), inputs: graph.inputs }
}

interface Hoisting {
  readonly m: Maths
  readonly order: readonly string[]
  /** Names of inputs. */
  readonly fixed: ReadonlySet<string>
  /** Whether a node is fixed, as far as it was asked. */
  readonly known: Map<NodeId, boolean>
  /** Nodes that others need too: a sum does not take them apart, since they are computed anyway. */
  readonly shared: Set<NodeId>
  /** Nodes of the old graph by which several are divided. */
  readonly divisors: ReadonlySet<NodeId>
}

function commonDivisors(graph: Graph): ReadonlySet<NodeId> {
  const divisors = graph.nodes.flatMap((n) => (n.op === 'div' ? n.args.slice(1) : []))
  return new Set(divisors.filter((id, k) => divisors.indexOf(id) < k))
}

function useCounts(graph: Graph): readonly number[] {
  const counts = graph.nodes.map(() => 0)
  for (const id of [...graph.nodes.flatMap((n) => n.args), ...graph.outputs.map((o) => o.node)]) counts[id] = (counts[id] ?? 0) + 1
  return counts
}

function hoisted(h: Hoisting, node: Node, args: readonly NodeId[]): NodeId {
  const { builder } = h.m
  if (isReduction(node) && node.op === 'sum') {
    const axes = h.order.filter((a) => node.over.includes(a)).toReversed()
    return axes.reduce((x, axis) => sumAlong(h, axis, x), must(args[0], 'operand'))
  }
  if (node.op === 'div') return quotient(h, args as readonly [NodeId, NodeId], h.divisors.has(node.args[1] as NodeId))
  if (node.op === 'scan') return builder.like({ ...node, body: hoist(node.body, h.order) }, args)
  return builder.like(node, args)
}

function quotient(h: Hoisting, [x, y]: readonly [NodeId, NodeId], common: boolean): NodeId {
  const { m } = h
  const outside = m.builder.axes(x).some((a) => !m.builder.axes(y).includes(a))
  const before = m.builder.axes(y).length > 0 && isFixed(h, y) && !isFixed(h, x)
  const together = common && m.builder.axes(y).length > 0
  return (together || outside || before) && m.builder.node(x).op !== 'const' ? m.mul(x, m.reciprocal(y)) : m.div(x, y)
}

function isFixed(h: Hoisting, id: NodeId): boolean {
  // Operands first, so that long chains are not followed by recursion.
  for (let k = h.known.size; k <= id; k += 1) {
    const node = h.m.builder.node(k)
    h.known.set(k, node.op === 'input' ? h.fixed.has(node.name) : node.args.every((a) => h.known.get(a)))
  }
  return must(h.known.get(id), 'node')
}

/** Something times `factor` (1 where there is none), which is constant along the axis. */
interface HoistedTerm {
  readonly x: NodeId
  readonly factor: NodeId | undefined
  readonly sign: 1 | -1
}

/** sum(c + k x - k y) = n c + k sum(x - y). Terms with different factors stay in one sum. */
function sumAlong(h: Hoisting, axis: string, x: NodeId): NodeId {
  const { m } = h
  const varies = (id: NodeId): boolean => m.builder.axes(id).includes(axis)
  if (!varies(x)) return m.sum([axis], x)
  const all = termsOf(h, { x, factor: undefined, sign: 1 }, axis)
  const constant = all.filter((t) => !varies(t.x))
  const [early, varying] = parted(
    h,
    all.filter((t) => varies(t.x)),
  )
  const factor = varying[0]?.factor
  const common = varying.every((t) => t.factor === factor)
  if (constant.length === 0 && early.length === 0 && (!common || factor === undefined)) return m.sum([axis], x)
  const sum = m.sum([axis], added(m, common ? varying.map((t) => ({ ...t, factor: undefined })) : varying))
  const scaled = common && factor !== undefined ? m.mul(factor, sum) : sum
  const beforehand = early.length === 0 ? [] : [m.sum([axis], added(m, early))]
  const repeated = constant.length === 0 ? [] : [m.mul(m.builder.size(axis), added(m, constant))]
  return m.plus(...repeated, ...beforehand, scaled)
}

/** The terms that are fixed, where others are not, and the others. */
function parted(h: Hoisting, terms: readonly HoistedTerm[]): readonly [readonly HoistedTerm[], readonly HoistedTerm[]] {
  const early = terms.filter((t) => isFixed(h, t.x) && (t.factor === undefined || isFixed(h, t.factor)))
  return early.length === terms.length ? [[], terms] : [early, terms.filter((t) => !early.includes(t))]
}

function added(m: Maths, terms: readonly HoistedTerm[]): NodeId {
  const positive = [...terms].sort((a, b) => b.sign - a.sign)
  return positive.reduce<NodeId | undefined>((sum, { x, factor, sign }) => {
    const term = factor === undefined ? x : m.mul(factor, x)
    if (sum === undefined) return sign === 1 ? term : m.neg(term)
    return sign === 1 ? m.add(sum, term) : m.sub(sum, term)
  }, undefined) as NodeId
}

function termsOf(h: Hoisting, term: HoistedTerm, axis: string): readonly HoistedTerm[] {
  const { m, shared } = h
  const node = m.builder.node(term.x)
  const [a, b] = node.args as readonly [NodeId, NodeId]
  const constant = (id: NodeId): boolean => !m.builder.axes(id).includes(axis)
  const inside = (x: NodeId, sign: 1 | -1 = term.sign): readonly HoistedTerm[] => termsOf(h, { ...term, x, sign }, axis)
  const scaled = (x: NodeId, by: NodeId): readonly HoistedTerm[] =>
    termsOf(h, { ...term, x, factor: term.factor === undefined ? by : m.mul(term.factor, by) }, axis)
  if (constant(term.x) || shared.has(term.x)) return [term]
  const negative = term.sign === 1 ? -1 : 1
  if (node.op === 'neg') return inside(a, negative)
  if (node.op === 'add') return [...inside(a), ...inside(b)]
  if (node.op === 'sub') return [...inside(a), ...inside(b, negative)]
  if (node.op === 'mul' && constant(a)) return scaled(b, a)
  return node.op === 'mul' && constant(b) ? scaled(a, b) : [term]
}
