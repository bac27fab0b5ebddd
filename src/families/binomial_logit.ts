import type { NodeId } from '../ir/graph.ts'
import { certain, never } from './formulas/certain.ts'
import { binomialTails, guardedTrials } from './formulas/counts.ts'
import { logChoose } from './formulas/guards.ts'
import { binomialCdf, drawBinomial, inverseLogit } from './numbers/binomial.ts'
import { invertDiscrete } from './numbers/invert.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { Limits } from './parts/limits.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['n: count', 'alpha: real [-inf, inf]'],
  support: { whole: [0, 'n'] },
  over: 0,
  doc: 'n trials of log odds alpha',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, binomial_logit; linear in x but for the count of arrangements',
  logDensity: (m, x, [n, alpha]) =>
    guardedTrials(m, x, n, (y) => m.plus(logChoose(m, n, y), m.mul(y, alpha), m.neg(m.mul(n, m.softplus(alpha))))),
}

export const limits: Limits = { 1: { low: never, high: /* @__PURE__ */ certain((_m, [n]) => n as NodeId) } }

export const masses: TailMasses<typeof signature> = {
  tails: (m, k, [n, alpha]) => binomialTails(m, k, n, alpha),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [n, alpha]) => binomialCdf(x, n, inverseLogit(alpha)),
  quantile: (p, [n, alpha]) => invertDiscrete((k) => binomialCdf(k, n, inverseLogit(alpha)), p, n),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([n, alpha]) => n * inverseLogit(alpha),
  variance: ([n, alpha]) => n * inverseLogit(alpha) * inverseLogit(-alpha),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [n, alpha]) => drawBinomial(stream, n, inverseLogit(alpha)),
}

export const power: Power<typeof signature> = {
  never: 'the number of arrangements of a binomial is not divided by T with the rest',
}
