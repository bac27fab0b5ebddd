import { must } from '../../../base/internal-error.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { rules } from '../rules.ts'
import {
  blockAlong,
  chainOf,
  commonLoops,
  indexOf,
  leadingTo,
  type NodeStatement,
  newBlock,
  prune,
  type ScheduleBlock,
  type ScheduledLoop,
} from './blocks.ts'
import { closedAxes, directionOf, type NodeUse, pathOf, usesOf } from './dependence.ts'
import { ItemList } from './item-list.ts'
import { isView, type LowGraph, type LowId, type LowNode } from './lowered.ts'
import { inOrder } from './order.ts'

/** What is computed where. `nodes` may hold more than the lowered graph: things that are computed in two places. */
export interface Schedule {
  readonly nodes: readonly LowNode[]
  /** What depends only on fixed inputs, computed when these change. */
  readonly once: ScheduleBlock
  readonly always: ScheduleBlock
  /** The block of every computed node's statement. */
  readonly places: ReadonlyMap<LowId, ScheduleBlock>
}

/**
 * Puts every node into a tree of loops, greedily in topological order and as early as its operands allow: it joins an
 * existing loop over the same axis if all it reads is available there (computed before that loop or in the same round),
 * else a new loop is opened at the end. Everything at one position of a loop sees everything computed before it in that round.
 */
export function schedule(lowered: LowGraph): Schedule {
  const builder = new Scheduler(lowered)
  for (const id of inOrder(lowered)) builder.add(must(lowered.nodes[id], 'node'), id)
  builder.dropUnused()
  return builder
}

/** Recomputing what costs at most this many additions is as good as storing and loading it. */
const CHEAP = 4

class Scheduler implements Schedule {
  readonly nodes: LowNode[]
  readonly once = newBlock(0)
  readonly always = newBlock(1)
  readonly places = new Map<LowId, ScheduleBlock>()
  readonly #statements = new Map<LowId, NodeStatement>()
  readonly #lowered: LowGraph
  readonly #paths: readonly (readonly string[])[]
  readonly #scanLoops = new Map<number, ScheduledLoop>()
  readonly #copies = new Map<string, LowId>()
  #blocks = 2

  constructor(lowered: LowGraph) {
    this.#lowered = lowered
    this.nodes = [...lowered.nodes]
    this.#paths = lowered.outputs.map((p) => p.axes)
  }

  add(node: LowNode, id: LowId): void {
    if (node.op === 'previous') this.#openRecursion(node)
    if (isView(node)) return
    const uses = usesOf(this.nodes, node)
    const block = this.#descend(this.#home(node), this.#path(node), uses, node)
    this.#put(id, block, after(this, block, uses))
    this.#recomputeCheap(id, block, uses)
  }

  #put(id: LowId, block: ScheduleBlock, at: number): void {
    const statement: NodeStatement = { kind: 'statement', id, rank: 0 }
    block.items.insert(at, statement)
    this.#statements.set(id, statement)
    this.places.set(id, block)
  }

  statementOf(id: LowId): NodeStatement {
    return must(this.#statements.get(id), 'statement')
  }

  #path(node: LowNode): readonly string[] {
    return pathOf(this.#lowered.order, this.#paths, node)
  }

  #home(node: LowNode): ScheduleBlock {
    // What leaves a recursion stands in its loop, although its value belongs outside.
    const scan = node.op === 'recursion' || node.op === 'trace' ? node.scan : node.within
    if (scan !== undefined && node.op !== 'previous') return must(this.#scanLoops.get(scan), 'loop of a recursion').body
    return node.fixed ? this.once : this.always
  }

  /** From `block` down `path`, through loops that exist where that is possible. */
  #descend(block: ScheduleBlock, path: readonly string[], uses: readonly NodeUse[], node: LowNode): ScheduleBlock {
    const [axis, ...rest] = path
    if (axis === undefined) return block
    const direction = directionOf(node, axis)
    const from = earliest(this, block, uses)
    const rank = block.items.at(from)?.rank ?? Number.POSITIVE_INFINITY
    const found = block.loops.find((loop) => loop.rank >= rank && admits(loop, axis, direction))
    const loop = found ?? this.#open(block, axis, 'any')
    if (direction !== 'any') loop.direction = direction
    return this.#descend(loop.body, rest, uses, node)
  }

  #open(block: ScheduleBlock, axis: string, direction: ScheduledLoop['direction'], scan?: number): ScheduledLoop {
    const body: ScheduleBlock = { id: this.#blocks, parent: block, items: new ItemList(), loops: [], loop: undefined }
    const loop: ScheduledLoop = { kind: 'loop', axis, direction, scan, body, rank: 0 }
    ;(body as { loop: ScheduledLoop | undefined }).loop = loop
    this.#blocks += 1
    block.items.insert(block.items.length, loop)
    block.loops.push(loop)
    return loop
  }

  #openRecursion(node: LowNode & { readonly op: 'previous' }): void {
    if (this.#scanLoops.has(node.scan)) return
    const outer = node.args.reduce<number | undefined>((w, a) => this.nodes[a]?.within ?? w, undefined)
    const block = outer === undefined ? (node.fixed ? this.once : this.always) : must(this.#scanLoops.get(outer), 'outer loop').body
    const loop = this.#open(block, node.axis, node.reverse ? 'down' : 'up', node.scan)
    this.#scanLoops.set(node.scan, loop)
  }

  /** Cheap operands from another loop over the same axes are computed here again instead of being stored there. */
  #recomputeCheap(id: LowId, block: ScheduleBlock, uses: readonly NodeUse[]): void {
    for (const use of uses) {
      if (!use.direct || use.whole.length > 0 || !this.#worthCopying(use.on, block)) continue
      const copy = this.#copyInto(use.on, block, id)
      const node = must(this.nodes[id], 'node')
      this.nodes[id] = { ...node, args: node.args.map((a) => (a === use.on ? copy : a)) }
    }
  }

  #worthCopying(id: LowId, block: ScheduleBlock): boolean {
    return !this.#reachable(id, block) && this.#costOfCopy(id, block) <= CHEAP
  }

  /** Whether the value is at hand in `block` without an array. */
  #reachable(id: LowId, block: ScheduleBlock): boolean {
    const place = must(this.places.get(id), 'place')
    const shared = commonLoops(place, block)
    return chainOf(place)[0] === chainOf(block)[0] && must(this.nodes[id], 'node').axes.every((axis) => shared.includes(axis))
  }

  /** Infinite where it is not possible, or more than `budget`. */
  #costOfCopy(id: LowId, block: ScheduleBlock, budget = CHEAP): number {
    const node = must(this.nodes[id], 'node')
    if (!isElementwise(node.op) || this.#lowered.direct.has(id) || blockAlong(block, node.axes) === undefined)
      return Number.POSITIVE_INFINITY
    let cost = rules[node.op].cost
    for (const a of node.args) {
      if (cost > budget) return Number.POSITIVE_INFINITY
      cost += this.#costOfOperand(a, node, block, budget - cost)
    }
    return cost
  }

  #costOfOperand(id: LowId, user: LowNode, block: ScheduleBlock, budget: number): number {
    const node = must(this.nodes[id], 'node')
    if (isView(node)) return viewIsPlain(this.nodes, node) ? 0 : Number.POSITIVE_INFINITY
    if (node.axes.length < user.axes.length || this.#reachable(id, block)) return 0
    return this.#costOfCopy(id, block, budget)
  }

  /** A copy of a node in the loops that lead to `block`, before the statement or loop that leads to `reader`. */
  #copyInto(id: LowId, block: ScheduleBlock, reader: LowId): LowId {
    const node = must(this.nodes[id], 'node')
    const target = must(blockAlong(block, node.axes), 'block of a copy')
    const key = `${id} ${target.id}`
    const known = this.#copies.get(key)
    const isBefore = (one: LowId): boolean => indexOf(target, this.statementOf(one)) < leadingTo(target, block, this.statementOf(reader))
    if (known !== undefined && isBefore(known)) return known
    const copies = node.args.map((a) => (this.#needsCopy(a, node, block) ? this.#copyInto(a, block, reader) : a))
    const copy = this.nodes.length
    this.nodes.push({
      ...node,
      args: copies,
      within: must(this.nodes[reader], 'reader').within,
      fixed: must(this.nodes[reader], 'reader').fixed,
    })
    this.#put(copy, target, leadingTo(target, block, this.statementOf(reader)))
    this.#copies.set(key, copy)
    return copy
  }

  #needsCopy(id: LowId, user: LowNode, block: ScheduleBlock): boolean {
    const node = must(this.nodes[id], 'node')
    return !isView(node) && node.axes.length === user.axes.length && !this.#reachable(id, block)
  }

  /** Takes out the statements whose values nobody reads, and the loops that are left empty. */
  dropUnused(): void {
    const live = new Set<LowId>([...this.#lowered.direct.keys(), ...this.nodes.flatMap((n, id) => (n.op === 'output' ? [id] : []))])
    for (const id of live) for (const a of readBy(this.nodes, must(this.nodes[id], 'node'))) live.add(a)
    for (const block of [this.once, this.always]) prune(block, live)
  }
}

/** The operands of a recursion's previous value only say what comes before it; what it reads is the recursion. */
function readBy(nodes: readonly LowNode[], node: LowNode): readonly LowId[] {
  if (node.op === 'previous') return [nodes.findIndex((n) => n.op === 'recursion' && n.scan === node.scan && n.part === node.part)]
  return node.op === 'recursion' ? [...node.args, node.first] : node.args
}

function admits(loop: ScheduledLoop, axis: string, direction: ScheduledLoop['direction']): boolean {
  return loop.axis === axis && loop.scan === undefined && (direction === 'any' || loop.direction === 'any' || loop.direction === direction)
}

/** The position in `block` of the item that holds `id`'s statement; undefined if it lies elsewhere. */
function itemHolding(schedule: Scheduler, block: ScheduleBlock, id: LowId): number | undefined {
  const chain = chainOf(must(schedule.places.get(id), 'place'))
  const k = chain.indexOf(block)
  if (k < 0) return undefined
  const inner = chain[k + 1]
  return indexOf(block, inner === undefined ? schedule.statementOf(id) : must(inner.loop, 'loop'))
}

/** The first position in `block` where everything that is used is there. */
function after(schedule: Scheduler, block: ScheduleBlock, uses: readonly NodeUse[]): number {
  return Math.max(0, ...uses.map((u) => (itemHolding(schedule, block, u.on) ?? -1) + 1))
}

/** The first position in `block` of a loop that may be joined: one that holds an operand may, if it can be read there. */
function earliest(schedule: Scheduler, block: ScheduleBlock, uses: readonly NodeUse[]): number {
  return Math.max(
    0,
    ...uses.map((u) => {
      const at = itemHolding(schedule, block, u.on)
      if (at === undefined) return 0
      const item = must(block.items.at(at), 'item')
      return item.kind === 'loop' && readableInside(schedule, item, u) ? at : at + 1
    }),
  )
}

function readableInside(schedule: Scheduler, loop: ScheduledLoop, use: NodeUse): boolean {
  if (loop.scan !== undefined) return false
  return !use.whole.includes(loop.axis) && !closedAxes(must(schedule.nodes[use.on], 'operand')).includes(loop.axis)
}

/** Views of inputs and of constants, which can be read anywhere. */
function viewIsPlain(nodes: readonly LowNode[], node: LowNode): boolean {
  return node.op !== 'previous' && usesOf(nodes, node).length === 0
}
