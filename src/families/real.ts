import { erfc, normalQuantile } from '../base/special/index.ts'
import { squared } from '../base/special/pow.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import { studentCdf, studentQuantile } from './distribution.ts'
import { drawGamma } from './draws.ts'
import type { Tails } from './guards.ts'
import { TINY } from './legal.ts'
import { type FamilyRule, family } from './rule.ts'

/** (x - mu) / sigma. */
function standard(m: Maths, x: NodeId, mu: NodeId, sigma: NodeId): NodeId {
  return m.div(m.sub(x, mu), sigma)
}

/** Scales whose squares have all their digits. */
const LEAST_SCALE = 1e-150
const MOST_SCALE = 1e150

/**
 * The shape in which passes recognise a quadratic: -square(x - mu) / (2 square(sigma)) - log(sigma) - log(2 pi) / 2. Minus
 * infinity for a sigma whose square is not a number with all its digits, and one that is none.
 */
export function normalLogDensity(m: Maths, x: NodeId, mu: NodeId, sigma: NodeId): NodeId {
  const scale = asScale(m, sigma)
  const quadratic = m.neg(m.div(m.square(m.sub(x, mu)), m.mul(m.k(2), m.square(scale.value))))
  return m.sub(m.sub(quadratic, scale.log), m.k(0.5 * Math.log(2 * Math.PI)))
}

/** A scale to square, and its log; 1 and infinity for one that cannot be squared. */
function asScale(m: Maths, sigma: NodeId): { readonly value: NodeId; readonly log: NodeId } {
  const node = m.builder.node(sigma)
  const valid = m.mul(m.less_equal(m.k(LEAST_SCALE), sigma), m.less_equal(sigma, m.k(MOST_SCALE)))
  if (node.op === 'const' && node.value >= LEAST_SCALE && node.value <= MOST_SCALE) return { value: sigma, log: m.log(sigma) }
  const value = m.where(valid, sigma, m.k(1))
  return { value, log: m.where(valid, m.log(value), m.k(Infinity)) }
}

/** Phi(z) = erfc(-z / sqrt 2) / 2. */
export function normalTails(m: Maths, z: NodeId): Tails {
  const log2 = m.k(Math.LN2)
  const scaled = m.mul(z, m.k(Math.SQRT1_2))
  return { lower: m.sub(m.log_erfc(m.neg(scaled)), log2), upper: m.sub(m.log_erfc(scaled), log2) }
}

export const normal = family(2, {
  source: 'Stan functions reference, normal; Jaynes, Probability Theory, ch. 7',
  logDensity: (m, x, [mu, sigma]) => normalLogDensity(m, x, mu, sigma),
  refuses: [1],
  tails: (m, x, [mu, sigma]) => normalTails(m, standard(m, x, mu, sigma)),
  sample: (stream, [mu, sigma]) => mu + sigma * stream.normal(),
  mean: ([mu]) => mu,
  variance: ([, sigma]) => sigma * sigma,
  cdf: (x, [mu, sigma]) => 0.5 * erfc((mu - x) / (sigma * Math.SQRT2)),
  quantile: (p, [mu, sigma]) => mu + sigma * normalQuantile(p),
})

export const student_t = family(3, {
  source: 'Stan functions reference, student_t',
  logDensity: (m, x, [nu, mu, sigma]) => {
    const half = m.k(0.5)
    const shape = m.mul(half, m.add(nu, m.k(1)))
    const kernel = m.mul(shape, m.log1p_square(m.sub(x, mu), m.max(m.mul(sigma, m.sqrt(nu)), m.k(TINY))))
    // Gamma((nu + 1) / 2) / (Gamma(nu / 2) sqrt(pi)) = 1 / B(nu / 2, 1 / 2), whose large parts cancel before they are rounded.
    const constant = m.neg(m.add(m.log_beta(m.mul(half, nu), half), m.mul(half, m.log(nu))))
    return m.sub(constant, m.add(m.log(sigma), kernel))
  },
  tails: (m, x, [nu, mu, sigma]) => {
    const z = standard(m, x, mu, sigma)
    return { lower: studentLogUpper(m, m.neg(z), nu), upper: studentLogUpper(m, z, nu) }
  },
  sample: (stream, [nu, mu, sigma]) => mu + (sigma * stream.normal()) / Math.sqrt(drawGamma(stream, nu / 2) / (nu / 2)),
  mean: ([nu, mu]) => (nu > 1 ? mu : Number.NaN),
  variance: ([nu, , sigma]) => (nu > 2 ? (sigma * sigma * nu) / (nu - 2) : nu > 1 ? Number.POSITIVE_INFINITY : Number.NaN),
  cdf: (x, [nu, mu, sigma]) => studentCdf((x - mu) / sigma, nu),
  quantile: (p, [nu, mu, sigma]) => mu + sigma * studentQuantile(p, nu),
})

/**
 * log P(T > t): for positive t half of I(nu / 2, 1 / 2) at nu / (nu + t^2), and one minus that of -t for negative t. The
 * smallest distance from 0 keeps the derivative there, which is the density, from being 0 times infinity.
 */
function studentLogUpper(m: Maths, t: NodeId, nu: NodeId): NodeId {
  const far = m.less(m.k(0), t)
  const distance = m.add(m.where(far, t, m.neg(t)), m.k(1e-150))
  const logit = m.sub(m.log(nu), m.mul(m.k(2), m.log(distance)))
  const tail = m.sub(m.log_beta_i(m.mul(m.k(0.5), nu), m.k(0.5), logit), m.k(Math.LN2))
  return m.where(far, tail, m.log1p(m.neg(m.exp(tail))))
}

export const cauchy = family(2, {
  source: 'Stan functions reference, cauchy',
  logDensity: (m, x, [mu, sigma]) => m.neg(m.plus(m.log1p_square(m.sub(x, mu), sigma), m.log(sigma), m.k(Math.log(Math.PI)))),
  tails: (m, x, [mu, sigma]) => {
    const z = standard(m, x, mu, sigma)
    return { lower: cauchyLogUpper(m, m.neg(z)), upper: cauchyLogUpper(m, z) }
  },
  sample: (stream, [mu, sigma]) => mu + sigma * Math.tan(Math.PI * (stream.uniform() - 0.5)),
  mean: () => Number.NaN,
  variance: () => Number.NaN,
  cdf: (x, [mu, sigma]) => Math.atan2(1, (mu - x) / sigma) / Math.PI,
  quantile: (p, [mu, sigma]) => mu + sigma * cauchyQuantile(p),
})

/** P(Z > z) = atan(1 / z) / pi for positive z, which keeps its digits far out; 1/2 - atan(z) / pi elsewhere. */
function cauchyLogUpper(m: Maths, z: NodeId): NodeId {
  const far = m.less(m.k(1), z)
  const inverse = m.atan(m.reciprocal(m.where(far, z, m.k(1))))
  const direct = m.sub(m.k(Math.PI / 2), m.atan(z))
  return m.sub(m.log(m.where(far, inverse, direct)), m.k(Math.log(Math.PI)))
}

/** -1 / tan(pi p) keeps its digits for small p. */
function cauchyQuantile(p: number): number {
  if (p < 0.25) return -1 / Math.tan(Math.PI * p)
  return p > 0.75 ? 1 / Math.tan(Math.PI * (1 - p)) : Math.tan(Math.PI * (p - 0.5))
}

export const laplace = family(2, {
  source: 'Stan functions reference, double_exponential',
  logDensity: (m, x, [mu, sigma]) => m.neg(m.plus(m.div(m.abs(m.sub(x, mu)), sigma), m.log(sigma), m.k(Math.LN2))),
  tails: (m, x, [mu, sigma]) => {
    const z = standard(m, x, mu, sigma)
    return { lower: laplaceLogUpper(m, m.neg(z)), upper: laplaceLogUpper(m, z) }
  },
  sample: (stream, [mu, sigma]) => mu + sigma * (stream.exponential() - stream.exponential()),
  mean: ([mu]) => mu,
  variance: ([, sigma]) => 2 * sigma * sigma,
  cdf: (x, [mu, sigma]) => (x < mu ? 0.5 * Math.exp((x - mu) / sigma) : 1 - 0.5 * Math.exp((mu - x) / sigma)),
  quantile: (p, [mu, sigma]) => mu + sigma * (p < 0.5 ? Math.log(2 * p) : -Math.log(2 * (1 - p))),
})

/** exp(-z) / 2 above the centre, 1 - exp(z) / 2 below. */
function laplaceLogUpper(m: Maths, z: NodeId): NodeId {
  const below = m.log1p(m.mul(m.k(-0.5), m.exp(m.min(z, m.k(0)))))
  return m.where(m.less(m.k(0), z), m.neg(m.add(z, m.k(Math.LN2))), below)
}

export const logistic = family(2, {
  source: 'Stan functions reference, logistic; written as 1 / (4 sigma cosh(z / 2)^2)',
  logDensity: (m, x, [mu, sigma]) => {
    const z = standard(m, x, mu, sigma)
    return m.neg(m.plus(m.mul(m.k(2), m.logcosh(m.mul(m.k(0.5), z))), m.log(sigma), m.k(2 * Math.LN2)))
  },
  tails: (m, x, [mu, sigma]) => {
    const z = standard(m, x, mu, sigma)
    return { lower: m.neg(m.softplus(m.neg(z))), upper: m.neg(m.softplus(z)) }
  },
  sample: (stream, [mu, sigma]) => mu + sigma * logit(stream.uniform()),
  mean: ([mu]) => mu,
  variance: ([, sigma]) => squared(Math.PI * sigma) / 3,
  cdf: (x, [mu, sigma]) => 1 / (1 + Math.exp((mu - x) / sigma)),
  quantile: (p, [mu, sigma]) => mu + sigma * logit(p),
})

function logit(p: number): number {
  return Math.log(p) - Math.log1p(-p)
}

export const gumbel = family(2, {
  source: 'Stan functions reference, gumbel',
  logDensity: (m, x, [mu, beta]) => {
    // Below -1000 both forms are minus infinity; the bound keeps infinity minus infinity out.
    const z = m.max(standard(m, x, mu, beta), m.k(-1000))
    return m.neg(m.plus(z, m.exp(m.neg(z)), m.log(beta)))
  },
  tails: (m, x, [mu, beta]) => {
    const lower = m.neg(m.exp(m.neg(standard(m, x, mu, beta))))
    return { lower, upper: m.log(m.neg(m.expm1(lower))) }
  },
  sample: (stream, [mu, beta]) => mu - beta * Math.log(stream.exponential()),
  mean: ([mu, beta]) => mu + 0.5772156649015329 * beta,
  variance: ([, beta]) => squared(Math.PI * beta) / 6,
  cdf: (x, [mu, beta]) => Math.exp(-Math.exp((mu - x) / beta)),
  quantile: (p, [mu, beta]) => mu - beta * Math.log(-Math.log(p)),
})

export const realFamilies = { normal, student_t, cauchy, laplace, logistic, gumbel } satisfies Record<string, FamilyRule>
