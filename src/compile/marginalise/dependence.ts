import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId } from '../../ir/graph.ts'
import { structure } from '../../ir/structure.ts'

/**
 * How a node depends on a discrete state over the site axes S:
 * - `here`: its element at a site depends on the state at that site alone;
 * - `chain`: at that site and at the one before it along one ordered axis;
 * - `coupled`: in any other way.
 * Nodes that do not depend on it are not in the map.
 */
export type Dependence = 'here' | 'chain' | 'coupled'

/** Classifies `ids` (operands first). `chain`: the axis along which a shift by one is followed, if any. */
export function dependence(
  builder: GraphBuilder,
  ids: readonly NodeId[],
  state: NodeId,
  sites: readonly string[],
  chain?: string,
): ReadonlyMap<NodeId, Dependence> {
  const found = new Map<NodeId, Dependence>([[state, 'here']])
  for (const id of ids) {
    if (id === state) continue
    const node = builder.node(id)
    const kinds = node.args.map((a) => found.get(a))
    if (kinds.every((k) => k === undefined)) continue
    found.set(id, classify(node, kinds, sites, chain))
  }
  return found
}

/** Elements of different sites meet where an operation works along a site axis; one step along a chain is followed. */
function classify(node: Node, kinds: readonly (Dependence | undefined)[], sites: readonly string[], chain: string | undefined): Dependence {
  if (kinds.includes('coupled')) return 'coupled'
  const worst = kinds.includes('chain') ? 'chain' : 'here'
  const { works } = structure(node)
  const meets = kinds.some((kind, k) => kind !== undefined && works(k).some((axis) => sites.includes(axis)))
  if (!meets) return worst
  const steps = node.op === 'shift' && node.axis === chain && node.by === 1
  return steps && worst === 'here' ? 'chain' : 'coupled'
}
