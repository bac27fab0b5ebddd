import type { NodeId } from '../../ir/graph.ts'
import type { Formulas } from '../../ir/maths.ts'
import type { Masses, Tails } from '../parts/masses.ts'
import { isWhole, type Support } from '../parts/support.ts'

/** The two ends of an interval, both of them in it. */
export interface IntervalNodes {
  readonly lower: NodeId
  readonly upper: NodeId
}

/** Logs of probabilities of a family, as graphs. */
export interface LogMasses {
  /** log P(lower <= X <= upper); minus infinity where the ends are not in order. */
  between(ends: IntervalNodes): NodeId
}

export function massesOf(m: Formulas, support: Support, masses: Masses, args: readonly NodeId[]): LogMasses {
  if ('tails' in masses) return tailMasses(m, (x) => masses.tails(m, x, args), isWhole(support))
  return { between: ({ lower, upper }) => masses.between(m, lower, upper, args) }
}

/**
 * The difference of two tails is taken on the side where it is small, so an interval far out in a tail keeps its digits.
 * Of counts, an interval is that of the whole numbers in it.
 */
function tailMasses(m: Formulas, tails: (x: NodeId) => Tails, whole: boolean): LogMasses {
  const below = (x: NodeId): Tails => (whole ? atFinite(m, x, (y) => tails(m.sub(m.ceil(y), m.k(1)))) : atFinite(m, x, tails))
  const upTo = (x: NodeId): Tails => (whole ? atFinite(m, x, (y) => tails(m.floor(y))) : atFinite(m, x, tails))
  return {
    between({ lower, upper }) {
      const [fromStart, toEnd] = [m.known(lower) === -Infinity, m.known(upper) === Infinity]
      if (fromStart && toEnd) return m.k(0)
      if (fromStart) return upTo(upper).lower
      if (toEnd) return below(lower).upper
      return difference(m, below(lower), upTo(upper))
    },
  }
}

/** Tails at an end that may turn out to be infinite when it is given. */
function atFinite(m: Formulas, x: NodeId, tails: (x: NodeId) => Tails): Tails {
  if (m.known(x) !== undefined) return tails(x)
  const finite = m.less(m.abs(x), m.k(Infinity))
  const { lower, upper } = tails(m.where(finite, x, m.k(0)))
  const [none, all] = [m.k(-Infinity), m.k(0)]
  const high = m.less(m.k(0), x)
  return { lower: m.where(finite, lower, m.where(high, all, none)), upper: m.where(finite, upper, m.where(high, none, all)) }
}

/** log(P(X <= b) - P(X < a)), from the upper tails when `a` lies above the median. */
function difference(m: Formulas, a: Tails, b: Tails): NodeId {
  const high = m.less(a.upper, a.lower)
  const large = m.where(high, a.upper, b.lower)
  const small = m.where(high, b.upper, a.lower)
  const some = m.less(small, large)
  const gap = m.where(some, m.sub(small, m.where(some, large, m.k(0))), m.k(-1))
  return m.where(some, m.add(large, m.log(m.neg(m.expm1(gap)))), m.k(-Infinity))
}
