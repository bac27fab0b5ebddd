import { must } from '../../base/internal-error.ts'
import { GraphBuilder, union, without } from '../../ir/builder.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import { worksAlong } from '../../ir/structure.ts'
import { replaced } from '../../ir/walk.ts'
import type { Typed, TypedNode } from '../../middle/model.ts'
import type { Environment, LowerContext, Lowered } from './context.ts'
import { type Legality, legal, plain, refuse } from './context.ts'
import { holdsEverywhere } from './everywhere.ts'
import { allLegal, livingIn, penalised } from './legality.ts'
import { type Margins, widest, withoutAxis } from './margins.ts'
import { foldRepeats } from './repeats.ts'

type TypedScan = Extract<TypedNode, { readonly kind: 'scan' }> & Typed

/**
 * `scan[t](first, next)`: `next` is lowered with a stand-in for `prev`; what depends on the stand-in becomes the body,
 * what it uses from outside becomes the elements.
 */
export function lowerScan(c: LowerContext, e: TypedScan, first: Lowered, env: Environment): Lowered {
  const carried = union([without(e.axes, [e.axis]), c.builder.axes(first.node)])
  const marker = c.builder.input(`prev at ${e.span.start} ${carried.join(' ')}`, carried)
  const next = c.lower(c, e.next, { ...env, prev: plain(marker), done: new Map() })
  if (!hasAllButFirst(c, next.margins, e.axis)) {
    return refuse(c, e.next.span, `The \`next\` of this scan along "${e.axis}" has no value at more than the first element.`)
  }
  const extracted = extractBody(c.builder, next.node, marker, e.axis)
  if ('mixes' in extracted) {
    return refuse(
      c,
      e.next.span,
      `The \`next\` of this scan works along its own axis "${e.axis}" on the previous value (${extracted.mixes}).`,
    )
  }
  const folded = foldRepeats(extracted.body, `steps of the scan at ${e.span.start}`)
  if (folded !== undefined) c.made.set(folded.axis.name, folded.axis.size)
  const node = c.builder.scan(e.axis, false, folded?.body ?? extracted.body, first.node, extracted.elements, carried)
  return {
    node,
    margins: widest([first.margins, withoutAxis(c.m, next.margins, e.axis)]),
    legality: allLegal(c.m, [first.legality, nextLegal(c, e.axis, next, marker, node)]),
  }
}

/** The first element comes from `first`, so `next` may lack that one; more would feed elements that do not exist. */
function hasAllButFirst(c: LowerContext, margins: Margins, axis: string): boolean {
  const { before, after } = margins.ends.get(axis) ?? { before: 0, after: 0 }
  const masks = margins.masks.filter((mask) => c.builder.axes(mask).includes(axis))
  return before <= 1 && after === 0 && masks.every((mask) => holdsEverywhere(c.builder, mask, 1))
}

/** What must hold of `next` at every element but the first, where the previous values are those of the scan. */
function nextLegal(c: LowerContext, axis: string, { legality }: Lowered, marker: NodeId, scan: NodeId): Legality {
  if (legality === legal) return legal
  const { m, builder } = c
  const later = m.less(m.k(0), builder.index(axis))
  const picks = legality.picks.map((p) => livingIn(m, p, (live) => m.where(later, live, m.k(0))))
  return penalised(legality, picks, (penalty) => {
    const [here] = replaced(builder, [penalty], new Map([[marker, builder.shift(scan, axis, 1)]]))
    return m.where(later, must(here, 'penalty'), m.k(0))
  })
}

type Extracted = { readonly body: Graph; readonly elements: readonly NodeId[] } | { readonly mixes: string }

/** The part of the graph above `marker` as a graph of its own; `mixes` names an operation that cannot be inside. */
export function extractBody(from: GraphBuilder, next: NodeId, marker: NodeId, axis: string): Extracted {
  const inside = dependents(from, next, marker)
  const body = new GraphBuilder()
  const elements: NodeId[] = []
  const copies = new Map<NodeId, NodeId>()
  const operand = (id: NodeId): NodeId => {
    const known = copies.get(id)
    if (known !== undefined) return known
    const node = from.node(id)
    const copy = node.op === 'const' || node.op === 'size' ? body.like(node, []) : element(id)
    copies.set(id, copy)
    return copy
  }
  const element = (id: NodeId): NodeId => {
    elements.push(id)
    return body.input(`e${elements.length - 1}`, without(from.axes(id), [axis]))
  }
  for (const id of inside) {
    const node = from.node(id)
    if (worksAlong(node).includes(axis)) return { mixes: node.op }
    copies.set(id, id === marker ? body.input('prev', node.axes) : body.like(node, node.args.map(operand)))
  }
  body.output('next', operand(next))
  return { body: body.finish(), elements }
}

/** The nodes under `root` that depend on `marker` (itself included), in topological order. */
function dependents(from: GraphBuilder, root: NodeId, marker: NodeId): readonly NodeId[] {
  const reached = new Set<NodeId>([root])
  for (const id of reached) for (const a of from.node(id).args) reached.add(a)
  const inside = new Set<NodeId>()
  for (const id of [...reached].sort((a, b) => a - b)) {
    if (id === marker || from.node(id).args.some((a) => inside.has(a))) inside.add(id)
  }
  return [...inside]
}
