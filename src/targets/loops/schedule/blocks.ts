import { must } from '../../../base/internal-error.ts'
import type { LowId } from './lowered.ts'

/** The body of a loop or, without one, of a function. */
export interface ScheduleBlock {
  readonly id: number
  readonly loop: ScheduledLoop | undefined
  readonly parent: ScheduleBlock | undefined
  items: ScheduledItem[]
}

export type ScheduledItem = ScheduledLoop | NodeStatement

export interface ScheduledLoop {
  readonly kind: 'loop'
  readonly axis: string
  /** `any` until something that has a direction joins. */
  direction: 'any' | 'up' | 'down'
  /** The recursion that this loop is; it leaves out the first position. */
  readonly scan: number | undefined
  readonly body: ScheduleBlock
}

export interface NodeStatement {
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

export function positionOf(block: ScheduleBlock, id: LowId): number {
  return block.items.findIndex((item) => item.kind === 'statement' && item.id === id)
}

export function leadingTo(target: ScheduleBlock, block: ScheduleBlock, reader: LowId): number {
  const chain = chainOf(block)
  const inner = chain[chain.indexOf(target) + 1]
  return inner === undefined ? positionOf(target, reader) : target.items.indexOf(must(inner.loop, 'loop'))
}

export function prune(block: ScheduleBlock, live: ReadonlySet<LowId>): void {
  block.items = block.items.filter((item) => {
    if (item.kind === 'statement') return live.has(item.id)
    prune(item.body, live)
    return item.body.items.length > 0
  })
}
