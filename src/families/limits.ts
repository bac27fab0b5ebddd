import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import type { Tails } from './guards.ts'
import { insideOf, type Parameter } from './legal.ts'
import type { FamilyContext, FamilyRule } from './rule.ts'

/** What a family is where a parameter is at one of its ends, if its formulas do not say it themselves. */
export interface Limit {
  logDensity(m: Maths, x: NodeId, args: readonly NodeId[], context: FamilyContext): NodeId
  tails?(m: Maths, x: NodeId, args: readonly NodeId[]): Tails
}

/** By the place of a parameter. */
export type Limits = Readonly<Record<number, { readonly low?: Limit; readonly high?: Limit }>>

/** It never comes: the density is 0 wherever one looks, since all of it lies beyond. */
export const beyond: Limit = {
  logDensity: (m) => m.k(Number.NEGATIVE_INFINITY),
  tails: (m) => ({ lower: m.k(Number.NEGATIVE_INFINITY), upper: m.k(0) }),
}

/** A count that is certain. */
export function certain(at: (m: Maths, args: readonly NodeId[]) => NodeId): Limit {
  return {
    logDensity: (m, x, args) => m.where(m.equal(x, at(m, args)), m.k(0), m.k(Number.NEGATIVE_INFINITY)),
    tails: (m, x, args) => {
      const [before, none, all] = [m.less(x, at(m, args)), m.k(Number.NEGATIVE_INFINITY), m.k(0)]
      return { lower: m.where(before, none, all), upper: m.where(before, all, none) }
    },
  }
}

/**
 * The rule at the ends of its parameters too, those of `parameters` (in their places; undefined for arguments that are
 * surely not there). Where a row of limits says what it is at an end, its formulas see a number inside instead.
 */
export function withLimits(rule: FamilyRule, parameters: readonly (Parameter | undefined)[]): FamilyRule {
  const { limits, tails } = rule
  const rows = parameters.flatMap((parameter, i) => {
    const { low, high } = limits?.[i] ?? {}
    if (parameter === undefined) return []
    return [
      ...(low === undefined ? [] : [{ i, parameter, at: parameter.ends.low, limit: low }]),
      ...(high === undefined ? [] : [{ i, parameter, at: parameter.ends.high, limit: high }]),
    ]
  })
  if (rows.length === 0) return rule
  const chosen = <T>(
    m: Maths,
    args: readonly NodeId[],
    formula: (args: readonly NodeId[]) => T,
    choose: Choose<T>,
    of: (l: Limit, a: readonly NodeId[]) => T,
  ): T => {
    const isAt = rows.map(({ i, at }) => m.equal(args[i] as NodeId, m.k(at)))
    const safe = args.map((a, i) =>
      rows.reduce((value, row, k) => (row.i === i ? m.where(isAt[k] as NodeId, m.k(insideOf(row.parameter)), value) : value), a),
    )
    // A limit sees its own parameter as it is: that says how it is come to.
    const seen = (i: number): readonly NodeId[] => safe.map((a, j) => (j === i ? (args[i] as NodeId) : a))
    return rows.reduce((value, { i, limit }, k) => choose(isAt[k] as NodeId, of(limit, seen(i)), value), formula(safe))
  }
  return {
    ...rule,
    logDensity: (m, x, args, context) =>
      chosen(
        m,
        args,
        (a) => rule.logDensity(m, x, a, context),
        (at, limit, value) => m.where(at, limit, value),
        (limit, a) => limit.logDensity(m, x, a, context),
      ),
    ...(tails && {
      tails: (m: Maths, x: NodeId, args: readonly NodeId[]) =>
        chosen<Tails>(
          m,
          args,
          (a) => tails(m, x, a),
          (at, limit, value) => ({ lower: m.where(at, limit.lower, value.lower), upper: m.where(at, limit.upper, value.upper) }),
          (limit, a) => limit.tails?.(m, x, a) ?? tails(m, x, a),
        ),
    }),
  }
}

type Choose<T> = (isAt: NodeId, limit: T, value: T) => T
