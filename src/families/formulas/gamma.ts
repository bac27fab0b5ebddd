import type { NodeId } from '../../ir/graph.ts'
import type { Formulas } from '../../ir/maths.ts'
import type { FamilyContext } from '../parts/density.ts'
import type { Tails } from '../parts/masses.ts'
import { guarded, isNonnegative, tailsAbove, xlogy } from './guards.ts'
import { stirlingRest } from './stirling.ts'

/**
 * log(beta) + (alpha - 1) log(r) - r - lgamma(alpha) for r = beta x. Near the mode (alpha - 1) log(u) - a (u - 1) for
 * u = r / a and a = alpha + 1: no large parts cancel, and the rounding of u counts as its distance from the mode does.
 */
export function gammaLogDensity(m: Formulas, x: NodeId, alpha: NodeId, beta: NodeId, context: FamilyContext): NodeId {
  // At 0 the density is 0, beta or infinite, by alpha: the open end is kept so that alpha = 1 is the exponential.
  return guarded(m, context, x, isNonnegative(m, x), m.k(1), (y) => {
    const [shape, a] = [m.sub(alpha, m.k(1)), m.add(alpha, m.k(1))]
    const r = m.mul(beta, y)
    const { near, u } = nearby(m, m.div(r, a))
    const shift = m.where(near, m.k(0), m.sub(m.log(beta), m.log(a)))
    const power = m.add(xlogy(m, shape, m.where(near, u, y)), m.mul(shape, shift))
    const kernel = m.sub(power, m.where(near, m.mul(a, m.sub(u, m.k(1))), m.sub(r, a)))
    // lgamma(alpha) = lgamma(a) - log(alpha), of which (a - 1/2) log(a) - a is in the kernel.
    const rest = m.add(m.mul(m.k(1.5), m.log(a)), stirlingRest(m, a))
    return m.add(m.sub(m.add(m.log(beta), m.log(alpha)), rest), kernel)
  })
}

/** Whether a ratio is within a factor of 2 of 1, and if so the ratio: bounds keep infinities out where it is not. */
export function nearby(m: Formulas, ratio: NodeId): { readonly near: NodeId; readonly u: NodeId } {
  const [low, high] = [m.k(0.5), m.k(2)]
  return { near: m.mul(m.less(low, ratio), m.less(ratio, high)), u: m.max(low, m.min(ratio, high)) }
}

export function gammaTails(m: Formulas, x: NodeId, alpha: NodeId, rate: NodeId): Tails {
  return tailsAbove(m, m.k(0), x, (y) => {
    const scaled = m.mul(rate, y)
    return { lower: m.log_gamma_p(alpha, scaled), upper: m.log_gamma_q(alpha, scaled) }
  })
}

/** The log density of gamma(alpha, beta) at x > 0, as it is written in books: a sum of what parameters and x bring. */
export function gammaKernel(m: Formulas, x: NodeId, alpha: NodeId, beta: NodeId): NodeId {
  const ofShape = m.sub(m.mul(alpha, m.log(beta)), m.lgamma(alpha))
  return m.add(ofShape, m.sub(m.mul(m.sub(alpha, m.k(1)), m.log(x)), m.mul(beta, x)))
}
