import { gammaP } from '../base/special/incomplete.ts'
import { normalQuantile } from '../base/special/normal-quantile.ts'
import { squared } from '../base/special/pow.ts'
import { gaussianKernel, normalLogDensity } from './formulas/gaussian.ts'
import { guarded, isNonnegative, tailsAbove } from './formulas/guards.ts'
import { rooted } from './formulas/powers.ts'
import { gammaQuantile } from './numbers/gamma.ts'
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
  parameters: ['sigma: positive'],
  support: { interval: [0, Infinity] },
  over: 0,
  doc: 'absolute value of normal(0, sigma); normalised on the half line',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan: normal(0, sigma) on a variable with lower bound 0, here normalised on the half line',
  logDensity: (m, x, [sigma], context) =>
    guarded(m, context, x, isNonnegative(m, x), m.k(0), (y) => m.add(normalLogDensity(m, y, m.k(0), sigma), m.k(Math.LN2))),
  refuses: [0],
}

export const interior: Interior<typeof signature> = { logDensity: (m, x, [sigma]) => m.add(gaussianKernel(m, x, sigma), m.k(Math.LN2)) }

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [sigma]) =>
    tailsAbove(m, m.k(0), x, (y) => {
      const z = m.mul(m.div(y, sigma), m.k(Math.SQRT1_2))
      return { lower: m.log(m.erf(z)), upper: m.log_erfc(z) }
    }),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [sigma]) => (x <= 0 ? 0 : gammaP(0.5, 0.5 * squared(x / sigma))),
  quantile: (p, [sigma]) => (p < 0.1 ? sigma * Math.SQRT2 * Math.sqrt(gammaQuantile(p, 0.5)) : -sigma * normalQuantile(0.5 * (1 - p))),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([sigma]) => sigma * Math.sqrt(2 / Math.PI),
  variance: ([sigma]) => sigma * sigma * (1 - 2 / Math.PI),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [sigma]) => Math.abs(sigma * stream.normal()),
}

export const power: Power<typeof signature> = {
  weighs: [0],
  at: (m, [sigma], t) => ({ family: 'half_normal', args: [rooted(m, sigma, t)] }),
}

export const aliases: Aliases = { names: ['halfnormal'] }
