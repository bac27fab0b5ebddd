import type { NodeId } from '../graph.ts'
import type { Rewriter } from './rewriter.ts'

/** How far into a product or quotient to look for a factor. */
const DEEPEST = 4

/** id / by, where `by` is a factor above the line of `id`: (a x / c) / a = x / c, also out of a square. */
export function divided(r: Rewriter, id: NodeId, by: NodeId): NodeId | undefined {
  const factor = (x: NodeId): NodeId | undefined => {
    if (x === by) return r.k(1)
    return r.match(x, 'square')?.[0] === by ? by : undefined
  }
  return factor(id) ?? inside(r, id, factor)
}

/** id * by, where `by` is a factor below the line of `id`: (x / a / c) * a = x / c, also out of a square. */
export function multiplied(r: Rewriter, id: NodeId, by: NodeId): NodeId | undefined {
  const factor = (x: NodeId): NodeId | undefined => {
    const [above, below] = r.match(x, 'div') ?? []
    if (above === undefined || below === undefined) return undefined
    if (below === by) return above
    return r.match(below, 'square')?.[0] === by ? r.apply('div', above, by) : undefined
  }
  return factor(id) ?? inside(r, id, factor)
}

/** `id` with one of its factors above the line changed, the first that `change` has something else for. */
export function inside(r: Rewriter, id: NodeId, change: (factor: NodeId) => NodeId | undefined, depth = DEEPEST): NodeId | undefined {
  if (depth === 0) return undefined
  const { op, args } = r.builder.node(id)
  if (op !== 'mul' && op !== 'div' && op !== 'neg') return undefined
  const [a, b] = args
  const changed = (x: NodeId | undefined): NodeId | undefined =>
    x === undefined ? undefined : (change(x) ?? inside(r, x, change, depth - 1))
  const first = changed(a)
  if (first !== undefined) return b === undefined ? r.apply(op, first) : r.apply(op, first, b)
  const second = op === 'mul' ? changed(b) : undefined
  return a === undefined || second === undefined ? undefined : r.apply(op, a, second)
}
