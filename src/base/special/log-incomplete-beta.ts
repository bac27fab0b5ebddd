import { exp } from './exponential.ts'
import { expm1 } from './hyperbolic.ts'
import { expm1Minus, log1pMinus, logBeta, logMinusDigamma, stirlingError } from './log-beta.ts'
import { complementSlope, isShape, logComplement } from './log-incomplete-gamma.ts'
import { log, log1p } from './logarithm.ts'
import { digamma, softplus } from './operations.ts'
import { type Tail, tail } from './quadrature.ts'

/**
 * Log of the regularised incomplete beta function I_x(a, b) (the mass of beta(a, b) below x) and its derivatives by both
 * shapes, for a, b > 0 (not a number elsewhere). The place is given by its log odds l = log(x / (1 - x)), so that both
 * ends of [0, 1] have all their digits; the upper tail is I(b, a) at -l.
 *
 * In log odds s the density is sigmoid(s)^a sigmoid(-s)^b / B(a, b), which is log-concave: a tail that lies on one side of
 * the mode x = a / (a + b) falls off from x on, and it and its means are found by quadrature, for any a and b.
 */
export function logBetaI(a: number, b: number, l: number): number {
  if (!legal(a, b, l)) return Number.NaN
  if (!Number.isFinite(l)) return l < 0 ? Number.NEGATIVE_INFINITY : 0
  const here = placed(a, b, l)
  return here.excess >= 0 ? lowerLog(here) : logComplement(lowerLog(placed(b, a, -l)))
}

/** d/da log I. */
export function logBetaIByFirst(a: number, b: number, l: number): number {
  return byShape(a, b, l, 0)
}

/** d/db log I. */
export function logBetaIBySecond(a: number, b: number, l: number): number {
  return byShape(a, b, l, 1)
}

function legal(a: number, b: number, l: number): boolean {
  return isShape(a) && isShape(b) && !Number.isNaN(l)
}

function byShape(a: number, b: number, l: number, which: 0 | 1): number {
  if (!legal(a, b, l)) return Number.NaN
  if (!Number.isFinite(l)) return l > 0 ? 0 : which === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const here = placed(a, b, l)
  if (here.excess >= 0) return slopes(here, lowerTail(here, which))[which]
  const other = placed(b, a, -l)
  const turned = which === 0 ? 1 : 0
  const lower = lowerTail(other, turned)
  return complementSlope(other.logFront + lower.log, slopes(other, lower)[turned])
}

interface BetaPlace {
  readonly a: number
  readonly b: number
  readonly l: number
  readonly x: number
  readonly y: number
  /** a y - b x: not negative where x is not above the mode. */
  readonly excess: number
  /** log of x^a y^b / B(a, b). */
  readonly logFront: number
}

function placed(a: number, b: number, l: number): BetaPlace {
  const [x, y] = [1 / (1 + exp(-l)), 1 / (1 + exp(l))]
  const excess = a * y - b * x
  return { a, b, l, x, y, excess, logFront: logFrontOf(a, b, l, excess) }
}

function logFrontOf(a: number, b: number, l: number, excess: number): number {
  if (a < 10 || b < 10) return -a * softplus(-l) - b * softplus(l) - logBeta(a, b)
  const peak = 0.5 * (log(a / (a + b)) + log(b) - log(2 * Math.PI))
  const corrections = stirlingError(a + b) - stirlingError(a) - stirlingError(b)
  return peak + corrections + a * deviance(-excess / a, l, b / a) + b * deviance(excess / b, -l, a / b)
}

/** Beyond this the fraction takes too many terms. */
const LARGE = 2000

function lowerLog(place: BetaPlace): number {
  const { a, b, x, logFront } = place
  return Math.min(0, logFront + (a + b < LARGE ? log(fraction(a, b, x) / a) : lowerTail(place).log))
}

/** DLMF 8.17.22, by Lentz's method. */
function fraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 / nonzero(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let n = 1; n < 10_000; n += 1) {
    const even = (n * (b - n) * x) / ((a + 2 * n - 1) * (a + 2 * n))
    d = 1 / nonzero(1 + even * d)
    c = nonzero(1 + even / c)
    h *= c * d
    const odd = (-(a + n) * (a + b + n) * x) / ((a + 2 * n) * (a + 2 * n + 1))
    d = 1 / nonzero(1 + odd * d)
    c = nonzero(1 + odd / c)
    h *= c * d
    if (Math.abs(c * d - 1) < 1e-16) break
  }
  return h
}

function nonzero(x: number): number {
  return Math.abs(x) < 1e-300 ? 1e-300 : x
}

/** log(1 + u) - u for 1 + u = (1 + ratio) sigmoid(l). */
function deviance(u: number, l: number, ratio: number): number {
  return Math.abs(u) < 0.4 ? log1pMinus(u) : logShare(u, l, ratio) - u
}

/** log(1 + u) for the same. */
function logShare(u: number, l: number, ratio: number): number {
  return Math.abs(u) < 0.4 ? log1p(u) : log1p(ratio) - softplus(-l)
}

/** Of u, where the log odds are l - u; with the mean of what the log of one side of the density changes by. */
function lowerTail({ a, b, l, x, y, excess }: BetaPlace, which?: 0 | 1): Tail {
  const phi = (u: number): number => -excess * u - (a + b) * bend(x, y, u)
  const change = which === 0 ? (u: number): number => logMix(x, y, u) : (u: number): number => logMix(y, x, -u)
  // Above 1/2 log(x) hardly changes until the log odds turn negative.
  return tail(phi, which === undefined ? [] : [change], l)
}

/** log(x + y exp(u)), for x + y = 1. */
function logMix(x: number, y: number, u: number): number {
  return u > 700 ? u + log(y + x * exp(-u)) : log1p(y * expm1(u))
}

/** log(x + y exp(u)) - y u, which is about x y u^2 / 2. */
function bend(x: number, y: number, u: number): number {
  if (y > x) return bend(y, x, -u)
  if (Math.abs(u) > 1) return logMix(x, y, u) - y * u
  return log1pMinus(y * expm1(u)) + y * expm1Minus(u)
}

/** The derivatives of log I by a and b: of the front, and of the tail (whose mean is of the one that is wanted). */
function slopes({ a, b, excess, l }: BetaPlace, { means }: Tail): readonly [number, number] {
  const n = a + b
  const mean = means[0] as number
  const first = a < 10 ? logMinus(a, n) - softplus(-l) : logShare(-excess / a, l, b / a) + logMinusDigamma(a) - logMinusDigamma(n)
  const second = b < 10 ? logMinus(b, n) - softplus(l) : logShare(excess / b, -l, a / b) + logMinusDigamma(b) - logMinusDigamma(n)
  return [first - mean, second - mean]
}

/** digamma(n) - digamma(a). */
function logMinus(a: number, n: number): number {
  return digamma(n) - digamma(a)
}
