import type { NodeId } from './graph.ts'
import type { Maths } from './maths.ts'

/** `x` at the position before each along `axis` (after each, from the end), and its own value where `atStart` is 1. */
export function oneBefore(m: Maths, x: NodeId, axis: string, atStart: NodeId, reverse = false): NodeId {
  return m.where(atStart, x, m.builder.shift(x, axis, reverse ? -1 : 1))
}

/** A node of a graph or of what a kernel makes of it. */
interface ReadableNode {
  readonly op: string
  readonly args: readonly number[]
  readonly axis?: string
  readonly by?: number
  readonly value?: number
}

/** What `node` gives the value of at the position before each, if that is what `oneBefore` wrote from the first position on. */
export function oneBeforeOf(
  nodeOf: (id: number) => ReadableNode,
  { op, args }: ReadableNode,
): { readonly x: number; readonly axis: string; readonly atStart: number } | undefined {
  if (op !== 'where') return undefined
  const [atStart, x, shifted] = args as readonly [number, number, number]
  const [condition, moved] = [nodeOf(atStart), nodeOf(shifted)]
  const { axis } = moved
  if (moved.op !== 'shift' || moved.by !== 1 || moved.args[0] !== x || axis === undefined || condition.op !== 'equal') return undefined
  const compared = condition.args.map(nodeOf)
  const isFirst = compared.some((n) => n.value === 0) && compared.some((n) => n.op === 'index' && n.axis === axis)
  return isFirst ? { x, axis, atStart } : undefined
}
