import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { Typed } from '../../middle/model.ts'
import { isWholeNode } from '../whole.ts'
import { type GivenPick, type Legality, type LowerContext, type Lowered, legal } from './context.ts'
import { masked } from './margins.ts'

/** Of an expression that is made of these. */
export function allLegal(m: Maths, parts: readonly Legality[]): Legality {
  const present = parts.filter((p) => p !== legal)
  if (present.length === 0) return legal
  const all = (penalties: readonly NodeId[]): NodeId | undefined => (penalties.length === 0 ? undefined : m.plus(...new Set(penalties)))
  return legality(
    present.flatMap((p) => p.picks),
    all(present.flatMap((p) => p.penalty ?? [])),
    all(present.flatMap((p) => p.alone ?? [])),
  )
}

/** Of `where(condition, then, otherwise)`: nothing is asked of the branch that is not taken. */
export function chosenLegal(c: LowerContext, condition: Lowered, then: Lowered, otherwise: Lowered): Legality {
  if (then.legality === legal && otherwise.legality === legal) return condition.legality
  const { m } = c
  const known = isGiven(c, condition.node)
  const branch = ({ legality }: Lowered, taken: (x: NodeId) => NodeId): Legality =>
    penalised(legality, known ? legality.picks.map((p) => livingIn(m, p, taken)) : legality.picks, taken)
  return allLegal(m, [
    condition.legality,
    branch(then, (x) => m.where(condition.node, x, m.k(0))),
    branch(otherwise, (x) => m.where(condition.node, m.k(0), x)),
  ])
}

/** Of a reduction: of all elements that have a value. */
export function reducedLegal(m: Maths, { legality, margins }: Lowered, over: readonly string[]): Legality {
  if (legality === legal) return legal
  const picks = legality.picks.map((p) => livingIn(m, p, (live) => masked(m, live, margins, over, 0)))
  return penalised(legality, picks, (penalty) => summed(m, masked(m, penalty, margins, over, 0), over))
}

/** Of the same numbers moved along axes: what is given is then asked for at all elements. */
export function movedLegal(c: LowerContext, legality: Legality, move: (x: NodeId) => NodeId): Legality {
  if (legality === legal) return legal
  c.picks.push(...legality.picks)
  return penalised(legality, [], move)
}

/** A pick by number: the position to read at, which is never outside the axis, and what must hold. */
export function pickedAt(c: LowerContext, axis: string, value: Typed, index: NodeId): { readonly at: NodeId; readonly legality: Legality } {
  if (staysInside(c, axis, index)) return { at: index, legality: legal }
  const { m } = c
  const declared = value.kind === 'variable' ? c.variables.get(value.name) : undefined
  const variable = declared && { name: declared.name, axes: declared.axes }
  const picks = [{ index, axis, span: value.span, ...(variable === undefined ? {} : { variable }) }]
  const inside = isInside(m, axis, index)
  const alone = (): NodeId => m.where(inside, m.k(0), m.k(Number.POSITIVE_INFINITY))
  const given = isGiven(c, index)
  if (given && c.builder.node(index).op === 'const') return { at: index, legality: { picks, alone: alone() } }
  const at = m.where(inside, index, m.k(0))
  const penalty = alone()
  if (given && !standing(c, index).any) return { at, legality: { picks, alone: penalty } }
  // What may be inferred is looked at where it is given, and weighed where it moves.
  return { at, legality: { picks: given ? picks : [], penalty, alone: penalty } }
}

/** An expression that is computed by itself: no number where it picks outside an axis. */
export function byItself({ m }: LowerContext, { node, legality: { alone } }: Lowered): NodeId {
  return alone === undefined ? node : m.where(m.equal(alone, m.k(0)), node, m.k(Number.NaN))
}

/** Adds up what must hold at every element, and hands over what is to be looked at when it is given. */
export function settled(c: LowerContext, { legality, margins }: Lowered): NodeId | undefined {
  const axes = legality.penalty === undefined ? [] : c.builder.axes(legality.penalty)
  const whole = reducedLegal(c.m, { node: -1, legality, margins }, axes)
  c.picks.push(...whole.picks)
  return whole.penalty
}

/** Whether a node depends on nothing that moves, be it only where it is inferred or learned. */
export function isStill(c: LowerContext, id: NodeId): boolean {
  return !standing(c, id).any
}

/** Whether a node depends on nothing but data, memories, params and sizes. */
export function isGiven(c: LowerContext, id: NodeId): boolean {
  return !standing(c, id).state
}

function standing(c: LowerContext, id: NodeId): LowerContext['moving'][number] {
  for (let k = c.moving.length; k <= id; k += 1) {
    const node = c.builder.node(k)
    if (node.op === 'input') {
      const state = (c.variables.get(node.name)?.role ?? 'state') === 'state'
      c.moving.push({ state, any: state || c.inferable.has(node.name) })
    } else c.moving.push({ state: node.args.some((a) => c.moving[a]?.state), any: node.args.some((a) => c.moving[a]?.any) })
  }
  return must(c.moving[id], 'node')
}

/** The same pick where fewer elements are used. */
export function livingIn(m: Maths, pick: GivenPick, fewer: (live: NodeId) => NodeId): GivenPick {
  const all = m.k(1)
  const live = fewer(pick.live ?? all)
  return live === all ? pick : { ...pick, live }
}

function legality(picks: readonly GivenPick[], penalty: NodeId | undefined, alone: NodeId | undefined): Legality {
  if (alone === undefined) return legal
  return { picks, alone, ...(penalty === undefined ? {} : { penalty }) }
}

/** The same with these picks, and with what both penalties become. */
export function penalised({ penalty, alone }: Legality, picks: readonly GivenPick[], become: (x: NodeId) => NodeId): Legality {
  const to = (x: NodeId | undefined): NodeId | undefined => (x === undefined ? undefined : become(x))
  return legality(picks, to(penalty), to(alone))
}

function isInside(m: Maths, axis: string, index: NodeId): NodeId {
  const last = m.sub(m.builder.size(axis), m.k(1))
  return m.times(m.less_equal(m.k(0), index), m.less_equal(index, last), m.equal(index, m.floor(index)))
}

/** A sum that leaves alone the axes along which nothing varies. */
function summed(m: Maths, x: NodeId, over: readonly string[]): NodeId {
  const axes = m.builder.axes(x)
  return m.sum(
    over.filter((a) => axes.includes(a)),
    x,
  )
}

/** Whether the types alone keep an index whole and inside an axis whose size the model fixes. */
function staysInside(c: LowerContext, axis: string, index: NodeId): boolean {
  const size = fixedSize(c, axis)
  if (size === undefined || !isWholeNode(c.builder, index, (name) => c.variables.get(name)?.type)) return false
  const { low, high } = c.known.range(index)
  return low >= 0 && high <= size - 1
}

function fixedSize(c: LowerContext, name: string): number | undefined {
  const size = c.model.axes.find((a) => a.name === name)?.size
  if (size?.kind === 'same') return fixedSize(c, size.as)
  return size?.kind === 'fixed' ? size.size : undefined
}
