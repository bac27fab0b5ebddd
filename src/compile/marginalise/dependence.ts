import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId } from '../../ir/graph.ts'

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

function classify(node: Node, kinds: readonly (Dependence | undefined)[], sites: readonly string[], chain: string | undefined): Dependence {
  if (kinds.includes('coupled')) return 'coupled'
  const worst = kinds.includes('chain') ? 'chain' : 'here'
  switch (node.op) {
    case 'sum':
    case 'prod':
    case 'max_over':
    case 'min_over':
    case 'logsumexp':
      return node.over.some((a) => sites.includes(a)) ? 'coupled' : worst
    case 'scatter':
      return node.over.some((a) => sites.includes(a)) || sites.includes(node.axis) ? 'coupled' : worst
    case 'pick':
      // Only the picked operand can lose a site; an index that depends on the state keeps all of them.
      return kinds[0] !== undefined && sites.includes(node.axis) ? 'coupled' : worst
    case 'rename':
      return sites.includes(node.from) || sites.includes(node.to) ? 'coupled' : worst
    case 'shift':
      if (!sites.includes(node.axis)) return worst
      return node.axis === chain && node.by === 1 && worst === 'here' ? 'chain' : 'coupled'
    case 'cholesky':
    case 'solve_lower':
      return sites.includes(node.rows) || sites.includes(node.columns) ? 'coupled' : worst
    case 'cumsum':
    case 'scan':
      return sites.includes(node.axis) ? 'coupled' : worst
    default:
      return worst
  }
}
