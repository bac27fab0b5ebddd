import { type Interval, isNonnegative, isPositive } from '../../base/interval.ts'
import { exp } from '../../base/special/exponential.ts'
import type { NodeId, UnaryOp } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'

/** How a function of one number bends. */
export interface Shape {
  /** On the range that its argument keeps to. */
  readonly bend: 'convex' | 'concave' | 'neither'
  /** Bounds of the second derivative, where finite. */
  readonly least?: number
  readonly most?: number
  /** The first derivative at x, given y = f(x); needed for the bounds of f of something that is not linear. */
  readonly slope?: (m: Maths, x: NodeId, y: NodeId) => NodeId
}

const bothWays = (bound: number): Shape => ({ bend: 'neither', least: -bound, most: bound })

/** Largest second derivatives, at the stationary points of the second derivative. */
const TANH = 4 / (3 * Math.sqrt(3))
const SIGMOID = 1 / (6 * Math.sqrt(3))
const ERF = (4 / Math.sqrt(2 * Math.PI)) * exp(-0.5)
const ATAN = (3 * Math.sqrt(3)) / 8

/** Functions that are not here (tan, floor, sign, ...) have no bound that is known. */
export const shapes: Partial<Record<UnaryOp, Shape | ((argument: Interval) => Shape | undefined)>> = {
  exp: { bend: 'convex', least: 0, slope: (_m, _x, y) => y },
  expm1: { bend: 'convex', least: 0, slope: (m, x) => m.exp(x) },
  log: { bend: 'concave', most: 0, slope: (m, x) => m.reciprocal(x) },
  log1p: { bend: 'concave', most: 0, slope: (m, x) => m.reciprocal(m.add(m.k(1), x)) },
  sqrt: { bend: 'concave', most: 0, slope: (m, _x, y) => m.div(m.k(0.5), y) },
  square: { bend: 'convex', least: 2, most: 2, slope: (m, x) => m.mul(m.k(2), x) },
  abs: { bend: 'convex', least: 0, slope: (m, x) => m.sign(x) },
  sin: bothWays(1),
  cos: bothWays(1),
  tanh: bothWays(TANH),
  sigmoid: bothWays(SIGMOID),
  erf: bothWays(ERF),
  erfc: bothWays(ERF),
  atan: bothWays(ATAN),
  cosh: { bend: 'convex', least: 1, slope: (m, x) => m.sinh(x) },
  softplus: { bend: 'convex', least: 0, most: 0.25, slope: (m, x) => m.sigmoid(x) },
  logcosh: { bend: 'convex', least: 0, most: 1, slope: (m, x) => m.tanh(x) },
  // The second derivative of log Phi lies in (-1, 0), and log erfc(x) = log 2 + log Phi(-x sqrt 2).
  log_erfc: { bend: 'concave', least: -2, most: 0 },
  lgamma: (r) => (isPositive(r) ? { bend: 'convex', least: 0, slope: (m, x) => m.digamma(x) } : undefined),
  digamma: (r) => (isPositive(r) ? { bend: 'concave', most: 0, slope: (m, x) => m.trigamma(x) } : undefined),
}

/** x to a constant power, for x >= 0 unless the power is an even whole number. */
export function powerShape(power: number, argument: Interval): Shape | undefined {
  const slope = (m: Maths, x: NodeId): NodeId => m.mul(m.k(power), m.pow(x, m.k(power - 1)))
  const even = power > 0 && power % 2 === 0
  if (even || (power >= 1 && isNonnegative(argument)) || (power < 0 && isPositive(argument))) return { bend: 'convex', least: 0, slope }
  return power > 0 && power < 1 ? { bend: 'concave', most: 0, slope } : undefined
}

/** 1 / x for x > 0. */
export function reciprocalShape(argument: Interval): Shape | undefined {
  if (!isPositive(argument)) return undefined
  return { bend: 'convex', least: 0, slope: (m, x) => m.neg(m.reciprocal(m.square(x))) }
}
