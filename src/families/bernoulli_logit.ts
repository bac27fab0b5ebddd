import { always, never } from './formulas/certain.ts'
import { guardedBit, one } from './formulas/counts.ts'
import { tailsOfCounts } from './formulas/guards.ts'
import { bernoulliCdf, inverseLogit } from './numbers/binomial.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { Limits } from './parts/limits.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['alpha: real [-inf, inf]'],
  support: { whole: [0, 1] },
  over: 0,
  doc: 'log odds alpha of 1',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, bernoulli_logit; linear in x',
  logDensity: (m, x, [alpha], context) => guardedBit(m, context, x, (y) => m.sub(m.mul(y, alpha), m.softplus(alpha))),
}

export const limits: Limits = { 0: { low: never, high: always } }

export const masses: TailMasses<typeof signature> = {
  tails: (m, k, [alpha]) =>
    tailsOfCounts(m, k, one(m), () => ({ lower: m.neg(m.softplus(alpha)), upper: m.neg(m.softplus(m.neg(alpha))) })),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [alpha]) => bernoulliCdf(x, inverseLogit(alpha)),
  quantile: (p, [alpha]) => (p <= inverseLogit(-alpha) ? 0 : 1),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([alpha]) => inverseLogit(alpha),
  variance: ([alpha]) => inverseLogit(alpha) * inverseLogit(-alpha),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [alpha]) => (stream.uniform() < inverseLogit(alpha) ? 1 : 0),
}

export const power: Power<typeof signature> = {
  weighs: [0],
  at: (m, [alpha], t) => ({ family: 'bernoulli_logit', args: [m.div(alpha, t)] }),
}
