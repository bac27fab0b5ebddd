import { betaI, gammaQ } from '../../base/special/incomplete.ts'

/** Quantile of beta(a, b), by bisection of the distribution function on (0, 1) to 2^-52. */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0
  let high = 1
  for (let i = 0; i < 60; i += 1) {
    const middle = 0.5 * (low + high)
    if (betaI(a, b, middle) < p) low = middle
    else high = middle
  }
  return 0.5 * (low + high)
}

/** P(chi-square with `freedom` degrees > x). */
export function chiSquareTail(x: number, freedom: number): number {
  return gammaQ(freedom / 2, x / 2)
}
