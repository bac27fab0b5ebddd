import { betaI } from '../../base/special/incomplete.ts'
import { crossing } from './invert.ts'

/** P(T <= t) for Student's t with nu degrees of freedom (DLMF 8.17 and its tail symmetry). */
export function studentCdf(t: number, nu: number): number {
  const half = 0.5 * studentTail(t * t, nu)
  return t < 0 ? half : 1 - half
}

/** P(T^2 > square): the beta function at the end where it does not cancel. */
function studentTail(square: number, nu: number): number {
  if (square === Number.POSITIVE_INFINITY) return 0
  return square < nu ? 1 - betaI(0.5, nu / 2, square / (nu + square)) : betaI(nu / 2, 0.5, nu / (nu + square))
}

export function studentQuantile(p: number, nu: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p === 0.5) return 0
  return p > 0.5 ? -studentQuantile(1 - p, nu) : -crossing((t) => studentCdf(-t, nu) <= p, 0, Number.POSITIVE_INFINITY)
}
