import { diagnostic } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include, union, without } from '../../ir/builder.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { worksAlong } from '../../ir/structure.ts'
import { replaced } from '../../ir/walk.ts'
import { parts, type Typed, type TypedNode } from '../../middle/model.ts'
import type { Environment, LowerContext, Lowered } from './context.ts'
import { type Legality, legal, plain, refuse } from './context.ts'
import { holdsEverywhere } from './everywhere.ts'
import { allLegal, livingIn, penalised } from './legality.ts'
import { type Margins, widest, withoutAxis } from './margins.ts'
import { foldRepeats } from './repeats.ts'

type TypedScan = Extract<TypedNode, { readonly kind: 'scan' }> & Typed

/**
 * `scan[t](first, next)`: `next` is lowered with a stand-in for `prev`; what depends on the stand-in becomes the body,
 * what it uses from outside becomes the elements. With `from` the first value is the body's own, after `from`.
 */
export function lowerScan(c: LowerContext, e: TypedScan, first: Lowered, env: Environment): Lowered {
  const { m, builder } = c
  const carried = union([without(e.axes, [e.axis]), builder.axes(first.node)])
  const marker = builder.input(`prev at ${e.span.start} ${carried.join(' ')}`, carried)
  const next = c.lower(c, e.next, { ...env, prev: plain(marker), done: new Map() })
  if (!hasAllElements(c, next.margins, e.axis, e.form === 'first' ? 1 : 0)) return lacking(c, e)
  const extracted = extractBody(builder, next.node, marker, e.axis)
  if ('mixes' in extracted) {
    return refuse(
      c,
      e.next.span,
      `The \`next\` of this scan works along its own axis "${e.axis}" on the previous value (${extracted.mixes}).`,
    )
  }
  const folded = foldRepeats(extracted.body, `steps of the scan at ${e.span.start}`)
  if (folded !== undefined) c.made.set(folded.axis.name, folded.axis.size)
  const start = e.form === 'first' ? first.node : firstStep(m, e.axis, extracted, broadcast(builder, first.node, carried))
  const node = builder.scan(e.axis, false, folded?.body ?? extracted.body, start, extracted.elements, carried)
  return {
    node: e.form === 'fold' ? lastOf(m, e.axis, node, first.node) : node,
    margins: widest([first.margins, withoutAxis(m, next.margins, e.axis)]),
    legality: allLegal(m, [first.legality, nextLegal(c, e, next, { marker, scan: node, first: first.node })]),
  }
}

/** The first `but` elements come from elsewhere, so `next` may lack those; more would feed elements that do not exist. */
function hasAllElements(c: LowerContext, margins: Margins, axis: string, but: 0 | 1): boolean {
  const { before, after } = margins.ends.get(axis) ?? { before: 0, after: 0 }
  const masks = margins.masks.filter((mask) => c.builder.axes(mask).includes(axis))
  return before <= but && after === 0 && masks.every((mask) => holdsEverywhere(c.builder, mask, but))
}

function lacking(c: LowerContext, { axis, form, next }: TypedScan): Lowered {
  const { span } = next
  if (form === 'first') return refuse(c, span, `The \`next\` of this scan along "${axis}" has no value at more than the first element.`)
  const within = new Set([next])
  for (const node of within) for (const part of parts(node)) within.add(part)
  const shift = [...within].find((t) => t.kind === 'shift' && t.axis === axis && t.fill === undefined)
  c.diagnostics.push(
    diagnostic(
      'AMP610',
      `A ${form === 'fold' ? 'fold' : 'scan'} that has a \`from\` runs at every element of "${axis}", and its \`next\` has no value at some.`,
      {
        span: shift?.span ?? span,
        expected: `a value at each element of "${axis}"`,
        hint: `Say what a shift is outside: [${axis} = ${axis} - 1 else 0]. With \`first = ...\` in place of \`from\`, \`next\` begins at the second element.`,
      },
    ),
  )
  return plain(c.m.k(0))
}

function broadcast(builder: GraphBuilder, x: NodeId, axes: readonly string[]): NodeId {
  return axes.reduce((y, axis) => builder.along(y, axis), x)
}

/** The body at the first element, after the value that stands before it. */
function firstStep(m: Maths, axis: string, { body, elements }: ExtractedBody, before: NodeId): NodeId {
  const isFirst = m.equal(m.builder.index(axis), m.k(0))
  const at = (k: number): NodeId => atOne(m, axis, isFirst, must(elements[k], 'element'))
  const ids = include(m.builder, body, ({ name }) => (name === 'prev' ? before : at(Number(name.slice(1)))))
  return must(ids[must(body.outputs[0], 'next of a scan').node], 'next of a scan')
}

/** What a recursion ends at; where it has no elements, what it starts from. */
function lastOf(m: Maths, axis: string, scan: NodeId, before: NodeId): NodeId {
  const { builder } = m
  const last = m.sub(builder.size(axis), m.k(1))
  return m.where(m.less(last, m.k(0)), before, atOne(m, axis, m.equal(builder.index(axis), last), scan))
}

/** The value at the one element where a condition holds; 0 where the axis, which may be empty, has no such element. */
function atOne(m: Maths, axis: string, isHere: NodeId, x: NodeId): NodeId {
  return m.builder.axes(x).includes(axis) ? m.sum([axis], m.where(isHere, x, m.k(0))) : x
}

/** What `next` is about: the stand-in for the previous value, and what the previous values are. */
interface Previous {
  readonly marker: NodeId
  readonly scan: NodeId
  readonly first: NodeId
}

/** What must hold of `next` at every element that it gives the value of, where the previous values are those of the scan. */
function nextLegal(c: LowerContext, { axis, form }: TypedScan, { legality }: Lowered, { marker, scan, first }: Previous): Legality {
  if (legality === legal) return legal
  const { m, builder } = c
  const later = m.less(m.k(0), builder.index(axis))
  const shifted = builder.shift(scan, axis, 1)
  const [before, live] =
    form === 'first'
      ? [shifted, (x: NodeId): NodeId => m.where(later, x, m.k(0))]
      : [m.where(later, shifted, first), (x: NodeId): NodeId => x]
  const picks = legality.picks.map((p) => livingIn(m, p, live))
  return penalised(legality, picks, (penalty) => {
    const [here] = replaced(builder, [penalty], new Map([[marker, before]]))
    return live(must(here, 'penalty'))
  })
}

interface ExtractedBody {
  readonly body: Graph
  readonly elements: readonly NodeId[]
}

/** The part of the graph above `marker` as a graph of its own; `mixes` names an operation that cannot be inside. */
export function extractBody(from: GraphBuilder, next: NodeId, marker: NodeId, axis: string): ExtractedBody | { readonly mixes: string } {
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
