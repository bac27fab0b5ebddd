import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'

/** Which of some variables a node depends on. */
export type Reads = (id: NodeId) => ReadonlySet<string>

const nothing: ReadonlySet<string> = new Set()

/** One walk over all nodes. A node that reads no more than one of its operands shares that one's set. */
export function readsOf(builder: GraphBuilder, names: ReadonlySet<string>): Reads {
  const found: ReadonlySet<string>[] = []
  for (let id = 0; id < builder.length; id += 1) {
    const node = builder.node(id)
    found.push(
      node.op === 'input' && names.has(node.name)
        ? new Set([node.name])
        : node.args.reduce((all, a) => joined(all, found[a] ?? nothing), nothing),
    )
  }
  return (id) => found[id] ?? nothing
}

function joined(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  if (holdsAll(a, b)) return a
  return holdsAll(b, a) ? b : new Set([...a, ...b])
}

/** Whether all of `some` are in `set`. */
export function holdsAll(set: ReadonlySet<string>, some: ReadonlySet<string>): boolean {
  if (set === some) return true
  if (some.size > set.size) return false
  for (const name of some) if (!set.has(name)) return false
  return true
}
