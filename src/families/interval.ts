import { betaI, logBesselI, logVonMisesMass } from '../base/special/index.ts'
import { squared } from '../base/special/pow.ts'
import type { NodeId } from '../ir/graph.ts'
import { invertContinuous } from './distribution.ts'
import { drawBeta, drawVonMises } from './draws.ts'
import { guarded, isBetween, xlog1my, xlogy } from './guards.ts'
import { type FamilyRule, family } from './rule.ts'
import { logScaledBessel } from './stirling.ts'

export const beta = family(2, {
  source: 'Stan functions reference, beta',
  logDensity: (m, x, [a, b], context) =>
    guarded(m, context, x, isBetween(m, m.k(0), x, m.k(1)), m.k(0.5), (y) => {
      const one = m.k(1)
      return m.sub(m.add(xlogy(m, m.sub(a, one), y), xlog1my(m, m.sub(b, one), y)), m.log_beta(a, b))
    }),
  tails: (m, x, [a, b]) => {
    const [none, all] = [m.k(Number.NEGATIVE_INFINITY), m.k(0)]
    const [above, below] = [m.less(m.k(0), x), m.less(x, m.k(1))]
    const inside = m.mul(above, below)
    const y = m.where(inside, x, m.k(0.5))
    const logit = m.sub(m.log(y), m.log1p(m.neg(y)))
    return {
      lower: m.where(inside, m.log_beta_i(a, b, logit), m.where(above, all, none)),
      upper: m.where(inside, m.log_beta_i(b, a, m.neg(logit)), m.where(below, all, none)),
    }
  },
  sample: (stream, [a, b]) => drawBeta(stream, a, b),
  mean: ([a, b]) => a / (a + b),
  variance: ([a, b]) => (a * b) / (squared(a + b) * (a + b + 1)),
  cdf: (x, [a, b]) => betaI(a, b, x),
  quantile: (p, [a, b]) => invertContinuous((x) => betaI(a, b, x), p, 0, 1),
})

export const uniform = family(2, {
  source: 'Stan functions reference, uniform; both ends belong to the support',
  logDensity: (m, x, [lower, upper], context) =>
    // The bounds may move, so the type of x cannot stand for the guard.
    guarded(m, { ...context, inside: false }, x, isBetween(m, lower, x, upper), lower, () => m.neg(m.log(m.sub(upper, lower)))),
  tails: (m, x, [lower, upper]) => {
    const logShare = (length: NodeId): NodeId => {
      const some = m.less(m.k(0), length)
      const share = m.min(m.div(m.where(some, length, m.k(1)), m.sub(upper, lower)), m.k(1))
      return m.where(some, m.log(share), m.k(Number.NEGATIVE_INFINITY))
    }
    return { lower: logShare(m.sub(x, lower)), upper: logShare(m.sub(upper, x)) }
  },
  sample: (stream, [lower, upper]) => lower + (upper - lower) * stream.uniform(),
  mean: ([lower, upper]) => 0.5 * (lower + upper),
  variance: ([lower, upper]) => squared(upper - lower) / 12,
  cdf: (x, [lower, upper]) => Math.max(0, Math.min(1, (x - lower) / (upper - lower))),
  quantile: (p, [lower, upper]) => lower + (upper - lower) * p,
})

export const von_mises = family(2, {
  source: 'Stan functions reference, von_mises: periodic in x, normalised over any turn; moments are of the turn around mu',
  logDensity: (m, x, [mu, kappa]) => {
    // kappa cos(d) - kappa, for a kappa against which the density is small.
    const drop = m.times(m.k(-2), kappa, m.square(m.sin(m.mul(m.k(0.5), m.sub(x, mu)))))
    return m.sub(m.sub(drop, logScaledBessel(m, kappa)), m.k(Math.log(2 * Math.PI)))
  },
  logMass: (m, from, to, [mu, kappa]) => m.log_von_mises_mass(m.sub(from, mu), m.sub(to, mu), kappa),
  sample: (stream, [mu, kappa]) => drawVonMises(stream, mu, kappa),
  mean: ([mu]) => mu,
  variance: ([, kappa]) => vonMisesVariance(kappa),
  cdf: (x, [mu, kappa]) => vonMisesCdf(x - mu, kappa),
  quantile: (p, [mu, kappa]) => mu - Math.PI + invertContinuous((d) => vonMisesCdf(d - Math.PI, kappa), p, 0, 2 * Math.PI),
})

/** Of the turn around 0. */
function vonMisesCdf(angle: number, kappa: number): number {
  if (angle <= -Math.PI || angle >= Math.PI) return angle < 0 ? 0 : 1
  return Math.exp(logVonMisesMass(-Math.PI, angle, kappa))
}

/** pi^2 / 3 + 4 sum over j of (-1)^j I_j(kappa) / (j^2 I_0(kappa)), from the Fourier series of x^2. */
function vonMisesVariance(kappa: number): number {
  let sum = 0
  // The ratio I_j / I_0 falls like exp(-j^2 / (2 kappa)), so these terms are below 1e-17 after the last.
  const last = 20 + Math.ceil(9 * Math.sqrt(kappa))
  for (let j = 1; j <= last; j += 1) sum += ((j % 2 === 0 ? 1 : -1) * Math.exp(logBesselI(j, kappa) - logBesselI(0, kappa))) / (j * j)
  return squared(Math.PI) / 3 + 4 * sum
}

export const intervalFamilies = { beta, uniform, von_mises } satisfies Record<string, FamilyRule>
