import { must } from '../../base/internal-error.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { simplifiedWithin } from '../../ir/simplify-within.ts'
import { structure } from '../../ir/structure.ts'
import { reachable } from '../../ir/walk.ts'

/**
 * `x` as it is at the first position along `axis`, and as it is at all others: choices that ask for no more than that
 * are made, so that what does not change from one step to the next is seen not to. `leaves` are not looked into.
 */
export function alongChain(
  m: Maths,
  x: NodeId,
  axis: string,
  leaves: readonly NodeId[],
): { readonly first: NodeId; readonly later: NodeId } {
  const index = m.builder.index(axis)
  const isFirst = [m.less(index, m.k(1)), m.equal(index, m.k(0)), m.equal(m.k(0), index)]
  const isLater = [m.less(m.k(0), index), m.less_equal(m.k(1), index)]
  const supposing = (first: 1 | 0): NodeId => {
    const known = [...isFirst.map((c) => [c, m.k(first)] as const), ...isLater.map((c) => [c, m.k(1 - first)] as const)]
    const [at] = simplifiedWithin(m.builder, [replacedHere(m.builder, x, axis, new Map(known))], leaves)
    return must(at, 'simplified')
  }
  return { first: supposing(1), later: supposing(0) }
}

/** `x` with nodes exchanged where its own position is meant: what is shifted, or taken over the axis, is of other positions. */
function replacedHere(builder: GraphBuilder, x: NodeId, axis: string, done: Map<NodeId, NodeId>): NodeId {
  for (const id of reachable(builder, [x])) {
    if (done.has(id)) continue
    const node = builder.node(id)
    const { works } = structure(node)
    const args = node.args.map((a, k) => (works(k).includes(axis) ? a : must(done.get(a), 'operand')))
    done.set(id, args.every((a, k) => a === node.args[k]) ? id : builder.like(node, args))
  }
  return must(done.get(x), 'root')
}
