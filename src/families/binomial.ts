import { binomialTails, guardedTrials } from './formulas/counts.ts'
import { logChoose, xlog1my, xlogy } from './formulas/guards.ts'
import { binomialCdf, drawBinomial } from './numbers/binomial.ts'
import { invertDiscrete } from './numbers/invert.ts'
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
  parameters: ['n: count', 'theta: probability'],
  support: { whole: [0, 'n'] },
  over: 0,
  doc: 'n trials of probability theta',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, binomial',
  logDensity: (m, x, [n, theta]) =>
    guardedTrials(m, x, n, (y) => m.plus(logChoose(m, n, y), xlogy(m, y, theta), xlog1my(m, m.sub(n, y), theta))),
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [n, theta]) => m.plus(logChoose(m, n, x), m.mul(x, m.log(theta)), m.mul(m.sub(n, x), m.log(m.sub(m.k(1), theta)))),
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, k, [n, theta]) => binomialTails(m, k, n, m.sub(m.log(theta), m.log1p(m.neg(theta)))),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [n, theta]) => binomialCdf(x, n, theta),
  quantile: (p, [n, theta]) => invertDiscrete((k) => binomialCdf(k, n, theta), p, n),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([n, theta]) => n * theta,
  variance: ([n, theta]) => n * theta * (1 - theta),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [n, theta]) => drawBinomial(stream, n, theta),
}

export const power: Power<typeof signature> = {
  never: 'the number of arrangements of a binomial is not divided by T with the rest',
}

export const aliases: Aliases = { names: ['Binom', 'binom'] }
