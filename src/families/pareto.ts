import { exp } from '../base/special/exponential.ts'
import { expm1 } from '../base/special/hyperbolic.ts'
import { log, log1p } from '../base/special/logarithm.ts'
import { squared } from '../base/special/pow.ts'
import { beyond } from './formulas/certain.ts'
import { guarded, tailsAbove, tailsFromUpper } from './formulas/guards.ts'
import { decay } from './formulas/powers.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { Interior } from './parts/interior.ts'
import type { Limits } from './parts/limits.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['y_min: positive', 'alpha: positive [0, inf)'],
  support: { interval: ['y_min', Infinity] },
  over: 0,
  doc: 'minimum y_min, shape alpha',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, pareto',
  logDensity: (m, x, [least, alpha], context) => {
    const inside = m.mul(m.less_equal(least, x), m.less(x, m.k(Number.POSITIVE_INFINITY)))
    return guarded(m, { ...context, inside: false }, x, inside, least, (y) => {
      // Near the minimum the logs differ in their last digits only.
      const near = m.less(y, m.mul(m.k(2), least))
      const step = m.log1p(m.div(m.sub(m.where(near, y, least), least), least))
      const decay = m.mul(alpha, m.where(near, step, m.sub(m.log(y), m.log(least))))
      return m.sub(m.log(alpha), m.add(decay, m.log(y)))
    })
  },
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [least, alpha]) => m.sub(m.log(alpha), m.add(m.mul(alpha, m.sub(m.log(x), m.log(least))), m.log(x))),
}

export const limits: Limits = { 1: { low: beyond } }

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [least, alpha]) => tailsAbove(m, least, x, (y) => tailsFromUpper(m, m.neg(m.mul(alpha, m.sub(m.log(y), m.log(least)))))),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [least, alpha]) => (x <= least ? 0 : -expm1(alpha * log(least / x))),
  quantile: (p, [least, alpha]) => least * exp(-log1p(-p) / alpha),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([least, alpha]) => (alpha > 1 ? (alpha * least) / (alpha - 1) : Number.POSITIVE_INFINITY),
  variance: ([least, alpha]) => (alpha > 2 ? squared(least / (alpha - 1)) * (alpha / (alpha - 2)) : Number.POSITIVE_INFINITY),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [least, alpha]) => least * exp(stream.exponential() / alpha),
}

export const power: Power<typeof signature> = {
  weighs: [0, 1],
  at: (m, [least, alpha], t) => {
    const shape = decay(m, alpha, t)
    return { family: 'pareto', args: [least, shape], positive: shape }
  },
}
