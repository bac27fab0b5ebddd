import { pow } from '../base/special/pow.ts'
import type { NodeId } from './graph.ts'
import type { Maths } from './maths.ts'

/**
 * Sparse probabilities along an axis and their potentials. With r = max(z - t, 0): entmax is r^(1/(alpha - 1)) of z = (alpha - 1) x,
 * t being the threshold at which that adds up to 1 (Peters, Niculae and Martins 2019, Sparse sequence-to-sequence models,
 * equation 10); normmax is proportional to it, with the threshold of x for r^(alpha/(alpha - 1)), which is its potential
 * (Santos, Niculae, McNamee and Martins 2024, Sparse and structured Hopfield networks).
 */

/** The t at which sum max(z - t, 0)^q is 1, by bisection: between the largest less 1, where the sum is at least 1, and the largest. */
export function thresholdAt(zs: readonly number[], q: number): number {
  const top = zs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (!Number.isFinite(top)) return top
  if (!(q >= 1)) return Number.NaN
  let [low, high] = [-1, 0]
  for (;;) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) return top + low
    const sum = zs.reduce((s, z) => (z - top > middle ? s + pow(z - top - middle, q) : s), 0)
    if (sum >= 1) low = middle
    else high = middle
  }
}

/** As `graph.ts` says. With t' = (t + 1/alpha)/(alpha - 1) it is t' + sum r^(alpha/(alpha - 1)) / alpha, least at that t'. */
export function entmaxPotentialAt(xs: readonly number[], alpha: number): number {
  if (!(alpha > 1 && alpha <= 2)) return Number.NaN
  const scaled = xs.map((x) => (alpha - 1) * x)
  const t = thresholdAt(scaled, 1 / (alpha - 1))
  if (!Number.isFinite(t)) return t
  return (t + 1 / alpha) / (alpha - 1) + scaled.reduce((s, z) => (z > t ? s + pow(z - t, alpha / (alpha - 1)) : s), 0) / alpha
}

/** max(z - t, 0)^e, and 0 (not 1) at 0 where e is 0. */
export function excess(m: Maths, z: NodeId, t: NodeId, e: NodeId): NodeId {
  const rest = m.sub(z, t)
  const some = m.less(m.k(0), rest)
  return m.where(some, m.pow(m.where(some, rest, m.k(1)), e), m.k(0))
}

/** The probabilities whose potential is `entmax_potential`. */
export function entmax(m: Maths, x: NodeId, alpha: NodeId, axis: string): NodeId {
  const less = m.sub(alpha, m.k(1))
  const z = m.mul(less, x)
  const q = m.reciprocal(less)
  return excess(m, z, m.builder.threshold(z, q, axis), q)
}

/** The probabilities whose potential is the threshold of x for the power alpha / (alpha - 1). */
export function normmax(m: Maths, x: NodeId, alpha: NodeId, axis: string): NodeId {
  const part = excess(m, x, normmaxPotential(m, x, alpha, axis), m.reciprocal(m.sub(alpha, m.k(1))))
  return m.div(part, m.sum([axis], part))
}

export function normmaxPotential(m: Maths, x: NodeId, alpha: NodeId, axis: string): NodeId {
  return m.builder.threshold(x, m.div(alpha, m.sub(alpha, m.k(1))), axis)
}

/** So many halvings of where the threshold may be, and so many of Newton's steps on the norm of what exceeds it, from below. */
const HALVINGS = 6
const NEWTON = 6

/**
 * The threshold in operations of every executor. The norm (sum max(z - t, 0)^q)^(1/q) is convex and falls with t, so Newton's
 * steps from where it is at least 1 stay there, and the last ones are exact once no z lies between.
 */
export function thresholdByRounds(m: Maths, z: NodeId, q: NodeId, axis: string): NodeId {
  const highest = m.builder.reduce('max_over', [axis], z)
  const finite = m.less(m.abs(highest), m.k(Number.POSITIVE_INFINITY))
  const top = m.where(finite, highest, m.k(0))
  const y = m.sub(z, top)
  const sum = (t: NodeId): NodeId => m.sum([axis], excess(m, y, t, q))
  let low = m.k(-1)
  for (let k = 1; k <= HALVINGS; k += 1) {
    const middle = m.add(low, m.k(pow(2, -k)))
    low = m.where(m.less_equal(m.k(1), sum(middle)), middle, low)
  }
  const before = m.sub(q, m.k(1))
  for (let k = 0; k < NEWTON; k += 1) {
    const s = sum(low)
    const gain = m.sub(s, m.pow(s, m.div(before, q)))
    low = m.add(low, m.div(gain, m.sum([axis], excess(m, y, low, before))))
  }
  return m.where(finite, m.add(top, low), highest)
}

/** The potential in operations of every executor. */
export function entmaxPotentialByRounds(m: Maths, x: NodeId, alpha: NodeId, axis: string): NodeId {
  const less = m.sub(alpha, m.k(1))
  const z = m.mul(less, x)
  const t = thresholdByRounds(m, z, m.reciprocal(less), axis)
  const some = m.less(m.abs(t), m.k(Number.POSITIVE_INFINITY))
  const rest = m.sum([axis], excess(m, z, t, m.div(alpha, less)))
  return m.where(some, m.add(m.div(m.add(t, m.reciprocal(alpha)), less), m.div(rest, alpha)), t)
}
