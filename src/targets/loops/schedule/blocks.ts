import { must } from '../../../base/internal-error.ts'
import { ItemList, type Ranked } from './item-list.ts'
import type { LowId } from './lowered.ts'

/** The body of a loop or, without one, of a function. */
export interface ScheduleBlock {
  readonly id: number
  readonly loop: ScheduledLoop | undefined
  readonly parent: ScheduleBlock | undefined
  readonly items: ItemList<ScheduledItem>
  /** Those of the items that are loops: each is opened behind all that is there. */
  readonly loops: ScheduledLoop[]
}

export type ScheduledItem = ScheduledLoop | NodeStatement

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
  return { id, loop: undefined, parent: undefined, items: new ItemList(), loops: [] }
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

/** Where an item of the block stands in it. */
export function indexOf({ items }: ScheduleBlock, { rank }: ScheduledItem): number {
  return items.indexOf(rank)
}

/** The item of `target` that is, or whose loop holds, a statement of `block`. */
export function leadingTo(target: ScheduleBlock, block: ScheduleBlock, statement: NodeStatement): number {
  const chain = chainOf(block)
  const inner = chain[chain.indexOf(target) + 1]
  return indexOf(target, inner === undefined ? statement : must(inner.loop, 'loop'))
}

export function prune(block: ScheduleBlock, live: ReadonlySet<LowId>): void {
  block.items.keep((item) => {
    if (item.kind === 'statement') return live.has(item.id)
    prune(item.body, live)
    return item.body.items.length > 0
  })
}
