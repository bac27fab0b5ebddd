import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { isStructured, worksAlong } from '../../ir/structure.ts'

/** The same numbers with an axis under another name, written as near to the inputs as it can be, so that equal things become one node. */
export function renamedWithin(builder: GraphBuilder, id: NodeId, from: string, to: string): NodeId {
  const node = builder.node(id)
  if (!node.axes.includes(from) || from === to) return id
  const inner = node.args[0] ?? id
  if (node.op === 'rename' && node.to === from) return builder.rename(inner, node.from, to)
  if (node.op === 'rename' && node.from !== to) return builder.rename(renamedWithin(builder, inner, from, to), node.from, node.to)
  const isPlain = !isStructured(node.op) || (node.op === 'sum' && !worksAlong(node).includes(to))
  if (!isPlain) return builder.rename(id, from, to)
  return builder.like(node, node.args.map((a) => renamedWithin(builder, a, from, to))) // biome-ignore format: one thought
}
