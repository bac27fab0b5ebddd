import type { IntervalNodes, LogMasses } from '../../families/formulas/masses.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'

/**
 * `family(args) censored (a, b)`: a value at or below `a` says that X <= a, one at or above `b` that X >= b, and counts
 * with the log of that probability; between them the density stands. Of a truncated family, which keeps to `support`,
 * the probabilities are those of what is left of it. Minus infinity where `a` is not below `b`.
 */
export function censoring(
  m: Maths,
  logDensity: NodeId,
  x: NodeId,
  { lower, upper }: IntervalNodes,
  masses: LogMasses,
  support?: IntervalNodes,
): NodeId {
  const total = support === undefined ? m.k(0) : masses.between(support)
  const [below, above] = [m.less_equal(x, lower), m.less_equal(upper, x)]
  const share = (from: NodeId, to: NodeId): NodeId => m.sub(masses.between({ lower: from, upper: to }), total)
  const least = support === undefined ? share(m.k(-Infinity), lower) : share(support.lower, m.min(lower, support.upper))
  const most = support === undefined ? share(upper, m.k(Infinity)) : share(m.max(upper, support.lower), support.upper)
  const seen = m.where(below, least, m.where(above, most, logDensity))
  const possible = m.mul(m.less(lower, upper), m.less(m.k(-Infinity), total))
  return m.where(possible, seen, m.k(-Infinity))
}
