import { cosh, tanh } from './hyperbolic.ts'
import { hypot } from './hypot.ts'
import { squared } from './pow.ts'

/** The mean length of a unit vector in d dimensions under von Mises and Fisher, and the variances that follow from it. */
export interface MeanLength {
  /** A = I(d/2, kappa) / I(d/2 - 1, kappa) */
  readonly length: number
  /** A / kappa, the variance of each coordinate across the mean direction; 1 / d at kappa = 0. */
  readonly across: number
  /** A' = 1 - A^2 - (d - 1) A / kappa, the variance along the mean direction. */
  readonly along: number
}

/** I_order(x) / I_(order - 1)(x), for order >= 1/2 and x >= 0: from 0 at 0 up to 1. */
export function besselRatio(x: number, order: number): number {
  if (!(order >= 0.5) || !(x >= 0)) return Number.NaN
  if (x === Number.POSITIVE_INFINITY) return order === x ? Number.NaN : 1
  return order === Number.POSITIVE_INFINITY ? 0 : meanLength(2 * order, x).length
}

/** For d >= 1 and kappa >= 0 (Mardia and Jupp 2000, 9.3.3). */
export function meanLength(d: number, kappa: number): MeanLength {
  if (d === 1) {
    const length = tanh(kappa)
    return { length, across: kappa === 0 ? 1 : length / kappa, along: 1 / squared(cosh(kappa)) }
  }
  // There the terms of the expansion fall below 1e-17 before they grow; elsewhere the difference keeps d digits in 1e16.
  return kappa > 4 * d * d + 60 ? farLength(d, kappa) : nearLength(d, kappa)
}

/** q(v) = I(v + 1) / (x I(v)) = 1 / (2 (v + 1) + x^2 q(v + 1)), downwards (DLMF 10.29.1): nothing cancels, and errors shrink. */
function nearLength(d: number, kappa: number): MeanLength {
  const order = d / 2 - 1
  const square = kappa * kappa
  // Each step shrinks an error by (x q)^2, about exp(-(2 v + 1) / x) where x is large: all of them by exp(-40).
  const steps = 30 + Math.ceil(Math.sqrt(order * order + 40 * kappa) - order)
  const start = order + steps
  let q = 1 / (start + 0.5 + hypot(kappa, start + 1.5))
  let after = q
  for (let v = start - 1; v > order - 0.5; v -= 1) {
    after = q
    q = 1 / (2 * (v + 1) + square * q)
  }
  const length = kappa * q
  // 1 - A^2 - (d - 1) A / kappa, with 1 from the recurrence.
  return { length, across: q, along: q * (square * (after - q) + 1) }
}

/** A = 1 - (d - 1) / (2 kappa) - ... : the series that solves A' = 1 - A^2 - (d - 1) A / kappa. */
function farLength(d: number, kappa: number): MeanLength {
  const terms = [1]
  let along = 0
  for (let n = 1; n <= 30; n += 1) {
    const before = terms[n - 1] as number
    let products = 0
    for (let i = 1; i < n; i += 1) products += (terms[i] as number) * (terms[n - i] as number)
    const term = 0.5 * (((n - d) * before) / kappa - products)
    if (n > 2 && Math.abs(term) < 1e-18 * Math.abs(terms[1] as number)) break
    terms.push(term)
    along -= (n * term) / kappa
  }
  const length = terms.reduceRight((sum, t) => sum + t, 0)
  return { length, across: length / kappa, along }
}
