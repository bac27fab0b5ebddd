import { must } from '../../../base/internal-error.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { chainOf, commonLoops, type ScheduledItem, type ScheduledLoop } from './blocks.ts'
import { closedAxes, usesOf } from './dependence.ts'
import type { ComputedOp, Fold, LowGraph, LowId, LowNode, LowOf } from './lowered.ts'
import type { Schedule } from './schedule.ts'

/** Where values live that outlive the round of the loop that makes them, or that are collected over its rounds. */
export interface Storage {
  /** The axes of the array of every node that has one, in layout order; none for a single number. */
  readonly arrays: ReadonlyMap<LowId, readonly string[]>
  /** The loop before which a node's collected value starts and after which it is complete. */
  readonly collected: ReadonlyMap<LowId, ScheduledLoop>
  /** The axes of a running sum's state. */
  readonly states: ReadonlyMap<LowId, readonly string[]>
}

export function storage(lowered: LowGraph, schedule: Schedule): Storage {
  const collected = new Map<LowId, ScheduledLoop>()
  const states = new Map<LowId, readonly string[]>()
  const needed = new Map<LowId, Set<string>>()
  const need = (id: LowId, axes: readonly string[]): void => {
    const set = needed.get(id) ?? new Set()
    for (const a of axes) set.add(a)
    needed.set(id, set)
  }
  for (const id of statementsIn([...schedule.once.items, ...schedule.always.items])) {
    const node = must(schedule.nodes[id], 'node')
    const reads = node.op === 'recursion' ? { ...node, args: [...node.args, node.first] } : node
    for (const use of usesOf(schedule.nodes, reads)) readFrom(schedule, use.on, id, need)
    collect(schedule, node, id, { collected, states, need })
    if (lowered.direct.has(id)) need(id, node.axes)
  }
  const arranged = [...needed].map(([id, set]) => [id, lowered.order.filter((a) => set.has(a))] as const)
  return { arrays: new Map(arranged), collected, states }
}

export function statementsIn(items: Iterable<ScheduledItem>): readonly LowId[] {
  return [...items].flatMap((item) => (item.kind === 'statement' ? [item.id] : statementsIn(item.body.items)))
}

type Need = (id: LowId, axes: readonly string[]) => void

/** An array is needed along the axes whose loops the reader does not share, and between what runs once and what runs always. */
function readFrom(schedule: Schedule, on: LowId, reader: LowId, need: Need): void {
  const node = must(schedule.nodes[on], 'operand')
  const place = must(schedule.places.get(on), 'place')
  const there = must(schedule.places.get(reader), 'place')
  const shared = commonLoops(place, there)
  const apart = node.axes.filter((a) => !shared.includes(a))
  if (apart.length > 0 || chainOf(place)[0] !== chainOf(there)[0]) need(on, apart)
}

interface Collecting {
  readonly collected: Map<LowId, ScheduledLoop>
  readonly states: Map<LowId, readonly string[]>
  readonly need: Need
}

/** Where an operation keeps what it collects or what its readers need. */
type StorageRule<N extends LowNode> = (at: StoragePlace, node: N) => void

interface StoragePlace extends Collecting {
  readonly id: LowId
  /** The loops around the statement, outermost first. */
  readonly loops: readonly ScheduledLoop[]
}

const fold: StorageRule<LowOf<Fold>> = (at, node) => {
  const outermost = loopOver(at, node.over)
  at.collected.set(at.id, must(at.loops[outermost], 'loop of a reduction'))
  const inside = axesInside(at, node, outermost)
  if (inside.length > 0) at.need(at.id, inside)
}
const factorised: StorageRule<LowOf<'cholesky' | 'cholesky_gradient' | 'solve_lower'>> = ({ need, id }, node) => need(id, closedAxes(node))

const rules: { readonly [K in ComputedOp]: StorageRule<LowOf<K>> } = {
  sum: fold,
  prod: fold,
  max_over: fold,
  min_over: fold,
  recursion: ({ collected, need, id, loops }, node) => {
    const loop = loops.find((l) => l.scan === node.scan)
    collected.set(id, must(loop, 'loop of a recursion'))
    need(id, node.axes)
  },
  trace: ({ need, id }, node) => need(id, node.axes),
  cumsum: (at, node) => {
    const loop = loopOver(at, [node.axis])
    at.collected.set(at.id, must(at.loops[loop], 'loop of a running sum'))
    at.states.set(at.id, axesInside(at, node, loop + 1))
  },
  scatter: (at, node) => {
    const outermost = loopOver(at, node.over)
    const loop = at.loops[outermost]
    if (loop !== undefined) at.collected.set(at.id, loop)
    at.need(at.id, [node.axis, ...(loop === undefined ? [] : axesInside(at, node, outermost))])
  },
  cholesky: factorised,
  cholesky_gradient: factorised,
  solve_lower: factorised,
  output: () => {},
}

function collect(schedule: Schedule, node: LowNode, id: LowId, collecting: Collecting): void {
  if (isElementwise(node.op)) return
  const loops = chainOf(must(schedule.places.get(id), 'place')).flatMap((b) => b.loop ?? [])
  const rule = rules[node.op as ComputedOp] as StorageRule<LowNode>
  rule({ ...collecting, id, loops }, node)
}

/** The place among the loops of the outermost over one of `axes`. */
function loopOver({ loops }: StoragePlace, axes: readonly string[]): number {
  return loops.findIndex((l) => axes.includes(l.axis))
}

/** The node's axes that are looped over from the loop at this place inwards. */
function axesInside({ loops }: StoragePlace, node: LowNode, place: number): readonly string[] {
  return loops.slice(place).flatMap((l) => (node.axes.includes(l.axis) ? [l.axis] : []))
}
