import { must } from '../../base/internal-error.ts'
import { without } from '../../ir/builder.ts'
import type { Node, NodeId, NodeOf, Op } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { worksAlong } from '../../ir/structure.ts'
import { dependents, reachable } from '../../ir/walk.ts'
import { sumFactored } from '../factor.ts'
import { at, atSite, type SiteMove } from './site.ts'

/**
 * The calculus of differences: how every node changes when one site of a discrete state changes. A difference is a sum
 * of parts; along its *tied* axes a part is nonzero only at the site, so a sum over them is just its value there.
 */
export interface DifferencePart {
  /** Axis of the node -> the site axis whose position it is at. */
  readonly tied: ReadonlyMap<string, string>
  /** After less before, over the node's axes (what it says off the site counts for nothing). */
  readonly change: NodeId
  /** The value after, where this part is the whole difference and it is known without adding. */
  readonly after?: NodeId
}

export type Difference = readonly DifferencePart[]

/** The differences of `roots` under a move. */
export function differences(move: SiteMove, roots: readonly NodeId[]): readonly Difference[] {
  const { builder, state } = move
  const ids = reachable(builder, roots)
  const moving = dependents(builder, ids, new Set([state]))
  const m = maths(builder)
  const known = new Map<NodeId, Difference>()
  const tied = new Map(move.axes.map((a) => [a, a]))
  known.set(state, [{ tied, change: m.sub(move.after, state), after: move.after }])
  for (const id of ids) {
    if (id === state || !moving.has(id)) continue
    const node = builder.node(id)
    const args = node.args.map((a) => ({ id: a, parts: known.get(a) ?? [] }))
    known.set(id, merged(m, ruleFor(node)({ move, m, id, args }, node)))
  }
  return roots.map((r) => known.get(r) ?? [])
}

/** The change of a scalar. */
export function changeOf(m: Maths, difference: Difference): NodeId {
  return m.plus(...difference.map((p) => p.change))
}

interface DifferenceOperand {
  readonly id: NodeId
  readonly parts: Difference
}

interface DifferenceContext {
  readonly move: SiteMove
  readonly m: Maths
  readonly id: NodeId
  readonly args: readonly DifferenceOperand[]
}

type DifferenceRule = (c: DifferenceContext, node: Node) => Difference

/** Operations that are linear in what moves have rules of their own; all others are evaluated before and after. */
function ruleFor(node: Node): DifferenceRule {
  return (linear[node.op] as DifferenceRule | undefined) ?? evaluated
}

const linear: { readonly [K in Op]?: (c: DifferenceContext, node: NodeOf<K>) => Difference } = {
  neg: throughLinear,
  add: (c, n) => afterwards(c, n, addends(c, n)),
  sub: (c, n) => afterwards(c, n, addends(c, n)),
  mul: product,
  div: (c, n) => (operand(c, 1).parts.length === 0 ? throughLinear(c, n) : evaluated(c, n)),
  square: squareOf,
  where: (c, n) => (operand(c, 0).parts.length === 0 ? afterwards(c, n, branches(c)) : evaluated(c, n)),
  sum: (c, n) => operand(c, 0).parts.map((p) => summedPart(c, n, p)),
  rename: (c, n) => operand(c, 0).parts.map((p) => renamedPart(c, n, p)),
  pick: (c, n) => (operand(c, 1).parts.length === 0 ? pickedParts(c, n) : evaluated(c, n)),
}

function operand(c: DifferenceContext, k: number): DifferenceOperand {
  return must(c.args[k], 'operand')
}

/** The node rebuilt with one operand exchanged. */
function withOperand(c: DifferenceContext, node: Node, k: number, by: NodeId): NodeId {
  return c.m.builder.like(
    node,
    c.args.map((a, i) => (i === k ? by : a.id)),
  )
}

/** The first operand moves, the node is linear in it and keeps its axes. */
function throughLinear(c: DifferenceContext, node: Node): Difference {
  return operand(c, 0).parts.map((p) =>
    part(
      p.tied,
      withOperand(c, node, 0, p.change),
      after(p, (x) => withOperand(c, node, 0, x)),
    ),
  )
}

function part(tied: DifferencePart['tied'], change: NodeId, after: NodeId | undefined): DifferencePart {
  return after === undefined ? { tied, change } : { tied, change, after }
}

function after(p: DifferencePart, f: (x: NodeId) => NodeId): NodeId | undefined {
  return p.after === undefined ? undefined : f(p.after)
}

function addends(c: DifferenceContext, node: Node): Difference {
  const second = operand(c, 1).parts
  const right = node.op === 'sub' ? second.map((p) => ({ tied: p.tied, change: c.m.neg(p.change) })) : second
  return [...operand(c, 0).parts, ...right].map(({ tied, change }) => ({ tied, change }))
}

function branches(c: DifferenceContext): Difference {
  const { m } = c
  const condition = operand(c, 0).id
  return [
    ...operand(c, 1).parts.map(({ tied, change }) => ({ tied, change: m.where(condition, change, m.k(0)) })),
    ...operand(c, 2).parts.map(({ tied, change }) => ({ tied, change: m.where(condition, m.k(0), change) })),
  ]
}

/** Adds the value after to a difference of one part, where all moving operands know theirs at the same site. */
function afterwards(c: DifferenceContext, node: Node, parts: Difference): Difference {
  const [only] = merged(c.m, parts)
  const moving = c.args.filter((a) => a.parts.length > 0)
  const known = moving.every((a) => a.parts.length === 1 && a.parts[0]?.after !== undefined && sameTies(a.parts[0].tied, only?.tied))
  if (only === undefined || !known) return parts
  const value = c.m.builder.like(
    node,
    c.args.map((a) => a.parts[0]?.after ?? a.id),
  )
  return [part(only.tied, only.change, value)]
}

function product(c: DifferenceContext, node: Node): Difference {
  const { m } = c
  const [a, b] = [operand(c, 0), operand(c, 1)]
  if (b.parts.length === 0) return throughLinear(c, node)
  if (a.parts.length === 0) {
    return b.parts.map((p) =>
      part(
        p.tied,
        m.mul(a.id, p.change),
        after(p, (x) => m.mul(a.id, x)),
      ),
    )
  }
  if (sharedTies([...a.parts, ...b.parts]) !== undefined) return evaluated(c, node)
  return [
    ...a.parts.map((p) => ({ tied: p.tied, change: m.mul(p.change, b.id) })),
    ...b.parts.map((q) => ({ tied: q.tied, change: m.mul(a.id, q.change) })),
    ...a.parts.flatMap((p) => b.parts.map((q) => ({ tied: new Map([...p.tied, ...q.tied]), change: m.mul(p.change, q.change) }))),
  ]
}

/** (x + d)^2 - x^2 = d (2x + d), without cancellation. */
function squareOf(c: DifferenceContext, node: Node): Difference {
  const { m } = c
  const x = operand(c, 0)
  if (sharedTies(x.parts) === undefined) return evaluated(c, node)
  const [p] = x.parts
  if (p === undefined || x.parts.length > 1) return evaluated(c, node)
  if (p.after !== undefined) return [part(p.tied, m.sub(m.square(p.after), c.id), m.square(p.after))]
  return [{ tied: p.tied, change: m.mul(p.change, m.add(m.mul(m.k(2), x.id), p.change)) }]
}

function summedPart(c: DifferenceContext, node: NodeOf<'sum'>, p: DifferencePart): DifferencePart {
  const { move, m } = c
  const going = [...p.tied].filter(([axis]) => node.over.includes(axis))
  const rest = without(
    node.over,
    going.map(([axis]) => axis),
  )
  const total = sumFactored(m, rest, p.change)
  const change = going.reduce((x, [axis, site]) => at(move, x, axis, must(move.site.get(site), `position along ${site}`)), total)
  const tied = new Map([...p.tied].filter(([axis]) => !node.over.includes(axis)))
  return part(tied, change, going.length > 0 ? undefined : after(p, (x) => m.sum(node.over, x)))
}

function renamedPart(c: DifferenceContext, node: NodeOf<'rename'>, p: DifferencePart): DifferencePart {
  const rename = (x: NodeId): NodeId => c.m.builder.rename(x, node.from, node.to)
  const tied = new Map([...p.tied].map(([axis, site]) => [axis === node.from ? node.to : axis, site]))
  return part(tied, rename(p.change), after(p, rename))
}

/** The index stays: where it points at the site, the picked element changes. */
function pickedParts(c: DifferenceContext, node: NodeOf<'pick'>): Difference {
  const { m, move } = c
  const index = operand(c, 1).id
  const pick = (x: NodeId): NodeId => m.builder.pick(x, node.axis, index)
  return operand(c, 0).parts.map((p) => {
    const site = p.tied.get(node.axis)
    if (site === undefined) return part(p.tied, pick(p.change), after(p, pick))
    const hit = m.equal(index, must(move.site.get(site), `position along ${site}`))
    return { tied: withoutTie(p.tied, [node.axis]), change: m.where(hit, pick(p.change), m.k(0)) }
  })
}

/**
 * The node evaluated after less the node before. Ties that all parts share stay; the others, and those along the axes
 * that the operation works along, are spread out over their axes.
 */
function evaluated(c: DifferenceContext, node: Node): Difference {
  const { m } = c
  const parts = c.args.flatMap((a) => a.parts)
  const common = withoutTie(intersection(parts), worksAlong(node))
  const value = m.builder.like(
    node,
    c.args.map((a) => afterValue(c, a, common)),
  )
  return [{ tied: common, change: m.sub(value, c.id), after: value }]
}

/** An operand after the move, exact at the site along the common ties. */
function afterValue(c: DifferenceContext, { id, parts }: DifferenceOperand, common: DifferencePart['tied']): NodeId {
  const { m, move } = c
  const [only] = parts
  if (only === undefined) return id
  if (parts.length === 1 && sameTies(only.tied, common)) return only.after ?? m.add(id, only.change)
  return parts.reduce((x, p) => {
    const extra = new Map([...p.tied].filter(([axis, site]) => common.get(axis) !== site))
    if (extra.size === 0) return m.add(x, p.change)
    const here = atSite(move, extra)
    if (parts.length === 1 && p.after !== undefined) return m.where(here, p.after, x)
    return m.add(x, m.where(here, p.change, m.k(0)))
  }, id)
}

function intersection(parts: Difference): DifferencePart['tied'] {
  const [first, ...others] = parts
  return new Map([...(first?.tied ?? [])].filter(([axis, site]) => others.every((p) => p.tied.get(axis) === site)))
}

/** The ties of all parts where they are the same. */
function sharedTies(parts: Difference): DifferencePart['tied'] | undefined {
  const [first, ...others] = parts
  return first !== undefined && others.every((p) => sameTies(p.tied, first.tied)) ? first.tied : undefined
}

function sameTies(a: DifferencePart['tied'], b: DifferencePart['tied'] | undefined): boolean {
  return b !== undefined && a.size === b.size && [...a].every(([axis, site]) => b.get(axis) === site)
}

function withoutTie(tied: DifferencePart['tied'], axes: readonly string[]): DifferencePart['tied'] {
  return new Map([...tied].filter(([axis]) => !axes.includes(axis)))
}

/** Parts at the same place become one. */
function merged(m: Maths, parts: Difference): Difference {
  if (parts.length < 2) return parts
  const out: DifferencePart[] = []
  for (const p of parts) {
    const k = out.findIndex((q) => sameTies(q.tied, p.tied))
    const before = out[k]
    if (before === undefined) out.push(p)
    else out[k] = { tied: p.tied, change: m.add(before.change, p.change) }
  }
  return out
}
