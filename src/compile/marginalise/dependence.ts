import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId } from '../../ir/graph.ts'
import { structure } from '../../ir/structure.ts'

/**
 * How a node depends on a discrete state over the site axes S:
 * - `here`: its element at a site depends on the state at that site alone;
 * - `before`, `after`: at that site and at the one before it, or after it, along one ordered axis;
 * - `coupled`: in any other way.
 * Nodes that do not depend on it are not in the map.
 */
export type Dependence = 'here' | 'before' | 'after' | 'coupled'

export interface Dependences extends ReadonlyMap<NodeId, Dependence> {
  /** Classifies a node that was made later, of operands that are classified; gives it back. */
  include(id: NodeId): NodeId
}

/** Classifies `ids` (operands first). `chain`: the axis along which shifts by one are followed, if any. */
export function dependence(
  builder: GraphBuilder,
  ids: readonly NodeId[],
  state: NodeId,
  sites: readonly string[],
  chain?: string,
): Dependences {
  const found = new Map<NodeId, Dependence>([[state, 'here']])
  const include = (id: NodeId): NodeId => {
    const node = builder.node(id)
    const kinds = node.args.map((a) => found.get(a))
    if (id !== state && kinds.some((k) => k !== undefined)) found.set(id, classify(node, kinds, sites, chain))
    return id
  }
  for (const id of ids) include(id)
  return Object.assign(found, { include })
}

/** Elements of different sites meet where an operation works along a site axis; one step along a chain is followed. */
function classify(node: Node, kinds: readonly (Dependence | undefined)[], sites: readonly string[], chain: string | undefined): Dependence {
  const all = together(kinds)
  const { works } = structure(node)
  const meets = kinds.some((kind, k) => kind !== undefined && works(k).some((axis) => sites.includes(axis)))
  if (!meets || all === 'coupled') return all
  return node.op === 'shift' && node.axis === chain ? moved(all, node.by) : 'coupled'
}

function together(kinds: readonly (Dependence | undefined)[]): Dependence {
  if (kinds.includes('coupled')) return 'coupled'
  if (kinds.includes('before')) return kinds.includes('after') ? 'coupled' : 'before'
  return kinds.includes('after') ? 'after' : 'here'
}

/** What a shift by `by` makes of it: a site and the one after it are, one step later, a site and the one before it. */
function moved(kind: Dependence, by: number): Dependence {
  if (by === 1 && kind !== 'before') return 'before'
  if (by === -1 && kind !== 'after') return 'after'
  return 'coupled'
}
