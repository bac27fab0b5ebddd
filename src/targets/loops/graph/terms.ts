import { must } from '../../../base/internal-error.ts'
import type { Graph, NodeId } from '../../../ir/graph.ts'

/** A sum: how often each node is added. */
export type Terms = ReadonlyMap<NodeId, number>

/** Longer sums are not taken apart further. */
const MOST = 12

/** A node as a sum of others, through additions, subtractions and signs: the same sum may be written in several ways. */
export function terms(graph: Graph, id: NodeId): Terms {
  const sum = new Map<NodeId, number>()
  const todo: (readonly [NodeId, number])[] = [[id, 1]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [at, sign] = next
    const { op, args } = must(graph.nodes[at], 'term')
    const [a, b] = args as readonly [NodeId, NodeId]
    const open = sum.size + todo.length < MOST
    if (open && op === 'neg') todo.push([a, -sign])
    else if (open && op === 'add') todo.push([a, sign], [b, sign])
    else if (open && op === 'sub') todo.push([a, sign], [b, -sign])
    else sum.set(at, (sum.get(at) ?? 0) + sign)
  }
  return new Map([...sum].filter(([, times]) => times !== 0))
}

export function without(sum: Terms, id: NodeId): Terms {
  return new Map([...sum].filter(([term]) => term !== id))
}

export function equalTerms(a: Terms, b: Terms): boolean {
  return a.size === b.size && [...a].every(([term, times]) => b.get(term) === times)
}
