import { must } from '../base/internal-error.ts'
import type { Adjoint } from './adjoint.ts'
import { GraphBuilder, include, without } from './builder.ts'
import type { Graph, Node, NodeId, NodeOf } from './graph.ts'
import { elementOf, type GivenInput, knowledge, ordinary } from './infinities.ts'
import { oneBefore } from './one-before.ts'
import type { StructuralContext } from './structural-context.ts'

type ScanNode = NodeOf<'scan'>

/**
 * The adjoints of a recursion s[i] = f(s[i-1], e[i]): those of the states are a recursion the other way,
 * l[i] = g[i] + (df/dprev at i+1)' l[i+1]; that of the first state is l at the start; those of the elements,
 * (df/de at i)' l[i], need no recursion and are written for all positions at once.
 */
export function scanPullback(node: ScanNode, context: StructuralContext): readonly (Adjoint | undefined)[] {
  const { m, id, wants } = context
  const [first, ...elements] = node.args as readonly [NodeId, ...NodeId[]]
  const atStart = m.equal(m.builder.index(node.axis), startOf(node, context))
  // At the start nothing was before; the first state stands in so that the function has a value there, which is dropped.
  const before = oneBefore(m, id, node.axis, atStart, node.reverse)
  const states = stateAdjoints(node, context, elements, before)
  const bars = elements.some(wants) ? elementAdjoints(node, context, elements, { states, before, atStart }) : elements.map(() => undefined)
  return [wants(first) ? { ...states, g: atFirst() } : undefined, ...bars]

  function atFirst(): NodeId {
    const there = m.builder.pick(states.g, node.axis, startOf(node, context))
    return m.sum(without(carriedOf(node), m.builder.axes(first)), there)
  }
}

/**
 * What a step back makes of the elements and states alone is written for all positions at once, at the position whose
 * step it belongs to (the adjoints of the elements share it there), and read from the next position; nothing is read
 * where there is none.
 */
function stateAdjoints(node: ScanNode, context: StructuralContext, elements: readonly NodeId[], before: NodeId): Adjoint {
  const { m, adjoint } = context
  const { builder } = m
  const back = stepBack(node, context, adjoint.steep === true)
  const { body, made } = parted(
    builder,
    back.step,
    node.axis,
    new Map([['e1', before], ...elements.map((e, k) => [`e${k + 2}`, e] as const)]),
  )
  const following = made.map((x) => (builder.axes(x).includes(node.axis) ? builder.shift(x, node.axis, node.reverse ? 1 : -1) : x))
  const last = builder.pick(adjoint.g, node.axis, endOf(node, context))
  const g = builder.scan(node.axis, !node.reverse, body, last, [adjoint.g, ...following], carriedOf(node))
  return { g, vanishes: true, steep: back.steep }
}

/** A node of a body: the copy that stays inside, or the one that is made outside; constants are at hand in both. */
interface BodyCopies {
  readonly inside?: NodeId
  readonly outside?: NodeId
}

/**
 * The body of a step back without what depends on its inputs `given` alone: that is made in `builder`, and becomes the
 * body's elements e1, e2, ... (e0 stays).
 */
function parted(
  builder: GraphBuilder,
  step: Graph,
  axis: string,
  given: ReadonlyMap<string, NodeId>,
): { readonly body: Graph; readonly made: readonly NodeId[] } {
  const body = new GraphBuilder()
  const made: NodeId[] = []
  const places: BodyCopies[] = []
  const inside = (k: NodeId): NodeId => {
    const place = must(places[k], 'operand')
    if (place.inside !== undefined) return place.inside
    const x = must(place.outside, 'operand')
    if (!made.includes(x)) made.push(x)
    return body.input(`e${made.indexOf(x) + 1}`, without(builder.axes(x), [axis]))
  }
  const placed = (node: Node): BodyCopies => {
    if (node.op === 'input') {
      const outside = given.get(node.name)
      return outside === undefined ? { inside: body.input(node.name, node.axes) } : { outside }
    }
    const outer = node.args.flatMap((a) => places[a]?.outside ?? [])
    const outside = outer.length === node.args.length ? { outside: builder.like(node, outer) } : {}
    return outer.length === node.args.length && outer.length > 0 ? outside : { ...outside, inside: body.like(node, node.args.map(inside)) }
  }
  for (const node of step.nodes) places.push(placed(node))
  body.output('next', inside(must(step.outputs[0], 'next of a scan').node))
  return { body: body.finish(), made }
}

/**
 * One step of the recursion of adjoints: prev is the adjoint that comes back, e0 = g, e1 = the state before the step,
 * then the elements. `steep`: whether what comes back may be infinite; it may where a step makes it so.
 */
function stepBack(node: ScanNode, context: StructuralContext, steep: boolean): { readonly step: Graph; readonly steep: boolean } {
  const { pullback, table, known, adjoint, id, m } = context
  const builder = new GraphBuilder()
  const carried = carriedOf(node)
  const comingBack = builder.input('prev', carried)
  const g = builder.input('e0', without(m.builder.axes(adjoint.g), [node.axis]))
  const state = builder.input('e1', carried)
  const next = inlined(builder, node.body, (k, axes) => (k === 'prev' ? state : builder.input(`e${k + 2}`, axes)))
  const inputs = (name: string): GivenInput => {
    if (name === 'e1') return { range: known.range(id), infinite: known.infinite(id) }
    const k = Number(name.slice(1)) - 1
    return k > 0 ? elementOf(node, k, known) : ordinary
  }
  const seed = { g: seedOf(builder, comingBack, carried, next), vanishes: true, steep }
  const [back] = pullback(builder, next, seed, [state], { table, known: knowledge(builder, inputs) })
  if (back?.steep === true && !steep) return stepBack(node, context, true)
  builder.output('next', back === undefined ? g : builder.apply('add', g, back.g))
  return { step: builder.finish(), steep }
}

interface ScanPositions {
  readonly states: Adjoint
  readonly before: NodeId
  readonly atStart: NodeId
}

function elementAdjoints(
  node: ScanNode,
  context: StructuralContext,
  elements: readonly NodeId[],
  { states, before, atStart }: ScanPositions,
): readonly (Adjoint | undefined)[] {
  const { m, wants, pullback, table, known } = context
  const builder = m.builder
  const along = elements.map((e) => builder.along(e, node.axis))
  const next = inlined(builder, node.body, (k) => (k === 'prev' ? before : must(along[k], `element ${k}`)))
  const leaves = elements.map((e, k) => ({ e, leaf: must(along[k], 'element') })).filter(({ e }) => wants(e))
  const seed = { ...states, g: seedOf(builder, states.g, carriedOf(node), next) }
  const bars = pullback(builder, next, seed, [before, ...leaves.map((l) => l.leaf)], { table, known }).slice(1)
  return elements.map((e, k) => {
    // An element that stands twice among the operands has one adjoint, given to its first place.
    const leaf = must(along[k], 'element')
    const bar = along.indexOf(leaf) === k ? bars[leaves.findIndex((l) => l.leaf === leaf)] : undefined
    if (bar === undefined) return undefined
    const after = m.where(atStart, m.k(0), bar.g)
    const alive = m.equal(atStart, m.k(0))
    const { vanishes = true, steep = false } = bar
    return builder.axes(e).includes(node.axis) ? { vanishes, steep, g: after, alive } : { vanishes, steep, g: m.sum([node.axis], after) }
  })
}

/** The result of the body, written into `builder` with its inputs replaced. */
function inlined(builder: GraphBuilder, body: Graph, replace: (k: 'prev' | number, axes: readonly string[]) => NodeId): NodeId {
  const ids = include(builder, body, (p) => replace(p.name === 'prev' ? 'prev' : Number(p.name.slice(1)), p.axes))
  return must(ids[must(body.outputs[0], 'output of a scan').node], 'next of a scan')
}

/** The carried value repeats the result along the axes it lacks, so its adjoint is summed over them. */
function seedOf(builder: GraphBuilder, adjoint: NodeId, carried: readonly string[], next: NodeId): NodeId {
  return builder.sum(without(carried, builder.axes(next)), adjoint)
}

function carriedOf(node: ScanNode): readonly string[] {
  return without(node.axes, [node.axis])
}

function startOf(node: ScanNode, { m }: StructuralContext): NodeId {
  return node.reverse ? lastOf(node, m) : m.k(0)
}

function endOf(node: ScanNode, { m }: StructuralContext): NodeId {
  return node.reverse ? m.k(0) : lastOf(node, m)
}

function lastOf(node: ScanNode, m: StructuralContext['m']): NodeId {
  return m.sub(m.builder.size(node.axis), m.k(1))
}
