import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import type { FamilyRule } from './rule.ts'
import { type FamilyName, signatures } from './tables/signatures.ts'

/** The two ends of an interval, both of them in it. */
export interface Ends {
  readonly lower: NodeId
  readonly upper: NodeId
}

/** Logs of probabilities of a family, as graphs. */
export interface Masses {
  /** log P(lower <= X <= upper); minus infinity where the ends are not in order. */
  between(ends: Ends): NodeId
}

/** Undefined for a family without tails. */
export function massesOf(m: Maths, family: FamilyName, { tails, logMass }: FamilyRule, args: readonly NodeId[]): Masses | undefined {
  if (tails !== undefined) return tailMasses(m, (x) => tails(m, x, args), isWhole(family))
  return logMass && { between: ({ lower, upper }) => logMass(m, lower, upper, args) }
}

/** Whether a family is one of whole numbers. */
export function isWhole(family: FamilyName): boolean {
  const { support } = signatures[family]
  return support === 'count' || support === 'bit'
}

interface Tails {
  readonly lower: NodeId
  readonly upper: NodeId
}

/**
 * The difference of two tails is taken on the side where it is small, so an interval far out in a tail keeps its digits.
 * Of counts, an interval is that of the whole numbers in it.
 */
function tailMasses(m: Maths, tails: (x: NodeId) => Tails, whole: boolean): Masses {
  const below = (x: NodeId): Tails => (whole ? atFinite(m, x, (y) => tails(m.sub(m.ceil(y), m.k(1)))) : atFinite(m, x, tails))
  const upTo = (x: NodeId): Tails => (whole ? atFinite(m, x, (y) => tails(m.floor(y))) : atFinite(m, x, tails))
  return {
    between({ lower, upper }) {
      const [fromStart, toEnd] = [isConstant(m, lower, -Infinity), isConstant(m, upper, Infinity)]
      if (fromStart && toEnd) return m.k(0)
      if (fromStart) return upTo(upper).lower
      if (toEnd) return below(lower).upper
      return difference(m, below(lower), upTo(upper))
    },
  }
}

/** Tails at an end that may turn out to be infinite when it is given. */
function atFinite(m: Maths, x: NodeId, tails: (x: NodeId) => Tails): Tails {
  if (m.builder.node(x).op === 'const') return tails(x)
  const finite = m.less(m.abs(x), m.k(Infinity))
  const { lower, upper } = tails(m.where(finite, x, m.k(0)))
  const [none, all] = [m.k(-Infinity), m.k(0)]
  const high = m.less(m.k(0), x)
  return { lower: m.where(finite, lower, m.where(high, all, none)), upper: m.where(finite, upper, m.where(high, none, all)) }
}

/** log(P(X <= b) - P(X < a)), from the upper tails when `a` lies above the median. */
function difference(m: Maths, a: Tails, b: Tails): NodeId {
  const high = m.less(a.upper, a.lower)
  const large = m.where(high, a.upper, b.lower)
  const small = m.where(high, b.upper, a.lower)
  const some = m.less(small, large)
  const gap = m.where(some, m.sub(small, m.where(some, large, m.k(0))), m.k(-1))
  return m.where(some, m.add(large, m.log(m.neg(m.expm1(gap)))), m.k(-Infinity))
}

function isConstant(m: Maths, id: NodeId, value: number): boolean {
  const node = m.builder.node(id)
  if (node.op === 'const') return node.value === value
  return node.op === 'neg' && isConstant(m, node.args[0] as NodeId, -value)
}
