import { erfc, gammaP, gammaQ, lgamma, normalQuantile } from '../base/special/index.ts'
import { pow, squared } from '../base/special/pow.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import { invertContinuous } from './distribution.ts'
import { drawGamma, drawLogGamma } from './draws.ts'
import { guarded, isNonnegative, isPositive, type Tails, tailsAbove, tailsFromUpper, xlogy } from './guards.ts'
import { beyond } from './limits.ts'
import { normalLogDensity, normalTails } from './real.ts'
import { type FamilyContext, type FamilyRule, family } from './rule.ts'
import { stirlingRest } from './stirling.ts'

const inf = Number.POSITIVE_INFINITY

export const half_normal = family(1, {
  source: 'Stan: normal(0, sigma) on a variable with lower bound 0, here normalised on the half line',
  logDensity: (m, x, [sigma], context) =>
    guarded(m, context, x, isNonnegative(m, x), m.k(0), (y) => m.add(normalLogDensity(m, y, m.k(0), sigma), m.k(Math.LN2))),
  refuses: [0],
  tails: (m, x, [sigma]) =>
    tailsAbove(m, m.k(0), x, (y) => {
      const z = m.mul(m.div(y, sigma), m.k(Math.SQRT1_2))
      return { lower: m.log(m.erf(z)), upper: m.log_erfc(z) }
    }),
  sample: (stream, [sigma]) => Math.abs(sigma * stream.normal()),
  mean: ([sigma]) => sigma * Math.sqrt(2 / Math.PI),
  variance: ([sigma]) => sigma * sigma * (1 - 2 / Math.PI),
  cdf: (x, [sigma]) => (x <= 0 ? 0 : gammaP(0.5, 0.5 * squared(x / sigma))),
  quantile: (p, [sigma]) => (p < 0.1 ? sigma * Math.SQRT2 * Math.sqrt(gammaQuantile(p, 0.5)) : -sigma * normalQuantile(0.5 * (1 - p))),
})

export const half_cauchy = family(1, {
  source: 'Stan: cauchy(0, sigma) on a variable with lower bound 0, here normalised on the half line',
  logDensity: (m, x, [sigma], context) =>
    guarded(m, context, x, isNonnegative(m, x), m.k(0), (y) =>
      m.sub(m.k(Math.log(2 / Math.PI)), m.add(m.log1p_square(y, sigma), m.log(sigma))),
    ),
  tails: (m, x, [sigma]) =>
    tailsAbove(m, m.k(0), x, (y) => {
      const angle = (tangent: NodeId): NodeId => m.add(m.log(m.atan(tangent)), m.k(Math.log(2 / Math.PI)))
      return { lower: angle(m.div(y, sigma)), upper: angle(m.div(sigma, y)) }
    }),
  sample: (stream, [sigma]) => sigma * Math.tan(0.5 * Math.PI * stream.uniform()),
  mean: () => inf,
  variance: () => inf,
  cdf: (x, [sigma]) => (x <= 0 ? 0 : (2 / Math.PI) * Math.atan(x / sigma)),
  quantile: (p, [sigma]) => (p > 0.5 ? sigma / Math.tan(0.5 * Math.PI * (1 - p)) : sigma * Math.tan(0.5 * Math.PI * p)),
})

export const lognormal = family(2, {
  source: 'Stan functions reference, lognormal',
  logDensity: (m, x, [mu, sigma], context) =>
    guarded(m, context, x, isPositive(m, x), m.k(1), (y) => m.sub(normalLogDensity(m, m.log(y), mu, sigma), m.log(y))),
  refuses: [1],
  tails: (m, x, [mu, sigma]) => tailsAbove(m, m.k(0), x, (y) => normalTails(m, m.div(m.sub(m.log(y), mu), sigma))),
  sample: (stream, [mu, sigma]) => Math.exp(mu + sigma * stream.normal()),
  mean: ([mu, sigma]) => Math.exp(mu + 0.5 * sigma * sigma),
  variance: ([mu, sigma]) => Math.expm1(sigma * sigma) * Math.exp(2 * mu + sigma * sigma),
  cdf: (x, [mu, sigma]) => (x <= 0 ? 0 : 0.5 * erfc((mu - Math.log(x)) / (sigma * Math.SQRT2))),
  quantile: (p, [mu, sigma]) => Math.exp(mu + sigma * normalQuantile(p)),
})

export const exponential = family(1, {
  source: 'Stan functions reference, exponential',
  logDensity: (m, x, [beta], context) => guarded(m, context, x, isNonnegative(m, x), m.k(0), (y) => m.sub(m.log(beta), m.mul(beta, y))),
  tails: (m, x, [beta]) => tailsAbove(m, m.k(0), x, (y) => tailsFromUpper(m, m.neg(m.mul(beta, y)))),
  sample: (stream, [beta]) => stream.exponential() / beta,
  mean: ([beta]) => 1 / beta,
  variance: ([beta]) => 1 / (beta * beta),
  cdf: (x, [beta]) => (x <= 0 ? 0 : -Math.expm1(-beta * x)),
  quantile: (p, [beta]) => -Math.log1p(-p) / beta,
})

/**
 * log(beta) + (alpha - 1) log(r) - r - lgamma(alpha) for r = beta x. Near the mode (alpha - 1) log(u) - a (u - 1) for
 * u = r / a and a = alpha + 1: no large parts cancel, and the rounding of u counts as its distance from the mode does.
 */
function gammaLogDensity(m: Maths, x: NodeId, alpha: NodeId, beta: NodeId, context: FamilyContext): NodeId {
  // At 0 the density is 0, beta or infinite, by alpha: the open end is kept so that alpha = 1 is the exponential.
  return guarded(m, context, x, isNonnegative(m, x), m.k(1), (y) => {
    const [shape, a] = [m.sub(alpha, m.k(1)), m.add(alpha, m.k(1))]
    const r = m.mul(beta, y)
    const { near, u } = nearby(m, m.div(r, a))
    const shift = m.where(near, m.k(0), m.sub(m.log(beta), m.log(a)))
    const power = m.add(xlogy(m, shape, m.where(near, u, y)), m.mul(shape, shift))
    const kernel = m.sub(power, m.where(near, m.mul(a, m.sub(u, m.k(1))), m.sub(r, a)))
    // lgamma(alpha) = lgamma(a) - log(alpha), of which (a - 1/2) log(a) - a is in the kernel.
    const rest = m.add(m.mul(m.k(1.5), m.log(a)), stirlingRest(m, a))
    return m.add(m.sub(m.add(m.log(beta), m.log(alpha)), rest), kernel)
  })
}

/** Whether a ratio is within a factor of 2 of 1, and if so the ratio: bounds keep infinities out where it is not. */
function nearby(m: Maths, ratio: NodeId): { readonly near: NodeId; readonly u: NodeId } {
  const [low, high] = [m.k(0.5), m.k(2)]
  return { near: m.mul(m.less(low, ratio), m.less(ratio, high)), u: m.max(low, m.min(ratio, high)) }
}

function gammaTails(m: Maths, x: NodeId, alpha: NodeId, rate: NodeId): Tails {
  return tailsAbove(m, m.k(0), x, (y) => {
    const scaled = m.mul(rate, y)
    return { lower: m.log_gamma_p(alpha, scaled), upper: m.log_gamma_q(alpha, scaled) }
  })
}

function gammaQuantile(p: number, alpha: number): number {
  return invertContinuous((x) => gammaP(alpha, x), p)
}

export const gamma = family(2, {
  source: 'Stan functions reference, gamma (shape and inverse scale)',
  limits: { 1: { low: beyond } },
  logDensity: (m, x, [alpha, beta], context) => gammaLogDensity(m, x, alpha, beta, context),
  tails: (m, x, [alpha, beta]) => gammaTails(m, x, alpha, beta),
  sample: (stream, [alpha, beta]) => drawGamma(stream, alpha) / beta,
  mean: ([alpha, beta]) => alpha / beta,
  variance: ([alpha, beta]) => alpha / (beta * beta),
  cdf: (x, [alpha, beta]) => gammaP(alpha, beta * x),
  quantile: (p, [alpha, beta]) => gammaQuantile(p, alpha) / beta,
})

export const chi_square = family(1, {
  source: 'Stan functions reference, chi_square: gamma(nu / 2, 1 / 2)',
  logDensity: (m, x, [nu], context) => gammaLogDensity(m, x, m.mul(m.k(0.5), nu), m.k(0.5), context),
  tails: (m, x, [nu]) => gammaTails(m, x, m.mul(m.k(0.5), nu), m.k(0.5)),
  sample: (stream, [nu]) => 2 * drawGamma(stream, nu / 2),
  mean: ([nu]) => nu,
  variance: ([nu]) => 2 * nu,
  cdf: (x, [nu]) => gammaP(nu / 2, x / 2),
  quantile: (p, [nu]) => 2 * gammaQuantile(p, nu / 2),
})

export const inverse_gamma = family(2, {
  source: 'Stan functions reference, inv_gamma (shape and scale)',
  limits: { 0: { low: beyond } },
  logDensity: (m, x, [alpha, beta], context) =>
    guarded(m, context, x, isPositive(m, x), m.k(1), (y) => {
      // Far from the mode in the log of y alone, whose derivatives are added before they are divided by y. Near it as gamma.
      const a = m.add(alpha, m.k(1))
      const logR = m.sub(m.log(beta), m.log(y))
      const r = m.exp(logR)
      const { near, u } = nearby(m, m.div(m.div(beta, y), a))
      const power = m.mul(a, m.where(near, m.log(u), m.sub(logR, m.log(a))))
      const kernel = m.sub(power, m.where(near, m.mul(a, m.sub(u, m.k(1))), m.sub(r, a)))
      const rest = m.sub(stirlingRest(m, a), m.mul(m.k(0.5), m.log(a)))
      return m.add(m.sub(m.sub(m.log(alpha), m.log(beta)), rest), kernel)
    }),
  tails: (m, x, [alpha, beta]) =>
    tailsAbove(m, m.k(0), x, (y) => {
      const inverse = m.div(beta, y)
      return { lower: m.log_gamma_q(alpha, inverse), upper: m.log_gamma_p(alpha, inverse) }
    }),
  sample: (stream, [alpha, beta]) => beta * Math.exp(-drawLogGamma(stream, alpha)),
  mean: ([alpha, beta]) => (alpha > 1 ? beta / (alpha - 1) : inf),
  variance: ([alpha, beta]) => (alpha > 2 ? squared(beta / (alpha - 1)) / (alpha - 2) : inf),
  cdf: (x, [alpha, beta]) => (x <= 0 || alpha === 0 ? 0 : gammaQ(alpha, beta / x)),
  quantile: (p, [alpha, beta]) => invertContinuous((x) => (x <= 0 ? 0 : gammaQ(alpha, beta / x)), p),
})

export const weibull = family(2, {
  source: 'Stan functions reference, weibull (shape and scale)',
  limits: { 1: { high: beyond } },
  logDensity: (m, x, [alpha, sigma], context) =>
    guarded(m, context, x, isNonnegative(m, x), m.k(1), (y) => {
      // Away from 0 in the log of y alone, whose derivatives are added before they are divided by y.
      const shape = m.sub(alpha, m.k(1))
      const zero = m.equal(y, m.k(0))
      const logY = m.log(m.where(zero, m.k(1), y))
      const power = m.exp(m.mul(alpha, m.sub(logY, m.log(sigma))))
      const kernel = m.where(zero, xlogy(m, shape, m.where(zero, y, m.k(1))), m.sub(m.mul(shape, logY), power))
      return m.add(m.sub(m.log(alpha), m.mul(alpha, m.log(sigma))), kernel)
    }),
  tails: (m, x, [alpha, sigma]) => tailsAbove(m, m.k(0), x, (y) => tailsFromUpper(m, m.neg(powerOf(m, y, sigma, alpha)))),
  sample: (stream, [alpha, sigma]) => sigma * pow(stream.exponential(), 1 / alpha),
  mean: ([alpha, sigma]) => sigma * Math.exp(lgamma(1 + 1 / alpha)),
  variance: ([alpha, sigma]) => squared(sigma) * (Math.exp(lgamma(1 + 2 / alpha)) - Math.exp(2 * lgamma(1 + 1 / alpha))),
  cdf: (x, [alpha, sigma]) => (x <= 0 ? 0 : -Math.expm1(-pow(x / sigma, alpha))),
  quantile: (p, [alpha, sigma]) => sigma * pow(-Math.log1p(-p), 1 / alpha),
})

/** (x / sigma)^alpha for x >= 0, with derivatives 0 instead of 0 times infinity at 0. */
function powerOf(m: Maths, x: NodeId, sigma: NodeId, alpha: NodeId): NodeId {
  const zero = m.equal(x, m.k(0))
  return m.where(zero, m.k(0), m.exp(m.mul(alpha, m.sub(m.log(m.where(zero, m.k(1), x)), m.log(sigma)))))
}

export const pareto = family(2, {
  source: 'Stan functions reference, pareto',
  limits: { 1: { low: beyond } },
  logDensity: (m, x, [least, alpha], context) => {
    const inside = m.mul(m.less_equal(least, x), m.less(x, m.k(inf)))
    return guarded(m, { ...context, inside: false }, x, inside, least, (y) => {
      // Near the minimum the logs differ in their last digits only.
      const near = m.less(y, m.mul(m.k(2), least))
      const step = m.log1p(m.div(m.sub(m.where(near, y, least), least), least))
      const decay = m.mul(alpha, m.where(near, step, m.sub(m.log(y), m.log(least))))
      return m.sub(m.log(alpha), m.add(decay, m.log(y)))
    })
  },
  tails: (m, x, [least, alpha]) => tailsAbove(m, least, x, (y) => tailsFromUpper(m, m.neg(m.mul(alpha, m.sub(m.log(y), m.log(least)))))),
  sample: (stream, [least, alpha]) => least * Math.exp(stream.exponential() / alpha),
  mean: ([least, alpha]) => (alpha > 1 ? (alpha * least) / (alpha - 1) : inf),
  variance: ([least, alpha]) => (alpha > 2 ? squared(least / (alpha - 1)) * (alpha / (alpha - 2)) : inf),
  cdf: (x, [least, alpha]) => (x <= least ? 0 : -Math.expm1(alpha * Math.log(least / x))),
  quantile: (p, [least, alpha]) => least * Math.exp(-Math.log1p(-p) / alpha),
})

export const positiveFamilies = {
  half_normal,
  half_cauchy,
  lognormal,
  exponential,
  gamma,
  chi_square,
  inverse_gamma,
  weibull,
  pareto,
} satisfies Record<string, FamilyRule>
