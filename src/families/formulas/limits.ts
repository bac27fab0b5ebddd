import type { NodeId } from '../../ir/graph.ts'
import type { Formulas } from '../../ir/maths.ts'
import type { Density } from '../parts/density.ts'
import type { Limit, Limits } from '../parts/limits.ts'
import type { Masses, Tails } from '../parts/masses.ts'
import type { Parameter } from '../parts/signature.ts'
import { insideOf } from './legal.ts'

/**
 * The density at the ends of its parameters too, those of `parameters` (in their places; undefined for arguments that are
 * surely not there). Where a row of limits says what it is at an end, its formula sees a number inside instead.
 */
export function densityAtEnds(density: Density, limits: Limits | undefined, parameters: readonly (Parameter | undefined)[]): Density {
  const rows = rowsOf(limits, parameters)
  if (rows.length === 0) return density
  return {
    ...density,
    logDensity: (m, x, args, context) =>
      chosen(
        rows,
        m,
        args,
        (a) => density.logDensity(m, x, a, context),
        (at, limit, value) => m.where(at, limit, value),
        (limit, a) => limit.logDensity(m, x, a, context),
      ),
  }
}

/** The same of masses. Where a limit says nothing of tails, the formula has them. */
export function massesAtEnds(masses: Masses, limits: Limits | undefined, parameters: readonly (Parameter | undefined)[]): Masses {
  const rows = rowsOf(limits, parameters)
  if (rows.length === 0 || !('tails' in masses)) return masses
  return {
    tails: (m, x, args) =>
      chosen<Tails>(
        rows,
        m,
        args,
        (a) => masses.tails(m, x, a),
        (at, limit, value) => ({ lower: m.where(at, limit.lower, value.lower), upper: m.where(at, limit.upper, value.upper) }),
        (limit, a) => limit.tails?.(m, x, a) ?? masses.tails(m, x, a),
      ),
  }
}

/** An end of a parameter, and what the family is there. */
interface EndLimit {
  readonly i: number
  readonly parameter: Parameter
  readonly at: number
  readonly limit: Limit
}

function rowsOf(limits: Limits | undefined, parameters: readonly (Parameter | undefined)[]): readonly EndLimit[] {
  return parameters.flatMap((parameter, i) => {
    const { low, high } = limits?.[i] ?? {}
    if (parameter === undefined) return []
    return [
      ...(low === undefined ? [] : [{ i, parameter, at: parameter.ends.low, limit: low }]),
      ...(high === undefined ? [] : [{ i, parameter, at: parameter.ends.high, limit: high }]),
    ]
  })
}

function chosen<T>(
  rows: readonly EndLimit[],
  m: Formulas,
  args: readonly NodeId[],
  formula: (args: readonly NodeId[]) => T,
  choose: (isAt: NodeId, limit: T, value: T) => T,
  of: (limit: Limit, args: readonly NodeId[]) => T,
): T {
  const isAt = rows.map(({ i, at }) => m.equal(args[i] as NodeId, m.k(at)))
  const safe = args.map((a, i) =>
    rows.reduce((value, row, k) => (row.i === i ? m.where(isAt[k] as NodeId, m.k(insideOf(row.parameter)), value) : value), a),
  )
  // A limit sees its own parameter as it is: that says how it is come to.
  const seen = (i: number): readonly NodeId[] => safe.map((a, j) => (j === i ? (args[i] as NodeId) : a))
  return rows.reduce((value, { i, limit }, k) => choose(isAt[k] as NodeId, of(limit, seen(i)), value), formula(safe))
}
