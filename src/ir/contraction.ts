import { must } from '../base/internal-error.ts'
import type { Graph, Node, NodeId } from './graph.ts'

/** A sum over named axes of a product: `sum[over](factors[0] * factors[1] * ...)`. A square counts twice. */
export interface Contraction {
  readonly over: readonly string[]
  readonly factors: readonly NodeId[]
}

/** The node as a contraction of two factors or more; undefined if it is none. */
export function contractionOf(graph: Graph, id: NodeId): Contraction | undefined {
  const nodeOf = (of: NodeId): Node => must(graph.nodes[of], `node ${of}`)
  const node = nodeOf(id)
  if (node.op !== 'sum' || !('over' in node)) return undefined
  const factors = factorsOf(nodeOf, must(node.args[0], 'operand of sum')).flatMap((f) => {
    const factor = nodeOf(f)
    return factor.op === 'square' ? [...factor.args, ...factor.args] : [f]
  })
  return factors.length < 2 ? undefined : { over: node.over, factors }
}

/** Longer products than this are not looked into, so that long chains stay cheap to look at. */
const MOST_FACTORS = 16

/** What a node is the product of, left to right; the node itself if it is no product. */
export function factorsOf(nodeOf: (id: NodeId) => Node, id: NodeId): readonly NodeId[] {
  const factors: NodeId[] = []
  const todo = [id]
  while (todo.length > 0) {
    const next = must(todo.pop(), 'factor')
    const node = nodeOf(next)
    if (node.op === 'mul' && factors.length + todo.length < MOST_FACTORS - 1) todo.push(...node.args.toReversed())
    else factors.push(next)
  }
  return factors
}
