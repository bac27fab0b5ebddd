import { exp } from '../base/special/exponential.ts'
import { log, log1p } from '../base/special/logarithm.ts'
import { squared } from '../base/special/pow.ts'
import { standard } from './formulas/gaussian.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['mu: real', 'sigma: positive'],
  support: { interval: [-Infinity, Infinity] },
  over: 0,
  doc: 'location mu, scale sigma',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, logistic; written as 1 / (4 sigma cosh(z / 2)^2)',
  logDensity: (m, x, [mu, sigma]) => {
    const z = standard(m, x, mu, sigma)
    return m.neg(m.plus(m.mul(m.k(2), m.logcosh(m.mul(m.k(0.5), z))), m.log(sigma), m.k(2 * Math.LN2)))
  },
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [mu, sigma]) => {
    const z = standard(m, x, mu, sigma)
    return { lower: m.neg(m.softplus(m.neg(z))), upper: m.neg(m.softplus(z)) }
  },
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [mu, sigma]) => 1 / (1 + exp((mu - x) / sigma)),
  quantile: (p, [mu, sigma]) => mu + sigma * logit(p),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([mu]) => mu,
  variance: ([, sigma]) => squared(Math.PI * sigma) / 3,
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [mu, sigma]) => mu + sigma * logit(stream.uniform()),
}

export const power: Power<typeof signature> = {
  // exp(-z / T) (1 + exp(-z))^(-2 / T) is the logit of a beta(1/T, 1/T).
  never: 'the power of a logistic density is no density of a family here',
}

function logit(p: number): number {
  return log(p) - log1p(-p)
}
