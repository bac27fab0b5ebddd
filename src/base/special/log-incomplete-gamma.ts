import { exp } from './exponential.ts'
import { expm1 } from './hyperbolic.ts'
import { expm1Minus, log1pMinus, logMinusDigamma, stirlingError } from './log-beta.ts'
import { log, log1p } from './logarithm.ts'
import { digamma, lgamma } from './operations.ts'
import { type Tail, tail } from './quadrature.ts'

/**
 * Logs of the regularised incomplete gamma functions P(a, x) (the mass of gamma(a, 1) below x) and Q = 1 - P, and their
 * derivatives by the shape a, for a > 0 and x >= 0 (not a number elsewhere). Far tails keep their digits.
 *
 * With t = exp(s) the density is exp(a s - exp(s)) / Gamma(a), log-concave in s: a tail that lies on one side of the mode
 * x = a falls off from x on, and both it and its mean of s are found by quadrature, for any a. The other tail is one
 * minus that.
 */
export function logGammaP(a: number, x: number): number {
  if (!legal(a, x)) return Number.NaN
  if (x === 0 || x === Number.POSITIVE_INFINITY) return x === 0 ? Number.NEGATIVE_INFINITY : 0
  if (isSmall(a, x)) return smallLogP(a, x)
  return x <= a ? lowerLog(a, x) : logComplement(upperLog(a, x))
}

export function logGammaQ(a: number, x: number): number {
  if (!legal(a, x)) return Number.NaN
  if (x === 0 || x === Number.POSITIVE_INFINITY) return x === 0 ? 0 : Number.NEGATIVE_INFINITY
  if (isSmall(a, x)) return smallLogQ(a, x)
  return x > a ? upperLog(a, x) : logComplement(lowerLog(a, x))
}

/** d/da log P(a, x). */
export function logGammaPByShape(a: number, x: number): number {
  if (!legal(a, x)) return Number.NaN
  if (x === 0 || x === Number.POSITIVE_INFINITY) return x === 0 ? Number.NEGATIVE_INFINITY : 0
  if (isSmall(a, x)) return -smallQ(a, x).byShape * exp(-smallLogP(a, x))
  if (x <= a) return slope(a, x) - (lowerTail(a, x, true).means[0] as number)
  const upper = upperTail(a, x, true)
  return complementSlope(logFront(a, x) + upper.log, slope(a, x) + (upper.means[0] as number))
}

/** d/da log Q(a, x). */
export function logGammaQByShape(a: number, x: number): number {
  if (!legal(a, x)) return Number.NaN
  if (x === 0 || x === Number.POSITIVE_INFINITY) return x === 0 ? 0 : Number.POSITIVE_INFINITY
  if (isSmall(a, x)) {
    const { value, byShape } = smallQ(a, x)
    return byShape / value
  }
  if (x > a) return slope(a, x) + (upperTail(a, x, true).means[0] as number)
  const lower = lowerTail(a, x, true)
  return complementSlope(logFront(a, x) + lower.log, slope(a, x) - (lower.means[0] as number))
}

function legal(a: number, x: number): boolean {
  return isShape(a) && x >= 0
}

/** Above 0 by a number that has all its digits, and small enough that sums of two are finite. */
export function isShape(a: number): boolean {
  return a >= 2.2250738585072014e-308 && a <= 8e307
}

/** log(1 - exp(v)), for v < 0. */
export function logComplement(v: number): number {
  return v > -Math.LN2 ? log(-expm1(v)) : log1p(-exp(v))
}

/** The slope of log(1 - p), given log p and its slope. */
export function complementSlope(logP: number, slopeOfLogP: number): number {
  const odds = exp(logP) / -expm1(logP)
  return odds === 0 || slopeOfLogP === 0 ? 0 : -odds * slopeOfLogP
}

/** log of x^a exp(-x) / Gamma(a). */
function logFront(a: number, x: number): number {
  if (a < 10) return a * log(x) - x - lgamma(a)
  const u = (x - a) / a
  return 0.5 * log(a / (2 * Math.PI)) + a * (Math.abs(u) < 0.4 ? log1pMinus(u) : logRatio(a, x) - u) - stirlingError(a)
}

/** log(x) - digamma(a): the derivative of logFront. */
function slope(a: number, x: number): number {
  return a < 10 ? log(x) - digamma(a) : logRatio(a, x) + logMinusDigamma(a)
}

function logRatio(a: number, x: number): number {
  const u = (x - a) / a
  return Math.abs(u) < 0.5 ? log1p(u) : log(x) - log(a)
}

/** Beyond this the series and the fraction take too many terms. */
const LARGE = 2000

function lowerLog(a: number, x: number): number {
  return Math.min(0, logFront(a, x) + (a < LARGE ? log(series(a, x)) : lowerTail(a, x).log))
}

function upperLog(a: number, x: number): number {
  // Just above a small shape the fraction converges slowly.
  return Math.min(0, logFront(a, x) + (a < LARGE && x > a + 1 ? log(fraction(a, x)) : upperTail(a, x).log))
}

const itself = [(u: number): number => u]

/** Of u, where t = x exp(-u). */
function lowerTail(a: number, x: number, mean = false): Tail {
  return tail((u) => -(a - x) * u - x * expm1Minus(-u), mean ? itself : [])
}

/** Of u, where t = x exp(u). */
function upperTail(a: number, x: number, mean = false): Tail {
  return tail((u) => -(x - a) * u - x * expm1Minus(u), mean ? itself : [])
}

/** DLMF 8.11.4: all terms positive. */
function series(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; term > 1e-17 * sum; n += 1) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

/** DLMF 8.9.2, by Lentz's method. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let n = 1; n < 10_000; n += 1) {
    const top = -n * (n - a)
    b += 2
    d = 1 / (top * d + b)
    c = b + top / c
    h *= c * d
    if (Math.abs(c * d - 1) < 1e-16) break
  }
  return h
}

/** Where nearly all mass may lie far below x, and Q is small because a is. */
function isSmall(a: number, x: number): boolean {
  return a < 1 && x < 1
}

/**
 * Q = 1 - (1 - v) y for y = x^a / Gamma(a + 1) and v = -a sum over n of (-x)^n / (n! (a + n)) (DLMF 8.7.1), with the
 * difference of 1 and y from its log.
 */
function smallQ(a: number, x: number): { readonly value: number; readonly byShape: number } {
  const logY = a * log(x) - lgammaOnePlus(a)
  const y = exp(logY)
  let v = 0
  let byShape = 0
  let power = 1
  for (let n = 1; Math.abs(power) > 1e-18 && n < 40; n += 1) {
    power *= -x / n
    v -= (a * power) / (a + n)
    byShape -= (n * power) / ((a + n) * (a + n))
  }
  const logYByShape = log(x) - digamma(1 + a)
  return { value: -expm1(logY) + v * y, byShape: -y * logYByShape + byShape * y + v * y * logYByShape }
}

function smallLogP(a: number, x: number): number {
  const q = smallQ(a, x).value
  return q < 0.5 ? log1p(-q) : logFront(a, x) + log(series(a, x))
}

function smallLogQ(a: number, x: number): number {
  const q = smallQ(a, x).value
  return q < 0.5 ? log(q) : log1p(-exp(smallLogP(a, x)))
}

/** lgamma(1 + a), for 0 < a < 1, with its digits for small a (DLMF 5.7.3). */
function lgammaOnePlus(a: number): number {
  if (a > 0.05) return lgamma(1 + a)
  const zeta = [
    1.6449340668482264, 1.2020569031595942, 1.0823232337111381, 1.03692775514337, 1.0173430619844492, 1.0083492773819227,
    1.0040773561979444, 1.0020083928260821, 1.000994575127818,
  ]
  let sum = -0.5772156649015329 * a
  let power = -a
  zeta.forEach((z, i) => {
    power *= -a
    sum += (z * power) / (i + 2)
  })
  return sum
}
