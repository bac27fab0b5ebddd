import type { IntervalNodes, LogMasses } from '../../families/formulas/masses.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'

/** `family(args) in (a, b)`: log p(x) - log P(a <= X <= b) inside, minus infinity outside and where nothing lies inside. */
export function truncation(m: Maths, logDensity: NodeId, x: NodeId, ends: IntervalNodes, masses: LogMasses): NodeId {
  const inside = m.mul(m.less_equal(ends.lower, x), m.less_equal(x, ends.upper))
  const mass = masses.between(ends)
  return m.where(m.mul(inside, m.less(m.k(-Infinity), mass)), m.sub(logDensity, mass), m.k(-Infinity))
}
