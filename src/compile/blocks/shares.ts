import { must } from '../../base/internal-error.ts'
import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { reachable } from '../../ir/walk.ts'

/**
 * Nodes with `sum[k](p x)` written as x where p adds up to 1 along k and x does not vary there. The widths of a mixture, if
 * they are the same for all parts, then depend on no responsibilities.
 */
export function withoutShares(m: Maths, roots: readonly NodeId[], shares: ReadonlyMap<NodeId, readonly string[]>): readonly NodeId[] {
  const { builder } = m
  const made = new Map<NodeId, NodeId>()
  for (const id of reachable(builder, roots)) {
    const node = builder.node(id)
    const args = node.args.map((arg) => must(made.get(arg), 'operand'))
    const same = args.every((arg, i) => arg === node.args[i]) ? id : builder.like(node, args)
    made.set(id, node.op === 'sum' ? (summedApart(m, args[0] as NodeId, node.over, shares) ?? same) : same)
  }
  return roots.map((id) => must(made.get(id), 'root'))
}

function summedApart(m: Maths, of: NodeId, over: readonly string[], shares: ReadonlyMap<NodeId, readonly string[]>): NodeId | undefined {
  const found = taken(m, of, shares)
  if (found === undefined || !found.along.every((axis) => over.includes(axis))) return undefined
  if (m.builder.axes(found.rest).some((axis) => found.along.includes(axis))) return undefined
  return m.sum(without(over, found.along), found.rest)
}

/** A product without the share that is a factor of it. */
function taken(
  m: Maths,
  id: NodeId,
  shares: ReadonlyMap<NodeId, readonly string[]>,
): { readonly rest: NodeId; readonly along: readonly string[] } | undefined {
  const along = shares.get(id)
  if (along !== undefined) return { rest: m.k(1), along }
  const { op, args: [a = 0, b = 0] } = m.builder.node(id) // biome-ignore format: one line
  const [first, second] = [
    ['mul', 'div', 'neg'].includes(op) ? taken(m, a, shares) : undefined,
    op === 'mul' ? taken(m, b, shares) : undefined,
  ]
  if (first !== undefined)
    return { ...first, rest: op === 'neg' ? m.neg(first.rest) : op === 'mul' ? m.mul(first.rest, b) : m.div(first.rest, b) }
  return second && { ...second, rest: m.mul(a, second.rest) }
}
