import type { ParameterKind } from '../../dsl/families.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'

/**
 * Numbers that must be above 0 are taken for 0 below the smallest number with all its digits: their reciprocals and the
 * derivatives of their logarithms would be infinite.
 */
export const TINY = 2.2250738585072014e-308

interface Domain {
  readonly holds: (m: Maths, a: NodeId) => NodeId
  /** A value inside, which formulas see in place of one that is not. */
  readonly inside: number
}

const positive: Domain = { holds: (m, a) => m.mul(m.less_equal(m.k(TINY), a), m.less(a, m.k(Infinity))), inside: 1 }
const share: Domain = { holds: (m, a) => m.mul(m.less_equal(m.k(0), a), m.less_equal(a, m.k(1))), inside: 0.5 }
const count: Domain = { holds: (m, a) => m.mul(positiveOrZero(m, a), m.equal(a, m.floor(a))), inside: 0 }

/** Where the elements of each kind of parameter must lie; covariances are looked at when they are factored. */
const domains: { readonly [K in ParameterKind]?: Domain } = {
  positive,
  positive_vector: positive,
  probability: share,
  simplex: share,
  count,
}

function positiveOrZero(m: Maths, a: NodeId): NodeId {
  return m.mul(m.less_equal(m.k(0), a), m.less(a, m.k(Infinity)))
}

/**
 * A log density that is minus infinity where an argument is outside its domain, with gradients 0 there: to a sampler a
 * rejected proposal. `kinds` of the arguments that nothing else keeps inside; undefined for those that are safe.
 * `formula` sees legal arguments only. `axes`: those of the result.
 */
export function whereLegal(
  m: Maths,
  args: readonly NodeId[],
  kinds: readonly (ParameterKind | undefined)[],
  axes: readonly string[],
  formula: (args: readonly NodeId[]) => NodeId,
): NodeId {
  const conditions: NodeId[] = []
  const legal = args.map((a, i) => {
    const kind = kinds[i]
    const domain = kind === undefined ? undefined : domains[kind]
    if (domain === undefined) return a
    const holds = domain.holds(m, a)
    const own = m.builder.axes(a).filter((axis) => !axes.includes(axis))
    conditions.push(own.length === 0 ? holds : m.builder.reduce('min_over', own, holds))
    return m.where(holds, a, m.k(domain.inside))
  })
  const value = formula(legal)
  return conditions.length === 0 ? value : m.where(m.times(...conditions), value, m.k(Number.NEGATIVE_INFINITY))
}
