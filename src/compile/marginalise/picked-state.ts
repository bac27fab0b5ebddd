import { type GraphBuilder, union, without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { reachable } from '../../ir/walk.ts'
import { dependence } from './dependence.ts'

/** Elements of a state picked along some of its axes, by positions that do not depend on it: `z[item = item_of]`. */
export interface PickedState {
  /** The node that picks, the last one where several do. */
  readonly node: NodeId
  readonly picks: readonly Pick[]
}

/** Along one axis of the state, which element. */
interface Pick {
  readonly axis: string
  readonly index: NodeId
}

/**
 * How `root` depends on the state, if it does through elements picked by the same indices alone: each position along the
 * indices then adds its part to the energy of the site that it picks, and no two sites meet.
 */
export function pickedState(builder: GraphBuilder, root: NodeId, state: NodeId, sites: readonly string[]): PickedState | undefined {
  const inside = reachable(builder, [root])
  const { node, picks: found } = lastPick(builder, inside, state, sites)
  const picks = inOrder(builder, found)
  if (picks === undefined || picks.length === 0) return undefined
  // Positions along the indices may pick different sites, so they must not meet either.
  const apart = sitesOfPicks(builder, picks, sites)
  return dependence(builder, inside, node, apart).get(root) === 'here' ? { node, picks } : undefined
}

/** The axes that tell picked elements apart: those of the indices, and those of the state that are not picked along. */
export function sitesOfPicks(builder: GraphBuilder, picks: readonly Pick[], sites: readonly string[]): readonly string[] {
  const left = without(
    sites,
    picks.map((p) => p.axis),
  )
  return union([left, ...picks.map((p) => builder.axes(p.index))])
}

/**
 * One whose axis positions along the indices have, too, comes first: energies are brought to their sites by the last pick
 * first, and the axis is free for sites once nothing but its own index has it.
 */
function inOrder(builder: GraphBuilder, picks: readonly Pick[]): readonly Pick[] | undefined {
  const first = picks.filter(({ axis }) => picks.some((p) => builder.axes(p.index).includes(axis)))
  return first.length > 1 ? undefined : [...first, ...picks.filter((p) => !first.includes(p))]
}

/** Follows picks for as long as nothing else reads what they pick from. */
function lastPick(builder: GraphBuilder, inside: readonly NodeId[], state: NodeId, sites: readonly string[]): PickedState {
  let found: PickedState = { node: state, picks: [] }
  for (;;) {
    const [reader, ...more] = inside.filter((id) => builder.node(id).args.includes(found.node))
    const next = reader === undefined || more.length > 0 ? undefined : pickedAgain(builder, found, reader, state, sites)
    if (next === undefined) return found
    found = next
  }
}

function pickedAgain(
  builder: GraphBuilder,
  { node, picks }: PickedState,
  reader: NodeId,
  state: NodeId,
  sites: readonly string[],
): PickedState | undefined {
  const pick = builder.node(reader)
  const [from, index] = pick.args
  if (pick.op !== 'pick' || from !== node || index === undefined || reachable(builder, [index]).includes(state)) return undefined
  const { axis } = pick
  // Rows of what was picked already are rows of its indices.
  const onward = picks.map((p) => ({ ...p, index: builder.pick(p.index, axis, index) }))
  const own = sites.includes(axis) && !picks.some((p) => p.axis === axis)
  return { node: reader, picks: own ? [...onward, { axis, index }] : onward }
}
