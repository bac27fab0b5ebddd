import type { NodeId } from '../../ir/graph.ts'
import type { Formulas } from '../../ir/maths.ts'
import type { Limit } from '../parts/limits.ts'
import type { Tails } from '../parts/masses.ts'

/** It never comes: the density is 0 wherever one looks, since all of it lies beyond. */
export const beyond: Limit = {
  logDensity: (m) => m.k(Number.NEGATIVE_INFINITY),
  tails: (m) => ({ lower: m.k(Number.NEGATIVE_INFINITY), upper: m.k(0) }),
}

/** A count that is certain. */
export function certain(at: (m: Formulas, args: readonly NodeId[]) => NodeId): Limit {
  return {
    logDensity: (m, x, args) => m.where(m.equal(x, at(m, args)), m.k(0), m.k(Number.NEGATIVE_INFINITY)),
    tails: (m, x, args) => tailsAt(m, x, at(m, args)),
  }
}

/** The tails of a count that is certain to be `at`. */
export function tailsAt(m: Formulas, x: NodeId, at: NodeId): Tails {
  const [before, none, all] = [m.less(x, at), m.k(Number.NEGATIVE_INFINITY), m.k(0)]
  return { lower: m.where(before, none, all), upper: m.where(before, all, none) }
}

// Marked, so that a bundle without formulas leaves them out.
export const never = /* @__PURE__ */ certain((m) => m.k(0))
export const always = /* @__PURE__ */ certain((m) => m.k(1))
