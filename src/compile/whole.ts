import type { GraphBuilder } from '../ir/builder.ts'
import { type Facts, factsOf } from '../ir/facts.ts'
import type { NodeId } from '../ir/graph.ts'
import { reachable } from '../ir/walk.ts'
import { kindOf } from '../middle/kinds.ts'
import type { ValueType } from '../middle/model.ts'

const wholeFrom: { readonly [W in Facts['whole']]: (operands: boolean) => boolean } = {
  always: () => true,
  kept: (operands) => operands,
  never: () => false,
}

/** Whether a node's values are whole numbers by the types of what it is made of. */
export function isWholeNode(builder: GraphBuilder, root: NodeId, typeOf: (name: string) => ValueType | undefined): boolean {
  const whole = new Map<NodeId, boolean>()
  for (const id of reachable(builder, [root])) {
    const node = builder.node(id)
    if (node.op === 'const') whole.set(id, Number.isInteger(node.value))
    else if (node.op === 'input') whole.set(id, isWhole(typeOf(node.name)))
    else whole.set(id, wholeFrom[factsOf(node.op).whole](node.args.every((a) => whole.get(a) === true)))
  }
  return whole.get(root) === true
}

function isWhole(type: ValueType | undefined): boolean {
  return type !== undefined && kindOf(type).discrete
}
