import type { DensityTerm, Typed } from '../../dsl/model.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { FamilyRule } from '../families/rule.ts'
import { type Context, type Lowered, refuse } from './context.ts'

/**
 * `family(args) in (a, b)`: log p(x) - log P(a < X < b) inside, minus infinity outside. The difference of two tails is
 * taken on the side where it is small, so a range far out in a tail keeps its digits.
 */
export function truncation(
  c: Context,
  term: DensityTerm,
  rule: FamilyRule,
  logDensity: NodeId,
  x: NodeId,
  args: readonly NodeId[],
  lower: (e: Typed) => Lowered,
): NodeId {
  const { m } = c
  const { range } = term
  if (range === undefined) return logDensity
  if (rule.tails === undefined) {
    return refuse(c, term.span, `"${term.family}" has no closed-form tails here, so it cannot be truncated yet.`).node
  }
  const tails = (at: NodeId) => rule.tails?.(m, at, args) ?? { lower: m.k(0), upper: m.k(0) }
  const [a, b] = [lower(range.lower).node, lower(range.upper).node]
  const [below, above] = [isConstant(c, a, -Infinity), isConstant(c, b, Infinity)]
  const inside = m.mul(m.less_equal(a, x), m.less_equal(x, b))
  const mass = (): NodeId => {
    if (below && above) return m.k(0)
    if (below) return tails(b).lower
    if (above) return tails(a).upper
    return between(c, tails(a), tails(b))
  }
  return m.where(inside, m.sub(logDensity, mass()), m.k(-Infinity))
}

interface Tails {
  readonly lower: NodeId
  readonly upper: NodeId
}

/** log(P(X <= b) - P(X <= a)), from the upper tails when `a` lies above the median. */
function between({ m }: Context, a: Tails, b: Tails): NodeId {
  const high = m.less(a.upper, a.lower)
  const large = m.where(high, a.upper, b.lower)
  const small = m.where(high, b.upper, a.lower)
  return m.add(large, m.log(m.neg(m.expm1(m.sub(small, large)))))
}

function isConstant(c: Context, id: NodeId, value: number): boolean {
  const node = c.builder.node(id)
  if (node.op === 'const') return node.value === value
  return node.op === 'neg' && isConstant(c, node.args[0] as NodeId, -value)
}
