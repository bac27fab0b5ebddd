import type { Span } from '../../base/source.ts'
import { parts, type Typed, type TypedNode } from '../../middle/model.ts'

/** A checked expression over `axes` (in any order; kept sorted). */
export function typed(node: TypedNode, axes: Iterable<string>, span: Span, element?: string): Typed {
  const sorted = [...new Set(axes)].sort()
  return { ...node, axes: sorted, span, ...(element === undefined ? {} : { element }) }
}

export function number(value: number, span: Span): Typed {
  return typed({ kind: 'number', value }, [], span)
}

export function union(parts: readonly Typed[]): readonly string[] {
  return [...new Set(parts.flatMap((p) => p.axes))].sort()
}

export function without(axes: readonly string[], removed: readonly string[]): readonly string[] {
  return axes.filter((a) => !removed.includes(a))
}

/** Every node below `roots`, each once however often it is shared; `lets` opens the uses of `let`s. */
export function* nodesWithin(roots: readonly Typed[], lets: ReadonlyMap<string, Typed | undefined>): Generator<Typed> {
  const seen = new Set<Typed>()
  const opened = new Set<string>()
  const stack = [...roots]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    yield node
    for (const part of parts(node)) stack.push(part)
    if (node.kind !== 'let' || opened.has(node.name)) continue
    opened.add(node.name)
    const value = lets.get(node.name)
    if (value !== undefined) stack.push(value)
  }
}
