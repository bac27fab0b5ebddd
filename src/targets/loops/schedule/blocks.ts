import { must } from '../../../base/internal-error.ts'
import type { LowId } from './lowered.ts'

/** The body of a loop or, without one, of a function. */
export interface Block {
  readonly id: number
  readonly loop: Loop | undefined
  readonly parent: Block | undefined
  items: Item[]
}

export type Item = Loop | Statement

export interface Loop {
  readonly kind: 'loop'
  readonly axis: string
  /** `any` until something that has a direction joins. */
  direction: 'any' | 'up' | 'down'
  /** The recursion that this loop is; it leaves out the first position. */
  readonly scan: number | undefined
  readonly body: Block
}

export interface Statement {
  readonly kind: 'statement'
  readonly id: LowId
}

export function newBlock(id: number): Block {
  return { id, loop: undefined, parent: undefined, items: [] }
}

/** The blocks from the outermost to `block`. */
export function chainOf(block: Block): readonly Block[] {
  return block.parent === undefined ? [block] : [...chainOf(block.parent), block]
}

/** The axes of the loops that two blocks share. */
export function commonLoops(a: Block, b: Block): readonly string[] {
  const inB = new Set(chainOf(b))
  return chainOf(a).flatMap((block) => (inB.has(block) && block.loop !== undefined ? [block.loop.axis] : []))
}

/** The innermost block that leads to `block` through exactly the loops `axes`. */
export function blockAlong(block: Block, axes: readonly string[]): Block | undefined {
  const chain = chainOf(block)
  const target = chain[axes.length]
  return target !== undefined && axes.every((a, k) => chain[k + 1]?.loop?.axis === a) ? target : undefined
}

export function positionOf(block: Block, id: LowId): number {
  return block.items.findIndex((item) => item.kind === 'statement' && item.id === id)
}

export function leadingTo(target: Block, block: Block, reader: LowId): number {
  const chain = chainOf(block)
  const inner = chain[chain.indexOf(target) + 1]
  return inner === undefined ? positionOf(target, reader) : target.items.indexOf(must(inner.loop, 'loop'))
}

export function prune(block: Block, live: ReadonlySet<LowId>): void {
  block.items = block.items.filter((item) => {
    if (item.kind === 'statement') return live.has(item.id)
    prune(item.body, live)
    return item.body.items.length > 0
  })
}
