import { guardedCount, one, poissonTails } from './formulas/counts.ts'
import { xlogy } from './formulas/guards.ts'
import { stirlingRest } from './formulas/stirling.ts'
import { invertDiscrete } from './numbers/invert.ts'
import { drawPoisson, poissonCdf } from './numbers/poisson.ts'
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
  parameters: ['lambda: positive [0, inf)'],
  support: { whole: [0, Infinity] },
  over: 0,
  doc: 'rate lambda',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, poisson',
  logDensity: (m, x, [rate], context) =>
    guardedCount(m, context, x, (y) => {
      // y log(u) - a (u - 1) for u = rate / a and a = y + 1, and what of lgamma(a) is left then: no large parts cancel.
      const a = m.add(y, one(m))
      const u = m.div(rate, a)
      const constant = m.add(m.mul(m.k(0.5), m.log(a)), stirlingRest(m, a))
      return m.sub(m.sub(xlogy(m, y, u), m.mul(a, m.sub(u, one(m)))), constant)
    }),
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [rate]) => m.sub(m.sub(m.mul(x, m.log(rate)), rate), m.lgamma(m.add(x, one(m)))),
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, k, [rate]) => poissonTails(m, k, rate),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [rate]) => poissonCdf(x, rate),
  quantile: (p, [rate]) => invertDiscrete((k) => poissonCdf(k, rate), p),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([rate]) => rate,
  variance: ([rate]) => rate,
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [rate]) => drawPoisson(stream, rate),
}

export const power: Power<typeof signature> = {
  never: 'a power of 1 / x! is no density of a family here',
}

export const aliases: Aliases = { names: ['Pois', 'pois'], parameters: { rate: 'lambda' } }
