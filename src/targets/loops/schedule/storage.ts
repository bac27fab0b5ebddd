import { must } from '../../../base/internal-error.ts'
import { closedAxes, usesOf } from './dependence.ts'
import type { Lowered, LowId, LowNode } from './lowered.ts'
import { chainOf, commonLoops, type Item, type Loop, type Schedule } from './schedule.ts'

/** Where values live that outlive the round of the loop that makes them, or that are collected over its rounds. */
export interface Storage {
  /** The axes of the array of every node that has one, in layout order; none for a single number. */
  readonly arrays: ReadonlyMap<LowId, readonly string[]>
  /** The loop before which a node's collected value starts and after which it is complete. */
  readonly collected: ReadonlyMap<LowId, Loop>
  /** The axes of a running sum's state. */
  readonly states: ReadonlyMap<LowId, readonly string[]>
}

export function storage(lowered: Lowered, schedule: Schedule): Storage {
  const collected = new Map<LowId, Loop>()
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

export function statementsIn(items: readonly Item[]): readonly LowId[] {
  return items.flatMap((item) => (item.kind === 'statement' ? [item.id] : statementsIn(item.body.items)))
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
  readonly collected: Map<LowId, Loop>
  readonly states: Map<LowId, readonly string[]>
  readonly need: Need
}

function collect(schedule: Schedule, node: LowNode, id: LowId, { collected, states, need }: Collecting): void {
  const loops = chainOf(must(schedule.places.get(id), 'place')).flatMap((b) => b.loop ?? [])
  const from = (axes: readonly string[]): number => loops.findIndex((l) => axes.includes(l.axis))
  const inside = (at: number): readonly string[] => loops.slice(at).flatMap((l) => (node.axes.includes(l.axis) ? [l.axis] : []))
  if (node.op === 'recursion') {
    collected.set(
      id,
      must(
        loops.find((l) => l.scan === node.scan),
        'loop of a recursion',
      ),
    )
    need(id, node.axes)
  } else if (node.op === 'trace') {
    need(id, node.axes)
  } else if (node.op === 'cumsum') {
    const at = from([node.axis])
    collected.set(id, must(loops[at], 'loop of a running sum'))
    states.set(id, inside(at + 1))
  } else if (node.op === 'scatter') {
    const at = from(node.over)
    const loop = loops[at]
    if (loop !== undefined) collected.set(id, loop)
    need(id, [node.axis, ...(loop === undefined ? [] : inside(at))])
  } else if (node.op === 'cholesky' || node.op === 'solve_lower') {
    need(id, closedAxes(node))
  } else if (closedAxes(node).length > 0) {
    const at = from(closedAxes(node))
    collected.set(id, must(loops[at], 'loop of a reduction'))
    if (inside(at).length > 0) need(id, inside(at))
  }
}
