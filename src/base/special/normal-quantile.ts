import { logErfc } from './erf.ts'
import { exp } from './exponential.ts'
import { log } from './logarithm.ts'

/** The x with Phi(x) = p: a rational start (Abramowitz and Stegun 26.2.23), then Halley's method on log Phi. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p === 0.5) return 0
  return p < 0.5 ? lowerQuantile(p) : -lowerQuantile(1 - p)
}

function lowerQuantile(p: number): number {
  if (p === 0) return Number.NEGATIVE_INFINITY
  const target = log(p)
  const t = Math.sqrt(-2 * target)
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  // The start is off by at most 5e-4 and each step cubes the error.
  for (let step = 0; step < 3; step += 1) {
    const logPhi = logErfc(-x * Math.SQRT1_2) - Math.LN2
    const hazard = exp(-0.5 * x * x - 0.9189385332046727 - logPhi)
    const newton = (logPhi - target) / hazard
    x -= newton / (1 + 0.5 * newton * (x + hazard))
  }
  return x
}
