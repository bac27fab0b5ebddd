import { must } from '../../base/internal-error.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId } from '../../ir/graph.ts'
import { dependents, reachable } from '../../ir/walk.ts'

/** What the state is replaced by: its value here, and along a chain its value one step before or after. */
export interface Substituted {
  readonly here: NodeId
  readonly chain?: string
  readonly before?: NodeId
  readonly after?: NodeId
}

/** `roots` as functions of the levels that replace `state`; picks by a level become the table itself. */
export function substitute(builder: GraphBuilder, roots: readonly NodeId[], state: NodeId, values: Substituted): readonly NodeId[] {
  const ids = reachable(builder, roots)
  const held = dependents(builder, ids, new Set([state]))
  // By how many steps later the state is read: 0 here, -1 before, 1 after.
  const known = new Map<number, Map<NodeId, NodeId>>([[0, new Map([[state, values.here]])]])
  if (values.before !== undefined) known.set(-1, new Map([[state, values.before]]))
  if (values.after !== undefined) known.set(1, new Map([[state, values.after]]))
  for (const id of ids) {
    if (id === state || !held.has(id)) continue
    const node = builder.node(id)
    for (const [steps, at] of known) {
      const from = known.get(node.op === 'shift' && node.axis === values.chain ? steps - node.by : steps)
      const args = node.args.map((a) => (held.has(a) ? from?.get(a) : a))
      // What is shifted already may not be there one step further, where nothing reads it.
      if (args.every((a) => a !== undefined)) at.set(id, rebuild(builder, node, args))
    }
  }
  return roots.map((r) => (held.has(r) ? must(known.get(0)?.get(r), 'value at a level') : r))
}

function rebuild(builder: GraphBuilder, node: Node, args: readonly NodeId[]): NodeId {
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
