import { expm1 } from '../base/special/hyperbolic.ts'
import { log1p } from '../base/special/logarithm.ts'
import { forever, guardedCount, one } from './formulas/counts.ts'
import { tailsFromUpper, tailsOfCounts, xlog1my } from './formulas/guards.ts'
import { atWhole, invertDiscrete } from './numbers/invert.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['theta: probability'],
  support: { whole: [0, Infinity] },
  over: 0,
  doc: 'failures before the first success of probability theta',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'failures before the first success: neg_binomial of Stan with alpha = 1 and beta = theta / (1 - theta)',
  logDensity: (m, x, [theta], context) => guardedCount(m, context, x, (y) => m.add(m.log(theta), xlog1my(m, y, theta))),
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, k, [theta]) => tailsOfCounts(m, k, forever(m), (y) => tailsFromUpper(m, m.mul(m.add(y, one(m)), m.log1p(m.neg(theta))))),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [theta]) => atWhole(x, (k) => -expm1((k + 1) * log1p(-theta))),
  quantile: (p, [theta]) => invertDiscrete((k) => -expm1((k + 1) * log1p(-theta)), p),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([theta]) => (1 - theta) / theta,
  variance: ([theta]) => (1 - theta) / (theta * theta),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [theta]) => (theta >= 1 ? 0 : Math.floor(stream.exponential() / -log1p(-theta))),
}

export const power: Power<typeof signature> = {
  weighs: [0],
  // (1 - theta)^(x / T).
  at: (m, [theta], t) => ({ family: 'geometric', args: [m.neg(m.expm1(m.div(m.log1p(m.neg(theta)), t)))] }),
}
