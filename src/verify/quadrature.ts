import { exp } from '../base/special/exponential.ts'
import { log as logOf } from '../base/special/logarithm.ts'

/** So many places are looked at along a line at most. */
const MOST_PLACES = 20_000
/** Steps uphill to its mode, of at most 16. */
const MOST_CLIMBS = 1000

/** What is left out on both sides is below this share of the peak. */
const NEGLIGIBLE = 1e-18

/**
 * log of the integral of exp(log) over the real line, for a density with one peak: trapezoids, which converge faster than any power
 * of the step for functions like these, around the peak that is found uphill from `near`. Undefined where it falls off too slowly.
 */
export function logIntegral(log: (u: number) => number, near: number): number | undefined {
  let [at, best, climbs] = [near, log(near), 0]
  for (let step = 16; step > 1e-3; ) {
    // What rises without end has no integral.
    if (climbs > MOST_CLIMBS) return undefined
    climbs += 1
    const [below, above] = [log(at - step), log(at + step)]
    if (Math.max(below, above) > best) {
      at += above >= below ? step : -step
      best = Math.max(below, above)
    } else step /= 2
  }
  if (!Number.isFinite(best)) return undefined
  const d = 1e-3
  const curvature = Math.max(1e-6, (2 * best - log(at + d) - log(at - d)) / (d * d))
  const step = Math.min(0.25, 0.2 / Math.sqrt(curvature))
  const sides = [-step, step].map((h) => side(log, at, best, h))
  return sides.includes(undefined) ? undefined : best + logOf(step * sides.reduce<number>((sum, s) => sum + (s ?? 0), 1))
}

/** The same over a plane: a line of lines. */
export function logIntegralOverPlane(
  log: (u: number, v: number) => number,
  [first, second]: readonly [number, number],
): number | undefined {
  return logIntegral((u) => logIntegral((v) => log(u, v), second) ?? Number.NaN, first)
}

function side(log: (u: number) => number, at: number, best: number, step: number): number | undefined {
  let sum = 0
  for (let k = 1; k < MOST_PLACES; k += 1) {
    const height = exp(log(at + k * step) - best)
    sum += height
    if (height < NEGLIGIBLE) return sum
    if (Number.isNaN(height)) return undefined
  }
  return undefined
}
