import { must } from '../base/internal-error.ts'
import type { Node, NodeId } from './graph.ts'

export interface FactorOptions {
  /** Longer products are not looked into, so that long chains stay cheap to look at. */
  readonly most?: number
  /** Whether a square counts as its operand twice. */
  readonly squares?: boolean
  /** Products that stay whole. */
  readonly whole?: (id: NodeId, node: Node) => boolean
}

/** What a node is the product of, left to right; the node itself if it is no product. A sum of such is a contraction. */
export function factorsOf(
  nodeOf: (id: NodeId) => Node,
  id: NodeId,
  { most = 16, squares = false, whole = () => false }: FactorOptions = {},
): readonly NodeId[] {
  const factors: NodeId[] = []
  const todo = [id]
  while (todo.length > 0) {
    const next = must(todo.pop(), 'factor')
    const node = nodeOf(next)
    const opens = node.op === 'mul' || (squares && node.op === 'square')
    if (!opens || factors.length + todo.length + 2 > most || whole(next, node)) factors.push(next)
    else todo.push(...(node.op === 'square' ? [...node.args, ...node.args] : node.args.toReversed()))
  }
  return factors
}
