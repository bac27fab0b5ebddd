import { must } from '../../../base/internal-error.ts'
import type { Graph, Node, Sizes } from '../../../ir/graph.ts'
import { canSeparate } from './written-out.ts'

/** Axes of at most this many elements are written out, if that does not make more than so many nodes more. */
const NARROW = 3
const MOST_NODES = 800

/** The axes of `graph` that are worth writing out element by element, with their sizes. */
export function narrowAxes(graph: Graph, sizes: Sizes): ReadonlyMap<string, number> {
  const chosen = new Map<string, number>()
  let nodes = graph.nodes.length
  for (const axis of new Set(graph.nodes.flatMap((n) => n.axes))) {
    const size = Object.hasOwn(sizes, axis) ? (sizes[axis] as number) : Number.POSITIVE_INFINITY
    const more = (size - 1) * countAlong(graph, axis)
    if (size < 1 || size > NARROW || nodes + more > MOST_NODES || !graph.nodes.every((n) => separable(graph, n, axis))) continue
    chosen.set(axis, size)
    nodes += more
  }
  return chosen
}

/** How many nodes vary along an axis. */
function countAlong(graph: Graph, axis: string): number {
  return graph.nodes.reduce((sum, n) => sum + (n.axes.includes(axis) ? 1 : 0) + ('body' in n ? countAlong(n.body, axis) : 0), 0)
}

/** Whether one element along an axis needs only single elements of the operands. */
function separable(graph: Graph, node: Node, axis: string): boolean {
  if ('body' in node) return node.axis !== axis && node.body.nodes.every((n) => separable(node.body, n, axis))
  return canSeparate(node.op) || ![node, ...node.args.map((a) => must(graph.nodes[a], 'operand'))].some((n) => n.axes.includes(axis))
}
