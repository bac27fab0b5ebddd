import { squared } from '../base/special/pow.ts'
import type { NodeId } from '../ir/graph.ts'
import { guarded, isBetween } from './formulas/guards.ts'
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
  parameters: ['lower: real', 'upper: real'],
  support: { interval: ['lower', 'upper'] },
  over: 0,
  doc: 'between lower and upper',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, uniform; both ends belong to the support',
  logDensity: (m, x, [lower, upper], context) =>
    // The bounds may move, so the type of x cannot stand for the guard.
    guarded(m, { ...context, inside: false }, x, isBetween(m, lower, x, upper), lower, () => m.neg(m.log(m.sub(upper, lower)))),
}

export const interior: Interior<typeof signature> = { logDensity: (m, _x, [lower, upper]) => m.neg(m.log(m.sub(upper, lower))) }

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [lower, upper]) => {
    const logShare = (length: NodeId): NodeId => {
      const some = m.less(m.k(0), length)
      const share = m.min(m.div(m.where(some, length, m.k(1)), m.sub(upper, lower)), m.k(1))
      return m.where(some, m.log(share), m.k(Number.NEGATIVE_INFINITY))
    }
    return { lower: logShare(m.sub(x, lower)), upper: logShare(m.sub(upper, x)) }
  },
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [lower, upper]) => Math.max(0, Math.min(1, (x - lower) / (upper - lower))),
  quantile: (p, [lower, upper]) => lower + (upper - lower) * p,
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([lower, upper]) => 0.5 * (lower + upper),
  variance: ([lower, upper]) => squared(upper - lower) / 12,
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [lower, upper]) => lower + (upper - lower) * stream.uniform(),
}

export const power: Power<typeof signature> = {
  weighs: [0, 1],
  at: (_m, args) => ({ family: 'uniform', args }),
}

export const aliases: Aliases = { names: ['flat', 'U', 'unif'] }
