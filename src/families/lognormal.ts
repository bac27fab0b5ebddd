import { erfc } from '../base/special/erf.ts'
import { exp } from '../base/special/exponential.ts'
import { expm1 } from '../base/special/hyperbolic.ts'
import { log } from '../base/special/logarithm.ts'
import { normalQuantile } from '../base/special/normal-quantile.ts'
import { gaussianKernel, normalLogDensity, normalTails } from './formulas/gaussian.ts'
import { guarded, isPositive, tailsAbove } from './formulas/guards.ts'
import { rooted } from './formulas/powers.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { Interior } from './parts/interior.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['mu: real', 'sigma: positive'],
  support: { interval: [0, Infinity], open: true },
  over: 0,
  doc: 'the log is normal(mu, sigma)',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, lognormal',
  logDensity: (m, x, [mu, sigma], context) =>
    guarded(m, context, x, isPositive(m, x), m.k(1), (y) => m.sub(normalLogDensity(m, m.log(y), mu, sigma), m.log(y))),
  refuses: [1],
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [mu, sigma]) => m.sub(gaussianKernel(m, m.sub(m.log(x), mu), sigma), m.log(x)),
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [mu, sigma]) => tailsAbove(m, m.k(0), x, (y) => normalTails(m, m.div(m.sub(m.log(y), mu), sigma))),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [mu, sigma]) => (x <= 0 ? 0 : 0.5 * erfc((mu - log(x)) / (sigma * Math.SQRT2))),
  quantile: (p, [mu, sigma]) => exp(mu + sigma * normalQuantile(p)),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([mu, sigma]) => exp(mu + 0.5 * sigma * sigma),
  variance: ([mu, sigma]) => expm1(sigma * sigma) * exp(2 * mu + sigma * sigma),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [mu, sigma]) => exp(mu + sigma * stream.normal()),
}

export const power: Power<typeof signature> = {
  weighs: [0, 1],
  // x^(-1/T) tilts the normal of log(x), dx = x d log(x): its mean moves by (T - 1) sigma^2.
  at: (m, [mu, sigma], t) => ({
    family: 'lognormal',
    args: [m.add(mu, m.mul(m.sub(t, m.k(1)), m.square(sigma))), rooted(m, sigma, t)],
  }),
}

export const aliases: Aliases = { names: ['log_normal', 'lnorm'], parameters: { loc: 'mu' }, onlyThese: true }
