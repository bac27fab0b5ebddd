import { exp } from '../base/special/exponential.ts'
import { never } from './formulas/certain.ts'
import { guardedCount, one, poissonTails } from './formulas/counts.ts'
import { invertDiscrete } from './numbers/invert.ts'
import { drawPoisson, poissonCdf } from './numbers/poisson.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { Limits } from './parts/limits.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['alpha: real [-inf, inf)'],
  support: { whole: [0, Infinity] },
  over: 0,
  doc: 'log rate alpha',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, poisson_log',
  logDensity: (m, x, [alpha], context) =>
    guardedCount(m, context, x, (y) => m.sub(m.sub(m.mul(y, alpha), m.exp(alpha)), m.lgamma(m.add(y, one(m))))),
}

export const limits: Limits = { 0: { low: never } }

export const masses: TailMasses<typeof signature> = {
  tails: (m, k, [alpha]) => poissonTails(m, k, m.exp(alpha)),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [alpha]) => poissonCdf(x, exp(alpha)),
  quantile: (p, [alpha]) => invertDiscrete((k) => poissonCdf(k, exp(alpha)), p),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([alpha]) => exp(alpha),
  variance: ([alpha]) => exp(alpha),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [alpha]) => drawPoisson(stream, exp(alpha)),
}

export const power: Power<typeof signature> = {
  never: 'a power of 1 / x! is no density of a family here',
}
