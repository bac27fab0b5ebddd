import { guardedBit, one } from './formulas/counts.ts'
import { tailsOfCounts } from './formulas/guards.ts'
import { bernoulliCdf } from './numbers/binomial.ts'
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
  parameters: ['theta: probability'],
  support: { whole: [0, 1] },
  over: 0,
  doc: 'probability theta of 1',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, bernoulli',
  logDensity: (m, x, [theta], context) => guardedBit(m, context, x, (y) => m.log(m.where(m.equal(y, one(m)), theta, m.sub(one(m), theta)))),
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [theta]) => m.add(m.mul(x, m.log(theta)), m.mul(m.sub(m.k(1), x), m.log(m.sub(m.k(1), theta)))),
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, k, [theta]) => tailsOfCounts(m, k, one(m), () => ({ lower: m.log1p(m.neg(theta)), upper: m.log(theta) })),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [theta]) => bernoulliCdf(x, theta),
  quantile: (p, [theta]) => (p <= 1 - theta ? 0 : 1),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([theta]) => theta,
  variance: ([theta]) => theta * (1 - theta),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [theta]) => (stream.uniform() < theta ? 1 : 0),
}

export const power: Power<typeof signature> = {
  weighs: [0],
  at: (m, [theta], t) => ({
    family: 'bernoulli_logit',
    args: [m.div(m.sub(m.log(theta), m.log1p(m.neg(theta))), t)],
  }),
}

export const aliases: Aliases = { names: ['Bern', 'bern'] }
