import { without } from '../builder.ts'
import type { Node, NodeId, NodeOf, Sizes, StructuralOp } from '../graph.ts'
import { operand, type Rewriter } from './rewriter.ts'

type Rule<N extends Node> = (r: Rewriter, node: N, args: readonly NodeId[], sizes: Sizes) => NodeId | undefined
type StructureRules = { readonly [K in StructuralOp]?: Rule<NodeOf<K>> }

/** What to write instead of a structured operation; `sizes`: those that are known. */
const rules: StructureRules = {
  rename: (r, node, [x = 0]) => {
    const inner = r.builder.node(x)
    if (r.is(inner, 'rename') && inner.to === node.from) return r.builder.rename(operand(inner, 0), inner.from, node.to)
    if (r.is(inner, 'index')) return r.builder.index(node.to)
    return negated(r, x, (y) => r.builder.rename(y, node.from, node.to))
  },
  pick: (r, node, [x = 0, index = 0], sizes) => {
    const inner = r.builder.node(x)
    if (r.is(inner, 'index')) return index
    if (r.is(inner, 'rename') && inner.to === node.axis) return r.builder.pick(operand(inner, 0), inner.from, index)
    const put = r.is(inner, 'scatter') && inner.axis === node.axis && inner.over.length === 0 && inner.args[1] === index
    if (put) return operand(inner, 0)
    const along = indexed(r, index, node.axis, sizes)
    if (along === node.axis) return x
    if (along !== undefined && !r.axes(x).includes(along)) return r.builder.rename(x, node.axis, along)
    return negated(r, x, (y) => r.builder.pick(y, node.axis, index))
  },
  scatter: (r, node, [g = 0, index = 0], sizes) => {
    if (r.value(g) === 0) return g
    const along = indexed(r, index, node.axis, sizes)
    const whole = along !== undefined && node.over.includes(along)
    if (whole && (along === node.axis || !r.axes(g).includes(node.axis))) {
      return r.builder.rename(r.sum(without(node.over, [along]), g), along, node.axis)
    }
    return negated(r, g, (y) => r.builder.scatter(y, node.axis, index, node.over))
  },
  shift: (r, node, [x = 0]) => negated(r, x, (y) => r.builder.shift(y, node.axis, node.by)),
  cumsum: (r, node, [x = 0]) => negated(r, x, (y) => r.builder.cumsum(y, node.axis, node.reverse)),
}

export function structural(r: Rewriter, node: Node, args: readonly NodeId[], sizes: Sizes): NodeId | undefined {
  if (!(node.op in rules)) return undefined
  const rule = rules[node.op as keyof StructureRules] as Rule<Node>
  const found = rule(r, node, args, sizes)
  if (found !== undefined) r.fired += 1
  return found
}

/** The axis whose elements `index` counts, if it counts all those of `axis`. */
function indexed(r: Rewriter, index: NodeId, axis: string, sizes: Sizes): string | undefined {
  const node = r.builder.node(index)
  if (!r.is(node, 'index')) return undefined
  const same = node.axis === axis || (sizes[axis] !== undefined && sizes[axis] === sizes[node.axis])
  return same ? node.axis : undefined
}

/** A sign comes out of what only moves numbers about or adds them. */
function negated(r: Rewriter, x: NodeId, then: (y: NodeId) => NodeId): NodeId | undefined {
  const found = r.match(x, 'neg')
  return found === undefined ? undefined : r.apply('neg', then(found[0]))
}
