import { exp } from './exponential.ts'
import { cosh, sinh } from './hyperbolic.ts'
import { log } from './logarithm.ts'

/**
 * Tanh-sinh quadrature (Takahasi and Mori 1974): nodes crowd towards both ends double exponentially, so that features of
 * any scale at an end are resolved.
 */

interface QuadratureNode {
  /** Where it lies, in [0, 1]; those near 0 keep their digits. */
  readonly at: number
  readonly weight: number
}

const STEP = 1 / 16

/** Weights beyond these are below 1e-18. */
const nodes: readonly QuadratureNode[] = Array.from({ length: 2 * 54 + 1 }, (_, k) => {
  const t = (k - 54) * STEP
  const at = 1 / (1 + exp(-Math.PI * sinh(t)))
  return { at, weight: STEP * Math.PI * cosh(t) * at * (1 / (1 + exp(Math.PI * sinh(t)))) }
})

/** A tail: the integral of exp(phi), and the mean of functions under that density. */
export interface Tail {
  /** Log of the integral of exp(phi(u)) over u > 0, or up to `end`. */
  readonly log: number
  /** The mean of `g(u)`, for one g or more. */
  readonly means: readonly number[]
}

/** Where exp(phi) has become too small to matter. */
const NEGLIGIBLE = -60

/**
 * For phi concave with phi(0) = 0 and falling from there. `kink`: a place at which phi turns on a scale that is short
 * against the tail; the integral is taken in two parts there.
 */
export function tail(
  phi: (u: number) => number,
  means: readonly ((u: number) => number)[],
  kink = 0,
  end = Number.POSITIVE_INFINITY,
): Tail {
  const last = reach(phi, end)
  let sum = 0
  const totals = means.map(() => 0)
  const add = (from: number, to: number): void => {
    for (const { at, weight } of nodes) {
      const u = from + (to - from) * at
      const share = weight * (to - from) * exp(phi(u))
      if (share === 0) continue
      sum += share
      for (let i = 0; i < means.length; i += 1) totals[i] = (totals[i] as number) + share * (means[i] as (u: number) => number)(u)
    }
  }
  if (kink > 0 && kink < last) {
    add(0, kink)
    add(kink, last)
  } else add(0, last)
  return { log: log(sum), means: totals.map((t) => t / sum) }
}

/** Some u beyond which exp(phi) is negligible, but not far beyond: doubling, then bisection on a scale of magnitudes. */
function reach(phi: (u: number) => number, end: number): number {
  if (phi(end) > NEGLIGIBLE) return end
  let low = 0
  let high = Math.min(end, 1)
  if (phi(high) > NEGLIGIBLE) {
    while (phi(high) > NEGLIGIBLE && high < 1e300) {
      low = high
      high *= 4
    }
    high = Math.min(high, end)
  } else {
    for (low = high / 16; phi(low) <= NEGLIGIBLE && low > 1e-300; low /= 16) high = low
  }
  // phi is concave, so within a factor of 1.25 of the place is near enough.
  while (high > 1.25 * low) {
    const middle = low === 0 ? high / 2 : Math.sqrt(low) * Math.sqrt(high)
    if (phi(middle) > NEGLIGIBLE) low = middle
    else high = middle
  }
  return high
}
