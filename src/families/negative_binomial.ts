import { betaI } from '../base/special/incomplete.ts'
import { beyond, never, tailsAt } from './formulas/certain.ts'
import { forever, guardedCount, one } from './formulas/counts.ts'
import { tailsOfCounts } from './formulas/guards.ts'
import { drawGamma } from './numbers/gamma.ts'
import { atWhole, invertDiscrete } from './numbers/invert.ts'
import { drawPoisson } from './numbers/poisson.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { Limit, Limits } from './parts/limits.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['alpha: positive [0, inf)', 'beta: positive [0, inf]'],
  support: { whole: [0, Infinity] },
  over: 0,
  doc: 'shape alpha, inverse scale beta',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, neg_binomial (shape and inverse scale): a Poisson whose rate is gamma(alpha, beta)',
  logDensity: (m, x, [alpha, beta], context) =>
    guardedCount(m, context, x, (y) => {
      // Gamma(y + alpha) / (Gamma(alpha) y!) = 1 / ((y + alpha) B(alpha, y + 1))
      const arrangements = m.neg(m.add(m.log_beta(alpha, m.add(y, one(m))), m.log(m.add(y, alpha))))
      const logTotal = m.log1p(beta)
      // log(beta / (1 + beta)), whose logs would differ in their last digits for large beta.
      const logShare = m.neg(m.log1p(m.reciprocal(beta)))
      return m.sub(m.add(arrangements, m.mul(alpha, logShare)), m.mul(y, logTotal))
    }),
}

/** A shape of 0 is certain to give 0, alpha log(beta / (1 + beta)) of which is how it comes there. */
const noneOf: Limit = {
  logDensity: (m, x, [alpha = 0, beta = 0]) =>
    m.where(m.equal(x, m.k(0)), m.neg(m.mul(alpha, m.log1p(m.reciprocal(beta)))), m.k(Number.NEGATIVE_INFINITY)),
  tails: (m, x) => tailsAt(m, x, m.k(0)),
}

export const limits: Limits = { 0: { low: noneOf }, 1: { low: beyond, high: never } }

export const masses: TailMasses<typeof signature> = {
  tails: (m, k, [alpha, beta]) =>
    tailsOfCounts(m, k, forever(m), (y) => {
      const upTo = m.add(y, one(m))
      return { lower: m.log_beta_i(alpha, upTo, m.log(beta)), upper: m.log_beta_i(upTo, alpha, m.neg(m.log(beta))) }
    }),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [alpha, beta]) => negativeBinomialCdf(x, alpha, beta),
  quantile: (p, [alpha, beta]) => invertDiscrete((k) => negativeBinomialCdf(k, alpha, beta), p),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([alpha, beta]) => alpha / beta,
  variance: ([alpha, beta]) => (alpha / beta) * (1 + 1 / beta),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [alpha, beta]) => drawPoisson(stream, drawGamma(stream, alpha) / beta),
}

export const power: Power<typeof signature> = {
  never: 'the number of arrangements of a negative binomial is not divided by T with the rest',
}

export const aliases: Aliases = { names: ['neg_binomial', 'nbinom'] }

const negativeBinomialCdf = (x: number, alpha: number, beta: number): number =>
  atWhole(x, (k) => (alpha === 0 ? 1 : betaI(alpha, k + 1, 1 / (1 + 1 / beta))))
