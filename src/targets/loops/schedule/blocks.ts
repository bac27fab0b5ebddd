import { must } from '../../../base/internal-error.ts'
import type { LowId } from './lowered.ts'

/** The body of a loop or, without one, of a function. */
export interface ScheduleBlock {
  readonly id: number
  readonly loop: ScheduledLoop | undefined
  readonly parent: ScheduleBlock | undefined
  /** By rising rank. */
  items: ScheduledItem[]
}

export type ScheduledItem = ScheduledLoop | NodeStatement

interface Ranked {
  /** Between the ranks of the items before and after it, so that its place among thousands is found by bisection. */
  rank: number
}

export interface ScheduledLoop extends Ranked {
  readonly kind: 'loop'
  readonly axis: string
  /** `any` until something that has a direction joins. */
  direction: 'any' | 'up' | 'down'
  /** The recursion that this loop is; it leaves out the first position. */
  readonly scan: number | undefined
  readonly body: ScheduleBlock
}

export interface NodeStatement extends Ranked {
  readonly kind: 'statement'
  readonly id: LowId
}

export function newBlock(id: number): ScheduleBlock {
  return { id, loop: undefined, parent: undefined, items: [] }
}

/** The blocks from the outermost to `block`. */
export function chainOf(block: ScheduleBlock): readonly ScheduleBlock[] {
  return block.parent === undefined ? [block] : [...chainOf(block.parent), block]
}

/** The axes of the loops that two blocks share. */
export function commonLoops(a: ScheduleBlock, b: ScheduleBlock): readonly string[] {
  const inB = new Set(chainOf(b))
  return chainOf(a).flatMap((block) => (inB.has(block) && block.loop !== undefined ? [block.loop.axis] : []))
}

/** The innermost block that leads to `block` through exactly the loops `axes`. */
export function blockAlong(block: ScheduleBlock, axes: readonly string[]): ScheduleBlock | undefined {
  const chain = chainOf(block)
  const target = chain[axes.length]
  return target !== undefined && axes.every((a, k) => chain[k + 1]?.loop?.axis === a) ? target : undefined
}

/**
 * Puts an item before the one at `at`, or at the end. Its rank is nearer to that of the item before it, since the next one
 * mostly goes behind it; where no number is left between, all get new ones.
 */
export function insert(block: ScheduleBlock, at: number, item: ScheduledItem): void {
  const { items } = block
  const before = items[at - 1]?.rank ?? 0
  const next = items[at]?.rank ?? before + 2
  item.rank = before + (next - before) / 256
  items.splice(at, 0, item)
  const noneBetween = item.rank <= before || item.rank >= next
  if (noneBetween) for (const [i, one] of items.entries()) one.rank = i + 1
}

/** Where an item of the block stands in it. */
export function indexOf({ items }: ScheduleBlock, { rank }: ScheduledItem): number {
  let [low, high] = [0, items.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle] as ScheduledItem).rank < rank) low = middle + 1
    else high = middle
  }
  return low
}

/** The item of `target` that is, or whose loop holds, a statement of `block`. */
export function leadingTo(target: ScheduleBlock, block: ScheduleBlock, statement: NodeStatement): number {
  const chain = chainOf(block)
  const inner = chain[chain.indexOf(target) + 1]
  return indexOf(target, inner === undefined ? statement : must(inner.loop, 'loop'))
}

export function prune(block: ScheduleBlock, live: ReadonlySet<LowId>): void {
  block.items = block.items.filter((item) => {
    if (item.kind === 'statement') return live.has(item.id)
    prune(item.body, live)
    return item.body.items.length > 0
  })
}
