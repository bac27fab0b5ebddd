import type { NodeId } from '../../ir/graph.ts'
import type { Formulas } from '../../ir/maths.ts'
import type { FamilyContext } from '../parts/density.ts'
import type { Tails } from '../parts/masses.ts'
import { TINY } from './legal.ts'

/**
 * `formula(x)` where `inside(x)` holds, minus infinity elsewhere. The formula sees `safe` in place of an outside x, so
 * that neither its value nor its gradient there is NaN. Without a guard where the type of x already stays inside.
 */
export function guarded(
  m: Formulas,
  context: FamilyContext,
  x: NodeId,
  inside: NodeId,
  safe: NodeId,
  formula: (x: NodeId) => NodeId,
): NodeId {
  if (context.inside === true) return formula(x)
  return m.where(inside, formula(m.where(inside, x, safe)), m.k(Number.NEGATIVE_INFINITY))
}

/** 0 < x < infinity, and x no smaller than any number with all its digits. */
export function isPositive(m: Formulas, x: NodeId): NodeId {
  return m.mul(m.less_equal(m.k(TINY), x), m.less(x, m.k(Number.POSITIVE_INFINITY)))
}

/** 0 <= x < infinity. */
export function isNonnegative(m: Formulas, x: NodeId): NodeId {
  return m.mul(m.less_equal(m.k(0), x), m.less(x, m.k(Number.POSITIVE_INFINITY)))
}

/** lower <= x <= upper. */
export function isBetween(m: Formulas, lower: NodeId, x: NodeId, upper: NodeId): NodeId {
  return m.mul(m.less_equal(lower, x), m.less_equal(x, upper))
}

/** 0, 1, 2, ... up to the last whole number that float64 tells from its neighbours. */
export function isCount(m: Formulas, x: NodeId): NodeId {
  return m.mul(isBetween(m, m.k(0), x, m.k(0x20_0000_0000_0000)), m.equal(x, m.floor(x)))
}

/** 0, 1, ..., n. */
export function isCountUpTo(m: Formulas, x: NodeId, n: NodeId): NodeId {
  return m.mul(isBetween(m, m.k(0), x, n), m.equal(x, m.floor(x)))
}

/** a log(x), which is 0 where a and x are both 0; its gradients there are 0 too. */
export function xlogy(m: Formulas, a: NodeId, x: NodeId): NodeId {
  const both = m.mul(m.equal(a, m.k(0)), m.equal(x, m.k(0)))
  return m.mul(a, m.log(m.where(both, m.k(1), x)))
}

/** a log(1 - x), which is 0 where a is 0 and x is 1. */
export function xlog1my(m: Formulas, a: NodeId, x: NodeId): NodeId {
  const both = m.mul(m.equal(a, m.k(0)), m.equal(x, m.k(1)))
  return m.mul(a, m.log1p(m.neg(m.where(both, m.k(0), x))))
}

/** log of n choose x, for real n: -log((n + 1) B(x + 1, n - x + 1)). */
export function logChoose(m: Formulas, n: NodeId, x: NodeId): NodeId {
  const one = m.k(1)
  return m.neg(m.add(m.log_beta(m.add(x, one), m.add(m.sub(n, x), one)), m.log(m.add(n, one))))
}

/** `formula(x)` above `start`, where the support begins; at and below it all mass lies above, whatever the parameters. */
export function tailsAbove(m: Formulas, start: NodeId, x: NodeId, formula: (x: NodeId) => Tails): Tails {
  const inside = m.less(start, x)
  const { lower, upper } = formula(m.where(inside, x, m.add(start, m.k(1))))
  return { lower: m.where(inside, lower, m.k(Number.NEGATIVE_INFINITY)), upper: m.where(inside, upper, m.k(0)) }
}

/**
 * Both tails at whole numbers k from 0 to below `end`, where the formula is used; below 0 nothing lies below, and from
 * `end` on (the largest count there is) nothing lies above.
 */
export function tailsOfCounts(m: Formulas, k: NodeId, end: NodeId, formula: (k: NodeId) => Tails): Tails {
  const [zero, none] = [m.k(0), m.k(Number.NEGATIVE_INFINITY)]
  const [before, after] = [m.less(k, zero), m.less_equal(end, k)]
  const inside = m.mul(m.less_equal(zero, k), m.less(k, end))
  const { lower, upper } = formula(m.where(inside, k, zero))
  return {
    lower: m.where(inside, lower, m.where(before, none, zero)),
    upper: m.where(inside, upper, m.where(after, none, zero)),
  }
}

/** Both tails from the log of the upper one. */
export function tailsFromUpper(m: Formulas, upper: NodeId): Tails {
  return { lower: m.log(m.neg(m.expm1(upper))), upper }
}
