import { must } from '../../../base/internal-error.ts'
import { GraphBuilder, without } from '../../../ir/builder.ts'
import { forwardLevels } from '../../../ir/forward.ts'
import type { Graph, Node, NodeId, NodeOf } from '../../../ir/graph.ts'
import type { Maths } from '../../../ir/maths.ts'
import { oneBefore, oneBeforeOf } from '../../../ir/one-before.ts'

/**
 * Logs of a forward recursion as numbers: `base + log(of)`, where `of` is a distribution and `base` lacks its axis.
 *
 * The recursion in logs `a[t](l) = logsumexp over k of (a[t-1](k) + e[t](l, k))` becomes the one that is rescaled at every
 * step (Rabiner 1989, section V.A): `u(l) = exp(o(l)) sum over k of f(k) exp(i(l, k))`, `f' = u / sum u`, where e is the sum
 * of o and i, o lacking k, each less its maximum. Where i does not change along the chain its exponentials are taken once.
 */
export interface Scaled {
  readonly of: NodeId
  readonly base: NodeId
}

/** What has to hold for the numbers to be as good as the logs. */
export interface Conditions {
  /** Truths that can be had before any recursion runs. */
  readonly before: NodeId[]
  /** Truths that are known after it. */
  readonly after: NodeId[]
}

/** What a graph is read from and written to while its recursions are scaled. */
export interface Scaling extends Conditions {
  /** By node of the graph that is read. */
  readonly known: Map<NodeId, Scaled>
  /** By sums written: the exponentials of the moves of a recursion. */
  readonly moves: Map<NodeId, Scaled>
  /** Nodes written that are the logs themselves. */
  readonly logs: NodeId[]
}

export function newScaling(): Scaling {
  return { known: new Map(), moves: new Map(), logs: [], before: [], after: [] }
}

/** Reads `graph`, writes with `m`; `copy` gives the node written for a node read. */
export interface ScaledReader {
  readonly graph: Graph
  readonly m: Maths
  readonly copy: (id: NodeId) => NodeId
  readonly scaling: Scaling
}

/**
 * No move may be less likely than exp(-230) = 1e-100 times the likeliest. What underflows, below 1e-308 of a
 * distribution, then never matters later on: every level is entered from the likeliest of the levels before at least
 * that often.
 */
const LEAST = -230

/** The scaled form of a recursion, if it has one. */
export function scaledScan(r: ScaledReader, node: NodeOf<'scan'>): Scaled | undefined {
  const axes = forwardLevels(node)
  if (axes === undefined || node.reverse) return undefined
  const { level, before } = axes
  const { m } = r
  const { builder } = m
  const t = node.axis
  const [first, element] = node.args as readonly [NodeId, NodeId]
  const { inside, outside } = parted(r, element, [before])
  const atStart = m.equal(m.k(0), builder.index(t))
  const moves = exponentials(m, inside, [level, before])
  r.scaling.moves.set(inside, moves)
  const likely = exponentials(m, outside, [level])
  const start = normalised(m, level, exponentials(m, r.copy(first), [level]))
  const carried = without(node.axes, [t])
  const body = step(builder, { level, before, t }, carried, moves.of, likely.of)
  const of = builder.scan(t, false, body, start.of, [moves.of, likely.of], carried)
  const previous = builder.rename(oneBefore(m, of, t, atStart), level, before)
  const entered = m.sum([before], m.mul(previous, moves.of))
  const scale = m.sum([level], m.mul(entered, likely.of))
  const grown = m.plus(moves.base, likely.base, m.log(scale))
  const base = builder.cumsum(m.where(atStart, start.base, grown), t)
  const least = m.where(
    builder.axes(inside).includes(t) ? atStart : m.k(0),
    m.k(0),
    builder.reduce('min_over', [level, before], m.sub(inside, moves.base)),
  )
  r.scaling.before.push(m.less_equal(m.k(LEAST), least))
  r.scaling.after.push(m.less(m.abs(builder.pick(base, t, m.sub(builder.size(t), m.k(1)))), m.k(Number.POSITIVE_INFINITY)))
  return { of, base }
}

interface Axes {
  readonly level: string
  readonly before: string
  readonly t: string
}

function step(outer: GraphBuilder, { level, before, t }: Axes, carried: readonly string[], moves: NodeId, likely: NodeId): Graph {
  const body = new GraphBuilder()
  const element = (k: number, x: NodeId): NodeId => body.input(`e${k}`, without(outer.axes(x), [t]))
  const previous = body.rename(body.input('prev', carried), level, before)
  const entered = body.sum([before], body.apply('mul', previous, element(0, moves)))
  const unscaled = body.apply('mul', entered, element(1, likely))
  const scale = body.sum([level], unscaled)
  body.output('next', body.apply('mul', unscaled, body.apply('div', body.constant(1), scale)))
  return body.finish()
}

/** exp(x) as `base + log(of)` with the largest of `of` along `axes` 1; 0 stands for a maximum that is infinite. */
function exponentials(m: Maths, x: NodeId, axes: readonly string[]): Scaled {
  const top = m.builder.reduce('max_over', axes, x)
  const base = m.where(m.less(m.abs(top), m.k(Number.POSITIVE_INFINITY)), top, m.k(0))
  return { of: m.exp(m.sub(x, base)), base }
}

function normalised(m: Maths, level: string, { of, base }: Scaled): Scaled {
  const sum = m.sum([level], of)
  return { of: m.mul(of, m.reciprocal(sum)), base: m.add(base, m.log(sum)) }
}

/** A sum as written: the terms that have one of `axes`, and the others. */
interface Parted {
  readonly inside: NodeId
  readonly outside: NodeId
}

/** Takes `id`, a node that is read, apart: through sums, signs, and factors that lack `axes`. */
function parted(r: ScaledReader, id: NodeId, axes: readonly string[]): Parted {
  return gathered(r, [[id, 1]], axes)
}

/** The same of a sum of nodes with their signs. */
function gathered(r: ScaledReader, sum: readonly (readonly [NodeId, number])[], axes: readonly string[]): Parted {
  const { m } = r
  const parts: Record<'inside' | 'outside', NodeId[]> = { inside: [], outside: [] }
  for (const [id, sign] of sum) {
    for (const term of termsOf(r, id, sign)) parts[m.builder.axes(term).some((a) => axes.includes(a)) ? 'inside' : 'outside'].push(term)
  }
  // In an order that does not depend on how the sum was written.
  const added = (terms: readonly NodeId[]): NodeId => m.plus(...terms.toSorted((a, b) => a - b))
  return { inside: added(parts.inside), outside: added(parts.outside) }
}

/** The terms of `sign * id`, written. */
function termsOf(r: ScaledReader, id: NodeId, sign: number): readonly NodeId[] {
  const { m } = r
  const node = must(r.graph.nodes[id], 'term')
  const [a, b] = node.args as readonly [NodeId, NodeId]
  const inner = (x: NodeId, times: number): readonly NodeId[] => termsOf(r, x, times)
  if (node.op === 'neg') return inner(a, -sign)
  if (node.op === 'add') return [...inner(a, sign), ...inner(b, sign)]
  if (node.op === 'sub') return [...inner(a, sign), ...inner(b, -sign)]
  const divided = node.op === 'div' && must(r.graph.nodes[b], 'divisor').axes.length === 0
  if (divided) return inner(a, sign).map((x) => m.div(x, r.copy(b)))
  return [sign === 1 ? r.copy(id) : m.neg(r.copy(id))]
}

/** `logsumexp[over](x)` as `base + log(sum)`, `sum` being that of `exps`, if one term of x (as a sum of nodes with their signs) is scaled. */
export function scaledSum(
  r: ScaledReader,
  over: readonly string[],
  x: ReadonlyMap<NodeId, number>,
): { readonly base: NodeId; readonly exps: NodeId; readonly sum: NodeId } | undefined {
  const { m, scaling } = r
  const term = [...x].find(([id, times]) => times === 1 && scaling.known.has(id))?.[0]
  const rest = [...x].filter(([id]) => id !== term)
  if (term === undefined || rest.some(([, times]) => Math.abs(times) !== 1)) return undefined
  const { of, base } = must(scaling.known.get(term), 'scaled')
  if (m.builder.axes(base).some((a) => over.includes(a))) return undefined
  if (rest.length === 0) return { base, exps: of, sum: m.sum(over, of) }
  const { inside, outside } = gathered(r, rest, over)
  const moves = scaling.moves.get(inside) ?? exponentials(m, inside, over)
  const exps = m.mul(of, moves.of)
  return { base: m.plus(base, moves.base, outside), exps, sum: m.sum(over, exps) }
}

/** A scaled value picked at a position of the chain, called by another name, or at the position before each. */
export function scaledMove(r: ScaledReader, node: Node): Scaled | undefined {
  const { m, copy, scaling } = r
  const { builder } = m
  const [x] = node.args as readonly [NodeId]
  const known = scaling.known.get(x)
  if (known !== undefined && node.op === 'rename') return both(known, (y) => builder.rename(y, node.from, node.to))
  if (known !== undefined && node.op === 'pick' && builder.axes(known.base).includes(node.axis)) {
    return both(known, (y) => builder.pick(y, node.axis, copy(node.args[1] as NodeId)))
  }
  return valuesBefore(r, node)
}

function valuesBefore({ graph, m, copy, scaling }: ScaledReader, node: Node): Scaled | undefined {
  const read = (id: NodeId): Node => must(graph.nodes[id], 'operand')
  const found = oneBeforeOf(read, node)
  const known = found && scaling.known.get(found.x)
  if (found === undefined || known === undefined || read(found.x).op !== 'scan') return undefined
  return both(known, (y) => oneBefore(m, y, found.axis, copy(found.atStart)))
}

function both({ of, base }: Scaled, then: (y: NodeId) => NodeId): Scaled {
  return { of: then(of), base: then(base) }
}
