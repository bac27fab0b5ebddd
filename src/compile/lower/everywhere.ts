import { must } from '../../base/internal-error.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId } from '../../ir/graph.ts'
import { applyScalar, isElementwise } from '../../ir/scalar.ts'
import { reachable } from '../../ir/walk.ts'

/**
 * Whether a condition surely holds at every element of its one axis (from the one numbered `from` on), whatever the
 * size. Decided for what compares the index, the size and whole numbers with each other: such a condition sees no more
 * than which of the numbers are beside which, so that trying a few small sizes tries them all. False where it is not
 * decided.
 */
export function holdsEverywhere(builder: GraphBuilder, condition: NodeId, from = 0): boolean {
  const nodes = reachable(builder, [condition])
  const reach = reachOf(builder, nodes)
  if (reach === undefined) return false
  for (let size = 1; size <= 2 * reach + 2; size += 1) {
    for (let index = from; index < size; index += 1) if (valueAt(builder, nodes, index, size) === 0) return false
  }
  return true
}

/** More tries than this are not worth it. */
const farthest = 12

const comparisons: ReadonlySet<string> = new Set(['less', 'less_equal', 'equal'])
const connectives: ReadonlySet<string> = new Set(['mul', 'max', 'min', 'where', 'sub'])

/** By how much the numbers that are compared are apart at most; undefined where something else is compared. */
function reachOf(builder: GraphBuilder, nodes: readonly NodeId[]): number | undefined {
  const axes = new Set<string>()
  const kinds = new Map<NodeId, BooleanKind>()
  let reach = 1
  for (const id of nodes) {
    const node = builder.node(id)
    const kind = kindOf(
      builder,
      node,
      node.args.map((a) => must(kinds.get(a), 'operand')),
    )
    if (kind === undefined) return undefined
    if (node.op === 'index' || node.op === 'size') axes.add(node.axis)
    if (node.op === 'const') reach += Math.abs(node.value)
    kinds.set(id, kind)
  }
  return axes.size <= 1 && reach <= farthest ? reach : undefined
}

type BooleanKind = 'position' | 'truth'

function kindOf(builder: GraphBuilder, node: Node, args: readonly BooleanKind[]): BooleanKind | undefined {
  if (node.op === 'const') return node.value === 0 || node.value === 1 ? 'truth' : Number.isInteger(node.value) ? 'position' : undefined
  if (node.op === 'index' || node.op === 'size') return 'position'
  if (comparisons.has(node.op)) return 'truth'
  if (connectives.has(node.op) && args.every((k) => k === 'truth')) return 'truth'
  const isMoved = (node.op === 'add' || node.op === 'sub') && node.args.some((a) => builder.node(a).op === 'const')
  return isMoved ? 'position' : undefined
}

function valueAt(builder: GraphBuilder, nodes: readonly NodeId[], index: number, size: number): number {
  const values = new Map<NodeId, number>()
  for (const id of nodes) {
    const node = builder.node(id)
    const args = node.args.map((a) => must(values.get(a), 'operand'))
    values.set(
      id,
      node.op === 'const' ? node.value : node.op === 'index' ? index : isElementwise(node.op) ? applyScalar(node.op, args) : size,
    )
  }
  return must(values.get(must(nodes.at(-1), 'condition')), 'value')
}
