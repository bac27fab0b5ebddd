import { expm1 } from './hyperbolic.ts'
import { log, log1p } from './logarithm.ts'
import { digamma, lgamma, trigamma } from './operations.ts'

/**
 * Log of the beta function B(a, b), for a, b > 0, in which the large log gammas cancel before they are rounded
 * (Didonato and Morris 1992, ACM TOMS 18, section 9). Not a number elsewhere.
 */
export function logBeta(a: number, b: number): number {
  if (!(a >= 0) || !(b >= 0)) return Number.NaN
  const [small, large] = a < b ? [a, b] : [b, a]
  if (small === 0) return Number.POSITIVE_INFINITY
  if (large === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY
  if (large < 10) return lgamma(small) + lgamma(large) - lgamma(small + large)
  if (small < 10) return lgamma(small) - lgammaGap(large, small)
  const h = small / large
  const corrections = stirlingError(small) + stirlingError(large) - stirlingError(small + large)
  return corrections + 0.5 * (log(2 * Math.PI) - log(large)) + (small - 0.5) * log(h / (1 + h)) - large * log1p(h)
}

/** lgamma(z + by) - lgamma(z), for z >= 10 and by small against it. */
function lgammaGap(z: number, by: number): number {
  const slope = (z + by - 0.5) * log1p(by / z) - by
  return slope + by * log(z) + (stirlingError(z + by) - stirlingError(z))
}

/** digamma(z + by) - digamma(z) for z, by >= 0, without cancellation. */
export function digammaGap(z: number, by: number): number {
  if (!(z >= 0) || !(by >= 0)) return Number.NaN
  if (by === 0) return 0
  if (z === 0 || by === Number.POSITIVE_INFINITY) return z === Number.POSITIVE_INFINITY ? Number.NaN : Number.POSITIVE_INFINITY
  if (z === Number.POSITIVE_INFINITY) return 0
  let at = z
  let sum = 0
  // DLMF 5.5.2, term by term.
  for (; at < 10; at += 1) sum += by / (at + by) / at
  // A short step is taken at its middle: what is left out is (by / at)^2 / 4 of it, where the difference has lost as much.
  if (by < 3e-6 * at) return sum + by * trigamma(at + 0.5 * by)
  return sum + log1p(by / at) + (logMinusDigamma(at) - logMinusDigamma(at + by))
}

/** log(z) - digamma(z), for z > 0: about 1 / (2 z). */
export function logMinusDigamma(z: number): number {
  if (z < 10) return log(z) - digamma(z)
  const w = 1 / (z * z)
  return 0.5 / z + w * (1 / 12 - w * (1 / 120 - w * (1 / 252 - w * (1 / 240 - w * (1 / 132 - w * (691 / 32760 - w / 12))))))
}

/** lgamma(a) less Stirling's formula, for a >= 10 (DLMF 5.11.1). */
export function stirlingError(a: number): number {
  const w = 1 / (a * a)
  return (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - w * (691 / 360360 - w / 156)))))) / a
}

/** log(1 + u) - u, without cancellation for small u. */
export function log1pMinus(u: number): number {
  if (Math.abs(u) > 0.4) return log1p(u) - u
  let power = -u * u
  let sum = power / 2
  for (let n = 3; Math.abs(power) > 1e-18 * Math.abs(sum); n += 1) {
    power *= -u
    sum += power / n
  }
  return sum
}

/** exp(u) - 1 - u, without cancellation for small u. */
export function expm1Minus(u: number): number {
  if (Math.abs(u) > 0.5) return expm1(u) - u
  let term = (u * u) / 2
  let sum = term
  for (let n = 3; Math.abs(term) > 1e-18 * sum; n += 1) {
    term *= u / n
    sum += term
  }
  return sum
}
