import { exp } from '../base/special/exponential.ts'
import { gammaQ } from '../base/special/incomplete.ts'
import { squared } from '../base/special/pow.ts'
import { beyond } from './formulas/certain.ts'
import { nearby } from './formulas/gamma.ts'
import { guarded, isPositive, tailsAbove } from './formulas/guards.ts'
import { decay } from './formulas/powers.ts'
import { stirlingRest } from './formulas/stirling.ts'
import { drawLogGamma } from './numbers/gamma.ts'
import { invertContinuous } from './numbers/invert.ts'
import type { Aliases } from './parts/aliases.ts'
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
  parameters: ['alpha: positive [0, inf)', 'beta: positive'],
  support: { interval: [0, Infinity], open: true },
  over: 0,
  doc: 'shape alpha, scale beta',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, inv_gamma (shape and scale)',
  logDensity: (m, x, [alpha, beta], context) =>
    guarded(m, context, x, isPositive(m, x), m.k(1), (y) => {
      // Far from the mode in the log of y alone, whose derivatives are added before they are divided by y. Near it as gamma.
      const a = m.add(alpha, m.k(1))
      const logR = m.sub(m.log(beta), m.log(y))
      const r = m.exp(logR)
      const { near, u } = nearby(m, m.div(m.div(beta, y), a))
      const power = m.mul(a, m.where(near, m.log(u), m.sub(logR, m.log(a))))
      const kernel = m.sub(power, m.where(near, m.mul(a, m.sub(u, m.k(1))), m.sub(r, a)))
      const rest = m.sub(stirlingRest(m, a), m.mul(m.k(0.5), m.log(a)))
      return m.add(m.sub(m.sub(m.log(alpha), m.log(beta)), rest), kernel)
    }),
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [alpha, beta]) =>
    m.sub(m.sub(m.mul(alpha, m.log(beta)), m.lgamma(alpha)), m.add(m.mul(m.add(alpha, m.k(1)), m.log(x)), m.div(beta, x))),
}

export const limits: Limits = { 0: { low: beyond } }

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [alpha, beta]) =>
    tailsAbove(m, m.k(0), x, (y) => {
      const inverse = m.div(beta, y)
      return { lower: m.log_gamma_q(alpha, inverse), upper: m.log_gamma_p(alpha, inverse) }
    }),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [alpha, beta]) => (x <= 0 || alpha === 0 ? 0 : gammaQ(alpha, beta / x)),
  quantile: (p, [alpha, beta]) => invertContinuous((x) => (x <= 0 ? 0 : gammaQ(alpha, beta / x)), p),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([alpha, beta]) => (alpha > 1 ? beta / (alpha - 1) : Number.POSITIVE_INFINITY),
  variance: ([alpha, beta]) => (alpha > 2 ? squared(beta / (alpha - 1)) / (alpha - 2) : Number.POSITIVE_INFINITY),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [alpha, beta]) => beta * exp(-drawLogGamma(stream, alpha)),
}

export const power: Power<typeof signature> = {
  weighs: [0, 1],
  at: (m, [alpha, beta], t) => {
    const shape = decay(m, alpha, t)
    return { family: 'inverse_gamma', args: [shape, m.div(beta, t)], positive: shape }
  },
}

export const aliases: Aliases = { names: ['inv_gamma', 'invgamma', 'InvGamma', 'IG'] }
