import { must } from '../../base/internal-error.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId } from '../../ir/graph.ts'
import { reachable } from '../../ir/walk.ts'

/** What the state is replaced by: its value here, and along a chain its value one step before. */
export interface Substituted {
  readonly here: NodeId
  readonly before?: { readonly axis: string; readonly value: NodeId }
}

/** `roots` as functions of the levels that replace `state`; picks by a level become the table itself. */
export function substitute(builder: GraphBuilder, roots: readonly NodeId[], state: NodeId, values: Substituted): readonly NodeId[] {
  const here = new Map<NodeId, NodeId>([[state, values.here]])
  const before = new Map<NodeId, NodeId>(values.before === undefined ? [] : [[state, values.before.value]])
  for (const id of reachable(builder, roots)) {
    if (id === state) continue
    const node = builder.node(id)
    if (!node.args.some((a) => here.has(a))) continue
    const chained = node.op === 'shift' && node.axis === values.before?.axis
    here.set(id, rebuild(builder, node, chained ? before : here))
    // What is itself shifted is never shifted again, so its value one step before is not needed.
    if (values.before !== undefined && !chained && !dependsOnShift(node, here, before)) before.set(id, rebuild(builder, node, before))
  }
  return roots.map((r) => here.get(r) ?? r)
}

function dependsOnShift(node: Node, here: ReadonlyMap<NodeId, NodeId>, before: ReadonlyMap<NodeId, NodeId>): boolean {
  return node.args.some((a) => here.has(a) && !before.has(a))
}

function rebuild(builder: GraphBuilder, node: Node, known: ReadonlyMap<NodeId, NodeId>): NodeId {
  const args = node.args.map((a) => known.get(a) ?? a)
  if (node.op === 'pick') return pickByLevel(builder, must(args[0], 'operand'), node.axis, must(args[1], 'index'))
  return builder.like(node, args)
}

/** `x[axis = 0, 1, ... along level]` is x with its axis called `level`. */
export function pickByLevel(builder: GraphBuilder, x: NodeId, axis: string, index: NodeId): NodeId {
  const level = builder.node(index)
  const axes = builder.axes(x)
  if (level.op !== 'index' || (level.axis !== axis && axes.includes(level.axis))) return builder.pick(x, axis, index)
  return builder.rename(x, axis, level.axis)
}
