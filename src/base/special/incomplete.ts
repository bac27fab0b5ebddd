import { exp } from './exponential.ts'
import { logBetaI } from './log-incomplete-beta.ts'
import { logGammaP, logGammaQ } from './log-incomplete-gamma.ts'
import { log, log1p } from './logarithm.ts'

/** Regularised lower incomplete gamma function P(a, x), for a > 0: the distribution function of gamma(a, 1). */
export function gammaP(a: number, x: number): number {
  return exp(logGammaP(a, Math.max(0, x)))
}

/** 1 - P(a, x), without cancellation. */
export function gammaQ(a: number, x: number): number {
  return exp(logGammaQ(a, Math.max(0, x)))
}

/** Regularised incomplete beta function I_x(a, b), for a, b > 0: the distribution function of beta(a, b). */
export function betaI(a: number, b: number, x: number): number {
  return exp(logBetaI(a, b, x <= 0 ? Number.NEGATIVE_INFINITY : x >= 1 ? Number.POSITIVE_INFINITY : log(x) - log1p(-x)))
}
