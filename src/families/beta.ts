import { betaI } from '../base/special/incomplete.ts'
import { squared } from '../base/special/pow.ts'
import { guarded, isBetween, xlog1my, xlogy } from './formulas/guards.ts'
import { exponent } from './formulas/powers.ts'
import { drawBeta } from './numbers/gamma.ts'
import { invertContinuous } from './numbers/invert.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { Interior } from './parts/interior.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['alpha: positive', 'beta: positive'],
  support: { interval: [0, 1] },
  edges: [
    { at: 0, unless: ['alpha', 1] },
    { at: 1, unless: ['beta', 1] },
  ],
  over: 0,
  doc: 'shapes alpha and beta',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, beta',
  logDensity: (m, x, [a, b], context) =>
    guarded(m, context, x, isBetween(m, m.k(0), x, m.k(1)), m.k(0.5), (y) => {
      const one = m.k(1)
      return m.sub(m.add(xlogy(m, m.sub(a, one), y), xlog1my(m, m.sub(b, one), y)), m.log_beta(a, b))
    }),
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [a, b]) => {
    const one = m.k(1)
    return m.sub(m.add(m.mul(m.sub(a, one), m.log(x)), m.mul(m.sub(b, one), m.log(m.sub(one, x)))), m.log_beta(a, b))
  },
}

export const masses: TailMasses<typeof signature> = {
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
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [a, b]) => betaI(a, b, x),
  quantile: (p, [a, b]) => invertContinuous((x) => betaI(a, b, x), p, 0, 1),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([a, b]) => a / (a + b),
  variance: ([a, b]) => (a * b) / (squared(a + b) * (a + b + 1)),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [a, b]) => drawBeta(stream, a, b),
}

export const power: Power<typeof signature> = {
  weighs: [0, 1],
  at: (m, [a, b], t) => {
    const shapes = [exponent(m, a, t), exponent(m, b, t)] as const
    return { family: 'beta', args: shapes, positive: m.min(...shapes) }
  },
}
