import { betaI, gammaQ } from '../base/special/index.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import { invertDiscrete } from './distribution.ts'
import { drawBinomial, drawGamma, drawPoisson } from './draws.ts'
import { guarded, isBetween, isCount, isCountUpTo, logChoose, type Tails, tailsFromUpper, tailsOfCounts, xlog1my, xlogy } from './guards.ts'
import { beyond, certain, type Limit } from './limits.ts'
import { type FamilyContext, type FamilyRule, family } from './rule.ts'
import { stirlingRest } from './stirling.ts'

const one = (m: Maths): NodeId => m.k(1)

/** 0 or 1. */
function isBit(m: Maths, x: NodeId): NodeId {
  return m.mul(isBetween(m, m.k(0), x, one(m)), m.equal(x, m.floor(x)))
}

function guardedBit(m: Maths, context: FamilyContext, x: NodeId, formula: (x: NodeId) => NodeId): NodeId {
  return guarded(m, context, x, isBit(m, x), m.k(0), formula)
}

function guardedCount(m: Maths, context: FamilyContext, x: NodeId, formula: (x: NodeId) => NodeId): NodeId {
  return guarded(m, context, x, isCount(m, x), m.k(0), formula)
}

/** The number of trials bounds x, and no type knows it: always guarded. */
function guardedTrials(m: Maths, x: NodeId, n: NodeId, formula: (x: NodeId) => NodeId): NodeId {
  return guarded(m, { over: [], inside: false }, x, isCountUpTo(m, x, n), m.k(0), formula)
}

const never = certain((m) => m.k(0))
const always = certain(one)

/** P(X <= x) of a family of counts from its values at whole numbers. */
function atWhole(x: number, cdf: (k: number) => number): number {
  return x < 0 ? 0 : x === Number.POSITIVE_INFINITY ? 1 : cdf(Math.floor(x))
}

const inverseLogit = (alpha: number): number => 1 / (1 + Math.exp(-alpha))

const forever = (m: Maths): NodeId => m.k(Number.POSITIVE_INFINITY)

/** P(X <= k) = I(n - k, k + 1) at 1 - theta (DLMF 8.17.5). */
function binomialTails(m: Maths, k: NodeId, n: NodeId, logOdds: NodeId): Tails {
  return tailsOfCounts(m, k, n, (y) => {
    const [more, upTo] = [m.max(m.sub(n, y), one(m)), m.add(y, one(m))]
    return { lower: m.log_beta_i(more, upTo, m.neg(logOdds)), upper: m.log_beta_i(upTo, more, logOdds) }
  })
}

/** P(X <= k) = Q(k + 1, rate) (DLMF 8.4.10). */
function poissonTails(m: Maths, k: NodeId, rate: NodeId): Tails {
  return tailsOfCounts(m, k, forever(m), (y) => {
    const shape = m.add(y, one(m))
    return { lower: m.log_gamma_q(shape, rate), upper: m.log_gamma_p(shape, rate) }
  })
}

const bernoulliCdf = (x: number, theta: number): number => (x < 0 ? 0 : x < 1 ? 1 - theta : 1)

export const bernoulli = family(1, {
  source: 'Stan functions reference, bernoulli',
  logDensity: (m, x, [theta], context) => guardedBit(m, context, x, (y) => m.log(m.where(m.equal(y, one(m)), theta, m.sub(one(m), theta)))),
  tails: (m, k, [theta]) => tailsOfCounts(m, k, one(m), () => ({ lower: m.log1p(m.neg(theta)), upper: m.log(theta) })),
  sample: (stream, [theta]) => (stream.uniform() < theta ? 1 : 0),
  mean: ([theta]) => theta,
  variance: ([theta]) => theta * (1 - theta),
  cdf: (x, [theta]) => bernoulliCdf(x, theta),
  quantile: (p, [theta]) => (p <= 1 - theta ? 0 : 1),
})

export const bernoulli_logit = family(1, {
  source: 'Stan functions reference, bernoulli_logit; linear in x',
  limits: { 0: { low: never, high: always } },
  logDensity: (m, x, [alpha], context) => guardedBit(m, context, x, (y) => m.sub(m.mul(y, alpha), m.softplus(alpha))),
  tails: (m, k, [alpha]) =>
    tailsOfCounts(m, k, one(m), () => ({ lower: m.neg(m.softplus(alpha)), upper: m.neg(m.softplus(m.neg(alpha))) })),
  sample: (stream, [alpha]) => (stream.uniform() < inverseLogit(alpha) ? 1 : 0),
  mean: ([alpha]) => inverseLogit(alpha),
  variance: ([alpha]) => inverseLogit(alpha) * inverseLogit(-alpha),
  cdf: (x, [alpha]) => bernoulliCdf(x, inverseLogit(alpha)),
  quantile: (p, [alpha]) => (p <= inverseLogit(-alpha) ? 0 : 1),
})

const binomialCdf = (x: number, n: number, theta: number): number => atWhole(x, (k) => (k >= n ? 1 : betaI(n - k, k + 1, 1 - theta)))

export const binomial = family(2, {
  source: 'Stan functions reference, binomial',
  logDensity: (m, x, [n, theta]) =>
    guardedTrials(m, x, n, (y) => m.plus(logChoose(m, n, y), xlogy(m, y, theta), xlog1my(m, m.sub(n, y), theta))),
  tails: (m, k, [n, theta]) => binomialTails(m, k, n, m.sub(m.log(theta), m.log1p(m.neg(theta)))),
  sample: (stream, [n, theta]) => drawBinomial(stream, n, theta),
  mean: ([n, theta]) => n * theta,
  variance: ([n, theta]) => n * theta * (1 - theta),
  cdf: (x, [n, theta]) => binomialCdf(x, n, theta),
  quantile: (p, [n, theta]) => invertDiscrete((k) => binomialCdf(k, n, theta), p, n),
})

export const binomial_logit = family(2, {
  source: 'Stan functions reference, binomial_logit; linear in x but for the count of arrangements',
  limits: { 1: { low: never, high: certain((_m, [n]) => n as NodeId) } },
  logDensity: (m, x, [n, alpha]) =>
    guardedTrials(m, x, n, (y) => m.plus(logChoose(m, n, y), m.mul(y, alpha), m.neg(m.mul(n, m.softplus(alpha))))),
  tails: (m, k, [n, alpha]) => binomialTails(m, k, n, alpha),
  sample: (stream, [n, alpha]) => drawBinomial(stream, n, inverseLogit(alpha)),
  mean: ([n, alpha]) => n * inverseLogit(alpha),
  variance: ([n, alpha]) => n * inverseLogit(alpha) * inverseLogit(-alpha),
  cdf: (x, [n, alpha]) => binomialCdf(x, n, inverseLogit(alpha)),
  quantile: (p, [n, alpha]) => invertDiscrete((k) => binomialCdf(k, n, inverseLogit(alpha)), p, n),
})

const poissonCdf = (x: number, rate: number): number => atWhole(x, (k) => gammaQ(k + 1, rate))

export const poisson = family(1, {
  source: 'Stan functions reference, poisson',
  logDensity: (m, x, [rate], context) =>
    guardedCount(m, context, x, (y) => {
      // y log(u) - a (u - 1) for u = rate / a and a = y + 1, and what of lgamma(a) is left then: no large parts cancel.
      const a = m.add(y, one(m))
      const u = m.div(rate, a)
      const constant = m.add(m.mul(m.k(0.5), m.log(a)), stirlingRest(m, a))
      return m.sub(m.sub(xlogy(m, y, u), m.mul(a, m.sub(u, one(m)))), constant)
    }),
  tails: (m, k, [rate]) => poissonTails(m, k, rate),
  sample: (stream, [rate]) => drawPoisson(stream, rate),
  mean: ([rate]) => rate,
  variance: ([rate]) => rate,
  cdf: (x, [rate]) => poissonCdf(x, rate),
  quantile: (p, [rate]) => invertDiscrete((k) => poissonCdf(k, rate), p),
})

export const poisson_log = family(1, {
  source: 'Stan functions reference, poisson_log',
  limits: { 0: { low: never } },
  logDensity: (m, x, [alpha], context) =>
    guardedCount(m, context, x, (y) => m.sub(m.sub(m.mul(y, alpha), m.exp(alpha)), m.lgamma(m.add(y, one(m))))),
  tails: (m, k, [alpha]) => poissonTails(m, k, m.exp(alpha)),
  sample: (stream, [alpha]) => drawPoisson(stream, Math.exp(alpha)),
  mean: ([alpha]) => Math.exp(alpha),
  variance: ([alpha]) => Math.exp(alpha),
  cdf: (x, [alpha]) => poissonCdf(x, Math.exp(alpha)),
  quantile: (p, [alpha]) => invertDiscrete((k) => poissonCdf(k, Math.exp(alpha)), p),
})

/** A shape of 0 is certain to give 0, alpha log(beta / (1 + beta)) of which is how it comes there. */
const noneOf: Limit = {
  ...never,
  logDensity: (m, x, [alpha = 0, beta = 0]) =>
    m.where(m.equal(x, m.k(0)), m.neg(m.mul(alpha, m.log1p(m.reciprocal(beta)))), m.k(Number.NEGATIVE_INFINITY)),
}

const negativeBinomialCdf = (x: number, alpha: number, beta: number): number =>
  atWhole(x, (k) => (alpha === 0 ? 1 : betaI(alpha, k + 1, 1 / (1 + 1 / beta))))

export const negative_binomial = family(2, {
  source: 'Stan functions reference, neg_binomial (shape and inverse scale): a Poisson whose rate is gamma(alpha, beta)',
  limits: { 0: { low: noneOf }, 1: { low: beyond, high: never } },
  logDensity: (m, x, [alpha, beta], context) =>
    guardedCount(m, context, x, (y) => {
      // Gamma(y + alpha) / (Gamma(alpha) y!) = 1 / ((y + alpha) B(alpha, y + 1))
      const arrangements = m.neg(m.add(m.log_beta(alpha, m.add(y, one(m))), m.log(m.add(y, alpha))))
      const logTotal = m.log1p(beta)
      // log(beta / (1 + beta)), whose logs would differ in their last digits for large beta.
      const logShare = m.neg(m.log1p(m.reciprocal(beta)))
      return m.sub(m.add(arrangements, m.mul(alpha, logShare)), m.mul(y, logTotal))
    }),
  tails: (m, k, [alpha, beta]) =>
    tailsOfCounts(m, k, forever(m), (y) => {
      const upTo = m.add(y, one(m))
      return { lower: m.log_beta_i(alpha, upTo, m.log(beta)), upper: m.log_beta_i(upTo, alpha, m.neg(m.log(beta))) }
    }),
  sample: (stream, [alpha, beta]) => drawPoisson(stream, drawGamma(stream, alpha) / beta),
  mean: ([alpha, beta]) => alpha / beta,
  variance: ([alpha, beta]) => (alpha / beta) * (1 + 1 / beta),
  cdf: (x, [alpha, beta]) => negativeBinomialCdf(x, alpha, beta),
  quantile: (p, [alpha, beta]) => invertDiscrete((k) => negativeBinomialCdf(k, alpha, beta), p),
})

export const geometric = family(1, {
  source: 'failures before the first success: neg_binomial of Stan with alpha = 1 and beta = theta / (1 - theta)',
  logDensity: (m, x, [theta], context) => guardedCount(m, context, x, (y) => m.add(m.log(theta), xlog1my(m, y, theta))),
  tails: (m, k, [theta]) => tailsOfCounts(m, k, forever(m), (y) => tailsFromUpper(m, m.mul(m.add(y, one(m)), m.log1p(m.neg(theta))))),
  sample: (stream, [theta]) => (theta >= 1 ? 0 : Math.floor(stream.exponential() / -Math.log1p(-theta))),
  mean: ([theta]) => (1 - theta) / theta,
  variance: ([theta]) => (1 - theta) / (theta * theta),
  cdf: (x, [theta]) => atWhole(x, (k) => -Math.expm1((k + 1) * Math.log1p(-theta))),
  quantile: (p, [theta]) => invertDiscrete((k) => -Math.expm1((k + 1) * Math.log1p(-theta)), p),
})

export const discreteFamilies = {
  bernoulli,
  bernoulli_logit,
  binomial,
  binomial_logit,
  poisson,
  poisson_log,
  negative_binomial,
  geometric,
} satisfies Record<string, FamilyRule>
