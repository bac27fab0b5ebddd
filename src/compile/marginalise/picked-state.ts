import { type GraphBuilder, union, without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { reachable } from '../../ir/walk.ts'
import { dependence } from './dependence.ts'

/** Elements of a state picked along one of its axes, by positions that do not depend on it. */
export interface PickedState {
  /** The node that picks. */
  readonly node: NodeId
  readonly axis: string
  readonly index: NodeId
}

/**
 * How `root` depends on the state, if it does through elements picked by one index alone: each position along the index then
 * adds its part to the energy of the site that it picks, and no two sites meet.
 */
export function pickedState(builder: GraphBuilder, root: NodeId, state: NodeId, sites: readonly string[]): PickedState | undefined {
  const picks = reachable(builder, [root]).filter((id) => builder.node(id).args[0] === state)
  const [node, ...more] = picks
  if (node === undefined || more.length > 0) return undefined
  const pick = builder.node(node)
  if (pick.op !== 'pick' || !sites.includes(pick.axis)) return undefined
  const index = pick.args[1] as NodeId
  const around = reachableWithout(builder, root, node)
  if (around.has(state) || reachable(builder, [index]).includes(state)) return undefined
  // Positions along the index may pick different sites, so they must not meet either.
  const apart = union([without(sites, [pick.axis]), builder.axes(index)])
  const kinds = dependence(builder, reachable(builder, [root]), node, apart)
  return kinds.get(root) === 'here' ? { node, axis: pick.axis, index } : undefined
}

/** What `root` is made of, not through `closed`. */
function reachableWithout(builder: GraphBuilder, root: NodeId, closed: NodeId): ReadonlySet<NodeId> {
  const found = new Set([root])
  for (const id of found) if (id !== closed) for (const a of builder.node(id).args) found.add(a)
  return found
}
