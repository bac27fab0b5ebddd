import type { NodeId } from '../../ir/graph.ts'
import type { Formulas } from '../../ir/maths.ts'
import type { FamilyContext } from '../parts/density.ts'
import type { Tails } from '../parts/masses.ts'
import { guarded, isBetween, isCount, isCountUpTo, tailsOfCounts } from './guards.ts'

export const one = (m: Formulas): NodeId => m.k(1)

/** 0 or 1. */
function isBit(m: Formulas, x: NodeId): NodeId {
  return m.mul(isBetween(m, m.k(0), x, one(m)), m.equal(x, m.floor(x)))
}

export function guardedBit(m: Formulas, context: FamilyContext, x: NodeId, formula: (x: NodeId) => NodeId): NodeId {
  return guarded(m, context, x, isBit(m, x), m.k(0), formula)
}

export function guardedCount(m: Formulas, context: FamilyContext, x: NodeId, formula: (x: NodeId) => NodeId): NodeId {
  return guarded(m, context, x, isCount(m, x), m.k(0), formula)
}

/** The number of trials bounds x, and no type knows it: always guarded. */
export function guardedTrials(m: Formulas, x: NodeId, n: NodeId, formula: (x: NodeId) => NodeId): NodeId {
  return guarded(m, { over: [], inside: false }, x, isCountUpTo(m, x, n), m.k(0), formula)
}

/** Counts without a largest. */
export const forever = (m: Formulas): NodeId => m.k(Number.POSITIVE_INFINITY)

/** P(X <= k) = I(n - k, k + 1) at 1 - theta (DLMF 8.17.5). */
export function binomialTails(m: Formulas, k: NodeId, n: NodeId, logOdds: NodeId): Tails {
  return tailsOfCounts(m, k, n, (y) => {
    const [more, upTo] = [m.max(m.sub(n, y), one(m)), m.add(y, one(m))]
    return { lower: m.log_beta_i(more, upTo, m.neg(logOdds)), upper: m.log_beta_i(upTo, more, logOdds) }
  })
}

/** P(X <= k) = Q(k + 1, rate) (DLMF 8.4.10). */
export function poissonTails(m: Formulas, k: NodeId, rate: NodeId): Tails {
  return tailsOfCounts(m, k, forever(m), (y) => {
    const shape = m.add(y, one(m))
    return { lower: m.log_gamma_q(shape, rate), upper: m.log_gamma_p(shape, rate) }
  })
}
