import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from './builder.ts'
import type { Graph, NodeId } from './graph.ts'
import { partSimplifications, simplify } from './simplify.ts'

/** Nodes of the same builder with the values of `roots`, simplified; `leaves` are not looked into. */
export function simplifiedWithin(builder: GraphBuilder, roots: readonly NodeId[], leaves: readonly NodeId[]): readonly NodeId[] {
  const graph = simplify(cutAt(builder, roots, leaves), {}, partSimplifications)
  const ids = include(builder, graph, (p) => (p.name.startsWith(LEAF) ? leaves[Number(p.name.slice(LEAF.length))] : undefined))
  return graph.outputs.map((o) => must(ids[o.node], 'root'))
}

/** Names that no input of the builder has: they hold a line break. */
const LEAF = '\nleaf '

/** The graph of `roots` with `leaves` as inputs. */
function cutAt(builder: GraphBuilder, roots: readonly NodeId[], leaves: readonly NodeId[]): Graph {
  const copy = new GraphBuilder()
  const places = new Map(leaves.map((id, k) => [id, k]))
  const ids = new Map<NodeId, NodeId>()
  for (const id of reachable(builder, roots, places)) {
    const node = builder.node(id)
    const place = places.get(id)
    if (place !== undefined) ids.set(id, copy.input(`${LEAF}${place}`, node.axes))
    else if (node.op === 'input') ids.set(id, copy.input(node.name, builder.port(node.name).axes))
    else {
      const args = node.args.map((a) => must(ids.get(a), 'operand'))
      ids.set(id, copy.like(node, args))
    }
  }
  roots.forEach((id, k) => {
    copy.output(String(k), must(ids.get(id), 'root'))
  })
  return copy.finish()
}

/** What the roots are made of, operands first. */
function reachable(builder: GraphBuilder, roots: readonly NodeId[], leaves: ReadonlyMap<NodeId, number>): readonly NodeId[] {
  const reached = new Set(roots)
  for (const id of reached) if (!leaves.has(id)) for (const a of builder.node(id).args) reached.add(a)
  return [...reached].sort((a, b) => a - b)
}
