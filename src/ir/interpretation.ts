import { must } from '../base/internal-error.ts'
import type { GraphBuilder } from './builder.ts'
import type { Node, NodeId } from './graph.ts'

/** What `rule` makes of a node and of what it made of the operands; every node is looked at once, when it is asked for. */
export function interpretation<T>(builder: GraphBuilder, rule: (node: Node, args: readonly T[], id: NodeId) => T): (id: NodeId) => T {
  const known = new Map<NodeId, T>()
  return (of) => {
    const waiting = [of]
    for (let id = waiting.at(-1); id !== undefined; id = waiting.at(-1)) {
      const { args } = builder.node(id)
      const unknown = known.has(id) ? [] : args.filter((a) => !known.has(a))
      waiting.push(...unknown)
      if (unknown.length > 0) continue
      waiting.pop()
      if (!known.has(id))
        known.set(
          id,
          rule(
            builder.node(id),
            args.map((a) => known.get(a) as T),
            id,
          ),
        )
    }
    return must(known.get(of), 'what was made of a node')
  }
}
