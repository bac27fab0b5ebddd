import { must } from '../base/internal-error.ts'
import type { GraphBuilder } from './builder.ts'
import type { NodeId } from './graph.ts'

/** Everything `roots` are made of, themselves included, operands first. */
export function reachable(builder: GraphBuilder, roots: readonly NodeId[]): readonly NodeId[] {
  const reached = new Set(roots)
  for (const id of reached) for (const a of builder.node(id).args) reached.add(a)
  return [...reached].sort((a, b) => a - b)
}

/** The nodes of `ids` (operands first) that depend on one of `leaves`, themselves included. */
export function dependents(builder: GraphBuilder, ids: readonly NodeId[], leaves: ReadonlySet<NodeId>): ReadonlySet<NodeId> {
  const found = new Set<NodeId>()
  for (const id of ids) if (leaves.has(id) || builder.node(id).args.some((a) => found.has(a))) found.add(id)
  return found
}

/** `roots` with the nodes of `replacement` exchanged; everything else is rebuilt only where it must. */
export function replaced(builder: GraphBuilder, roots: readonly NodeId[], replacement: ReadonlyMap<NodeId, NodeId>): readonly NodeId[] {
  const done = new Map(replacement)
  for (const id of reachable(builder, roots)) {
    if (done.has(id)) continue
    const node = builder.node(id)
    const args = node.args.map((a) => must(done.get(a), 'operand'))
    done.set(id, args.every((a, i) => a === node.args[i]) ? id : builder.like(node, args))
  }
  return roots.map((id) => must(done.get(id), 'root'))
}

/** What is built of a node, its operands first; `done` keeps what is known. With a stack of its own: sums of many terms are deep. */
export function builtOf<T>(root: NodeId, done: Map<NodeId, T>, operands: (id: NodeId) => readonly NodeId[], build: (id: NodeId) => T): T {
  const stack = [root]
  for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
    const below = done.has(id) ? [] : operands(id).filter((a) => !done.has(a))
    if (below.length > 0) {
      stack.push(...below)
      continue
    }
    if (!done.has(id)) done.set(id, build(id))
    stack.pop()
  }
  return done.get(root) as T
}
