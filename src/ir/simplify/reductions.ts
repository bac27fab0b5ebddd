import { union, without } from '../builder.ts'
import { factorsOf } from '../factors.ts'
import type { NodeId } from '../graph.ts'
import { named, operand, type ReductionWrite, type Rewriter, type SimplifyRules } from './rewriter.ts'

/** Two reductions of one kind are one, unless the inner result is used elsewhere and would be worked out twice. */
const merged: ReductionWrite = (r, over, x, op) => {
  const inner = r.builder.node(x)
  if (inner.op !== op || !r.usedOnce(x) || !('over' in inner)) return undefined
  return r.reduce(op, union([over, inner.over]), operand(inner, 0))
}

/** The name of an axis does not matter to what removes it. */
const renamed: ReductionWrite = (r, over, x, op) => {
  const node = r.builder.node(x)
  if (!r.is(node, 'rename') || !over.includes(node.to)) return undefined
  return r.reduce(op, [...without(over, [node.to]), node.from], operand(node, 0))
}

const shiftedByFirst: ReductionWrite = (r, over, x, op) => {
  const [a, b] = r.match(x, 'add') ?? []
  return a !== undefined && b !== undefined && r.lacks(a, over) ? r.apply('add', a, r.reduce(op, over, b)) : undefined
}

const shiftedBySecond: ReductionWrite = (r, over, x, op) => {
  const [a, b] = r.match(x, 'add') ?? []
  return a !== undefined && b !== undefined && r.lacks(b, over) ? r.apply('add', b, r.reduce(op, over, a)) : undefined
}

const shiftedBack: ReductionWrite = (r, over, x, op) => {
  const [a, b] = r.match(x, 'sub') ?? []
  return a !== undefined && b !== undefined && r.lacks(b, over) ? r.apply('sub', r.reduce(op, over, a), b) : undefined
}

const shiftedFrom: ReductionWrite = (r, over, x, op) => {
  const [a, b] = r.match(x, 'sub') ?? []
  if (a === undefined || b === undefined || !r.lacks(a, over)) return undefined
  return r.apply('add', a, r.reduce(op, over, r.apply('neg', b)))
}

const ofAnyName = { 'f[b](x[a -> b]) = f[a](x)': renamed }

/** f is max, min or logsumexp; c does not vary over what is reduced. */
const extremes = {
  ...ofAnyName,
  'f(c + x) = c + f(x)': shiftedByFirst,
  'f(x + c) = c + f(x)': shiftedBySecond,
  'f(x - c) = f(x) - c': shiftedBack,
}

/** What to write instead of a reduction, whatever else its operand is used for; `over` are axes of the operand. */
export const separateReductionRules: SimplifyRules['reduction'] = {
  sum: named({
    'sum(-x) = -sum(x)': negated,
    ...ofAnyName,
    'sum[i, j](c a[i] b[j] / d) = c sum(a) sum(b) / d': separated,
    'sum(where(c, x, 0)) = where(c, sum(x), 0)': ofFirstBranch,
    'sum(where(c, 0, x)) = where(c, 0, sum(x))': ofSecondBranch,
    'sum[a](scatter[a = k](x)) = sum(x)': ofScatter,
  }),
  prod: named(ofAnyName),
  max_over: named(extremes),
  min_over: named(extremes),
  logsumexp: named({ ...extremes, 'f(c - x) = c + f(-x)': shiftedFrom }),
}

const inOneGo = named({ 'f(f(x)) = f(x)': merged })

/** Besides, what depends on the operand having no other use. */
export const reductionRules: SimplifyRules['reduction'] = {
  sum: [...inOneGo, ...separateReductionRules.sum],
  prod: [...inOneGo, ...separateReductionRules.prod],
  max_over: [...inOneGo, ...separateReductionRules.max_over],
  min_over: [...inOneGo, ...separateReductionRules.min_over],
  logsumexp: [...inOneGo, ...separateReductionRules.logsumexp],
}

function negated(r: Rewriter, over: readonly string[], x: NodeId): NodeId | undefined {
  const found = r.match(x, 'neg')
  return found === undefined ? undefined : r.apply('neg', r.sum(over, found[0]))
}

/**
 * Factors that share none of the axes summed over are summed apart, and what does not vary over them divides afterwards:
 * sum[i, j](c a[i] b[j] / d) = c sum[i](a) sum[j](b) / d.
 */
function separated(r: Rewriter, over: readonly string[], x: NodeId): NodeId | undefined {
  const { above, below } = fraction(r, over, x)
  const groups = connected(r, over, above)
  if (groups.length < 2 && below.length === 0) return undefined
  const sums = groups.map((g) => r.sum(g.axes, product(r, g.factors)))
  return below.reduce((y, d) => r.apply('div', y, d), product(r, sums))
}

/** A product as what stands above and below the line: below only what does not vary over `over`. Equal factors cancel. */
function fraction(r: Rewriter, over: readonly string[], x: NodeId): { above: readonly NodeId[]; below: readonly NodeId[] } {
  const above: NodeId[] = []
  const below: NodeId[] = []
  for (const f of factorsOf((id) => r.builder.node(id), x)) {
    const [a, b] = r.match(f, 'div') ?? []
    const divided = a !== undefined && b !== undefined && r.lacks(b, over)
    above.push(divided ? a : f)
    if (divided) below.push(b)
  }
  for (const d of [...below]) {
    if (above.length < 2 || !above.includes(d)) continue
    above.splice(above.indexOf(d), 1)
    below.splice(below.indexOf(d), 1)
  }
  return { above, below }
}

interface FactorGroup {
  readonly axes: readonly string[]
  readonly factors: readonly NodeId[]
}

/** Groups of factors that no axis of `over` joins; all those without any such axis are one group. */
function connected(r: Rewriter, over: readonly string[], factors: readonly NodeId[]): readonly FactorGroup[] {
  let groups: readonly FactorGroup[] = []
  for (const f of factors) {
    const axes = r.axes(f).filter((a) => over.includes(a))
    const joins = (g: FactorGroup): boolean => (axes.length === 0 ? g.axes.length === 0 : g.axes.some((a) => axes.includes(a)))
    const joined = groups.filter(joins)
    const group = { axes: union([axes, ...joined.map((g) => g.axes)]), factors: [...joined.flatMap((g) => g.factors), f] }
    groups = [...groups.filter((g) => !joins(g)), group]
  }
  return groups
}

function product(r: Rewriter, factors: readonly NodeId[]): NodeId {
  return factors.reduce((a, b) => r.apply('mul', a, b))
}

/** The choice does not vary over what is summed. */
function ofFirstBranch(r: Rewriter, over: readonly string[], x: NodeId): NodeId | undefined {
  const [c, a, b] = r.match(x, 'where') ?? []
  if (c === undefined || a === undefined || b === undefined || !r.lacks(c, over)) return undefined
  return r.value(b) === 0 ? r.apply('where', c, r.sum(over, a), b) : undefined
}

function ofSecondBranch(r: Rewriter, over: readonly string[], x: NodeId): NodeId | undefined {
  const [c, a, b] = r.match(x, 'where') ?? []
  if (c === undefined || a === undefined || b === undefined || !r.lacks(c, over)) return undefined
  return r.value(a) === 0 ? r.apply('where', c, a, r.sum(over, b)) : undefined
}

/** Everything scattered lands somewhere: summed over where it lands, it is summed over where it came from. */
function ofScatter(r: Rewriter, over: readonly string[], x: NodeId): NodeId | undefined {
  const node = r.builder.node(x)
  if (!r.is(node, 'scatter') || !over.includes(node.axis)) return undefined
  return r.sum(union([without(over, [node.axis]), node.over]), operand(node, 0))
}
