import { without } from '../builder.ts'
import type { NodeId, NodeOf } from '../graph.ts'
import { named, operand, type Rewriter, type SimplifyRules, type StructureWrite } from './rewriter.ts'

/** What to write instead of a structured operation. */
export const structureRules: SimplifyRules['structure'] = {
  const: [],
  input: [],
  size: [],
  index: [],
  rename: named<StructureWrite<NodeOf<'rename'>>>({
    'x[a -> b][b -> c] = x[a -> c]': (r, node, [x = 0]) => {
      const inner = r.builder.node(x)
      const twice = r.is(inner, 'rename') && inner.to === node.from
      return twice ? r.builder.rename(operand(inner, 0), inner.from, node.to) : undefined
    },
    'index(a)[a -> b] = index(b)': (r, node, [x = 0]) => (counts(r, x, node.from) ? r.builder.index(node.to) : undefined),
    '(-x)[a -> b] = -(x[a -> b])': (r, node, [x = 0]) => negated(r, x, (y) => r.builder.rename(y, node.from, node.to)),
  }),
  pick: named<StructureWrite<NodeOf<'pick'>>>({
    'index(a)[a = k] = k': (r, node, [x = 0, index]) => (counts(r, x, node.axis) ? index : undefined),
    'x[a -> b][b = k] = x[a = k]': (r, node, [x = 0, index = 0]) => {
      const inner = r.builder.node(x)
      const called = r.is(inner, 'rename') && inner.to === node.axis
      return called ? r.builder.pick(operand(inner, 0), inner.from, index) : undefined
    },
    'scatter[a = k](x)[a = k] = x': (r, node, [x = 0, index]) => {
      const inner = r.builder.node(x)
      const put = r.is(inner, 'scatter') && inner.axis === node.axis && inner.over.length === 0 && inner.args[1] === index
      return put ? operand(inner, 0) : undefined
    },
    'x[a = index(a)] = x': (r, node, [x, index = 0], sizes) => (indexed(r, index, node.axis, sizes) === node.axis ? x : undefined),
    'x[a = index(b)] = x[a -> b]': (r, node, [x = 0, index = 0], sizes) => {
      const along = indexed(r, index, node.axis, sizes)
      return along !== undefined && !r.axes(x).includes(along) ? r.builder.rename(x, node.axis, along) : undefined
    },
    '(-x)[a = k] = -(x[a = k])': (r, node, [x = 0, index = 0]) => negated(r, x, (y) => r.builder.pick(y, node.axis, index)),
  }),
  scatter: named<StructureWrite<NodeOf<'scatter'>>>({
    'scatter(0) = 0': (r, _node, [g = 0]) => (r.value(g) === 0 ? g : undefined),
    'scatter[a = index(b)](x) = x[b -> a]': (r, node, [g = 0, index = 0], sizes) => {
      const along = indexed(r, index, node.axis, sizes)
      if (along === undefined || !node.over.includes(along)) return undefined
      if (along !== node.axis && r.axes(g).includes(node.axis)) return undefined
      return r.builder.rename(r.sum(without(node.over, [along]), g), along, node.axis)
    },
    'scatter(-x) = -scatter(x)': (r, node, [g = 0, index = 0]) => negated(r, g, (y) => r.builder.scatter(y, node.axis, index, node.over)),
  }),
  shift: named<StructureWrite<NodeOf<'shift'>>>({
    'shift(-x) = -shift(x)': (r, node, [x = 0]) => negated(r, x, (y) => r.builder.shift(y, node.axis, node.by)),
  }),
  cumsum: named<StructureWrite<NodeOf<'cumsum'>>>({
    'cumsum(-x) = -cumsum(x)': (r, node, [x = 0]) => negated(r, x, (y) => r.builder.cumsum(y, node.axis, node.reverse)),
  }),
  scan: [],
  cholesky: [],
  cholesky_gradient: [],
  threshold: [],
  entmax_potential: [],
  solve_lower: [],
}

/** Whether `x` is the index of `axis`: it may be that of another, of something that turned out not to vary along this one. */
function counts(r: Rewriter, x: NodeId, axis: string): boolean {
  const node = r.builder.node(x)
  return r.is(node, 'index') && node.axis === axis
}

/** The axis whose elements `index` counts, if it counts all those of `axis`. */
function indexed(r: Rewriter, index: NodeId, axis: string, sizes: Readonly<Record<string, number>>): string | undefined {
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
