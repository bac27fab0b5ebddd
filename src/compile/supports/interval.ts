import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { type BoundNodes, elementwise, type Mapped, type Transform } from './transform.ts'

function logit(m: Maths, below: NodeId, above: NodeId): NodeId {
  return m.sub(m.log(below), m.log(above))
}

/** log of sigmoid(y) (1 - sigmoid(y)). */
function logSlope(m: Maths, y: NodeId): NodeId {
  return m.neg(m.add(m.mul(m.k(2), m.logcosh(m.mul(m.k(0.5), y))), m.k(2 * Math.LN2)))
}

function between(m: Maths, lower: NodeId, upper: NodeId, y: NodeId): Mapped {
  const width = m.sub(upper, lower)
  // Rounding of lower + width may lie above upper by one digit.
  const value = m.min(m.add(lower, m.mul(width, m.sigmoid(y))), upper)
  return { value, logJacobian: m.add(m.log(width), logSlope(m, y)) }
}

/** A bound written as infinity is none. */
function finite(m: Maths, { lower, upper }: BoundNodes): BoundNodes {
  const bounds = (bound: NodeId): boolean => {
    const node = m.builder.node(bound)
    return node.op === 'neg' ? bounds(node.args[0] as NodeId) : node.op !== 'const' || Number.isFinite(node.value)
  }
  return { ...(lower !== undefined && bounds(lower) ? { lower } : {}), ...(upper !== undefined && bounds(upper) ? { upper } : {}) }
}

function forward(m: Maths, y: NodeId, { lower, upper }: BoundNodes): Mapped {
  if (lower !== undefined && upper !== undefined) return between(m, lower, upper, y)
  if (lower !== undefined) return { value: m.add(lower, m.exp(y)), logJacobian: y }
  if (upper !== undefined) return { value: m.sub(upper, m.exp(y)), logJacobian: y }
  return { value: y, logJacobian: m.k(0) }
}

function inverse(m: Maths, x: NodeId, { lower, upper }: BoundNodes): NodeId {
  if (lower !== undefined && upper !== undefined) return logit(m, m.sub(x, lower), m.sub(upper, x))
  if (lower !== undefined) return m.log(m.sub(x, lower))
  if (upper !== undefined) return m.log(m.sub(upper, x))
  return x
}

export const real: Transform<'real'> = {
  ...elementwise,
  source: 'Stan reference manual, lower, upper, and lower and upper bounded scalars',
  forward: (m, _type, y, bounds) => forward(m, y, finite(m, bounds)),
  inverse: (m, _type, x, bounds) => inverse(m, x, finite(m, bounds)),
}

const exponential = {
  ...elementwise,
  source: 'Stan reference manual, lower bounded scalar with bound 0',
  forward: (m: Maths, _type: unknown, y: NodeId): Mapped => ({ value: m.exp(y), logJacobian: y }),
  inverse: (m: Maths, _type: unknown, x: NodeId) => m.log(x),
}

export const positive: Transform<'positive'> = exponential

/** Zero itself has no coordinate; it has no mass either. */
export const nonnegative: Transform<'nonnegative'> = exponential

export const probability: Transform<'probability'> = {
  ...elementwise,
  source: 'Stan reference manual, lower and upper bounded scalar with bounds 0 and 1',
  forward: (m, _type, y) => ({ value: m.sigmoid(y), logJacobian: logSlope(m, y) }),
  inverse: (m, _type, x) => m.sub(m.log(x), m.log1p(m.neg(x))),
  entropy: {
    parts: (m, _type, x) => [m.xlogy(x, x), m.xlogy(m.sub(m.k(1), x), m.sub(m.k(1), x))],
    coordinates: (_m, _type, logits) => logits,
    // The second derivative of h is 1 / (x (1 - x)).
    strength: 4,
  },
}
