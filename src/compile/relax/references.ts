import { must } from '../../base/internal-error.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId, NodeOf, Op } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { structure } from '../../ir/structure.ts'

/** Which element of a state is meant along one of its axes: that at a position along an axis, or at the value of a node. */
export type ElementPosition = { readonly axis: string; readonly offset: number } | { readonly node: NodeId }

export type ElementPositions = ReadonlyMap<string, ElementPosition>

/** The state as it stands or moved as a whole: `z`, `z[t = t - 1]`, `z[i -> j]`, `z[item = item_of]`. */
export type References = ReadonlyMap<NodeId, ElementPositions>

export interface Occurrences {
  readonly references: References
  /**
   * Of each node that depends on the state the references that it depends on, each at the position of its own; undefined where an
   * operation brings elements at several positions together.
   */
  readonly of: ReadonlyMap<NodeId, ReadonlySet<NodeId> | undefined>
}

/** Where the state occurs in `ids` (operands first). */
export function occurrences(builder: GraphBuilder, ids: readonly NodeId[], state: NodeId): Occurrences {
  const own = new Map(builder.axes(state).map((axis) => [axis, { axis, offset: 0 }] as const))
  const references = new Map<NodeId, ElementPositions>([[state, own]])
  const of = new Map<NodeId, ReadonlySet<NodeId> | undefined>([[state, new Set([state])]])
  for (const id of ids) {
    const node = builder.node(id)
    if (id === state || !node.args.some((a) => of.has(a))) continue
    const before = references.get(node.args[0] ?? -1)
    const moved = before === undefined || node.args.slice(1).some((a) => of.has(a)) ? undefined : movedPositions(builder, node, before)
    if (moved !== undefined) references.set(id, moved)
    of.set(id, moved === undefined ? together(builder, node, of) : new Set([id]))
  }
  return { references, of }
}

/** The references of a node's operands, as long as it meets none of them at another position than its own. */
function together(builder: GraphBuilder, node: Node, of: Occurrences['of']): ReadonlySet<NodeId> | undefined {
  const { works } = structure(node)
  const all = new Set<NodeId>()
  for (const [k, a] of node.args.entries()) {
    if (!of.has(a)) continue
    const refs = of.get(a)
    if (refs === undefined) return undefined
    for (const r of refs) {
      if (works(k).some((axis) => builder.axes(r).includes(axis))) return undefined
      all.add(r)
    }
  }
  return all
}

/** ElementPositions after an operation that moves a whole; undefined for other operations. */
export function movedPositions(builder: GraphBuilder, node: Node, positions: ElementPositions): ElementPositions | undefined {
  const rule = moves[node.op] as MoveRule<Node> | undefined
  return rule && new Map([...positions].map(([axis, at]) => [axis, rule(builder, node, at)] as const))
}

type MoveRule<N extends Node> = (builder: GraphBuilder, node: N, at: ElementPosition) => ElementPosition

const moves: { readonly [K in Op]?: MoveRule<NodeOf<K>> } = {
  rename: (builder, { from, to }, at) => {
    if ('node' in at) return { node: builder.rename(at.node, from, to) }
    return at.axis === from ? { axis: to, offset: at.offset } : at
  },
  shift: (builder, { axis, by }, at) => {
    if ('node' in at) return builder.axes(at.node).includes(axis) ? { node: builder.shift(at.node, axis, by) } : at
    return at.axis === axis ? { axis, offset: at.offset - by } : at
  },
  pick: (builder, { axis, args }, at) => pickedPosition(builder, at, axis, must(args[1], 'index')),
}

/** A position along `axis` with that axis at `index`. */
export function pickedPosition(builder: GraphBuilder, at: ElementPosition, axis: string, index: NodeId): ElementPosition {
  if ('node' in at) return { node: builder.pick(at.node, axis, index) }
  if (at.axis !== axis) return at
  const to = builder.node(index)
  if (to.op === 'index') return { axis: to.axis, offset: at.offset }
  const m = maths(builder)
  return { node: at.offset === 0 ? index : m.add(index, m.k(at.offset)) }
}

/** The position as a number from 0. */
export function positionNode(builder: GraphBuilder, at: ElementPosition): NodeId {
  if ('node' in at) return at.node
  const m = maths(builder)
  return at.offset === 0 ? builder.index(at.axis) : m.add(builder.index(at.axis), m.k(at.offset))
}
