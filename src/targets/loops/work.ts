import type { Graph, Node, Op, Sizes } from '../../ir/graph.ts'
import { sizeOf, volumeOver } from '../../ir/layout.ts'
import { isElementwise } from '../../ir/scalar.ts'
import { rules } from './rules.ts'

/** Roughly how long a run takes, in additions: what each node costs at each position that it looks at. */
export function workOf(graph: Graph, sizes: Sizes): number {
  return graph.nodes.reduce((sum, node) => sum + workOfNode(node, sizes), 0)
}

/** What is read where it is needed. */
const free: ReadonlySet<Op> = new Set(['const', 'input', 'size', 'index', 'rename'])

function workOfNode(node: Node, sizes: Sizes): number {
  if (free.has(node.op)) return 0
  if (node.op === 'scan') return sizeOf(node.axis, sizes) * workOf(node.body, sizes)
  const cost = isElementwise(node.op) ? rules[node.op].cost : 1
  return cost * volumeOver([...node.axes, ...('over' in node ? node.over : [])], sizes)
}
