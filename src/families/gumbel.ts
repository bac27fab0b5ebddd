import { exp } from '../base/special/exponential.ts'
import { log } from '../base/special/logarithm.ts'
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
  parameters: ['mu: real', 'beta: positive'],
  support: { interval: [-Infinity, Infinity] },
  over: 0,
  doc: 'location mu, scale beta',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, gumbel',
  logDensity: (m, x, [mu, beta]) => {
    // Below -1000 both forms are minus infinity; the bound keeps infinity minus infinity out.
    const z = m.max(standard(m, x, mu, beta), m.k(-1000))
    return m.neg(m.plus(z, m.exp(m.neg(z)), m.log(beta)))
  },
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [mu, beta]) => {
    const lower = m.neg(m.exp(m.neg(standard(m, x, mu, beta))))
    return { lower, upper: m.log(m.neg(m.expm1(lower))) }
  },
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [mu, beta]) => exp(-exp((mu - x) / beta)),
  quantile: (p, [mu, beta]) => mu - beta * log(-log(p)),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([mu, beta]) => mu + 0.5772156649015329 * beta,
  variance: ([, beta]) => squared(Math.PI * beta) / 6,
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [mu, beta]) => mu - beta * log(stream.exponential()),
}

export const power: Power<typeof signature> = {
  never: 'the power of a gumbel density is no density of a family here',
}
