import type { GraphBuilder } from '../ir/builder.ts'
import type { NodeId, Op } from '../ir/graph.ts'
import { reachable } from '../ir/walk.ts'
import { kindOf } from '../middle/kinds.ts'
import type { ValueType } from '../middle/model.ts'

/** Operations whose values are whole numbers, whatever they are of. */
const always: ReadonlySet<Op> = new Set<Op>(['size', 'index', 'floor', 'ceil', 'round', 'sign', 'less', 'less_equal', 'equal'])

/** Operations whose values are whole where all their operands are. */
const kept: ReadonlySet<Op> = new Set<Op>(
  ['neg', 'square', 'abs', 'add', 'sub', 'mul', 'min', 'max', 'where', 'sum', 'max_over', 'min_over', 'pick', 'rename', 'shift', 'cumsum'], // biome-ignore format: a list
)

/** Whether a node's values are whole numbers by the types of what it is made of. */
export function isWholeNode(builder: GraphBuilder, root: NodeId, typeOf: (name: string) => ValueType | undefined): boolean {
  const whole = new Map<NodeId, boolean>()
  for (const id of reachable(builder, [root])) {
    const node = builder.node(id)
    if (node.op === 'const') whole.set(id, Number.isInteger(node.value))
    else if (node.op === 'input') whole.set(id, isWhole(typeOf(node.name)))
    else whole.set(id, always.has(node.op) || (kept.has(node.op) && node.args.every((a) => whole.get(a) === true)))
  }
  return whole.get(root) === true
}

function isWhole(type: ValueType | undefined): boolean {
  return type !== undefined && kindOf(type).discrete
}
