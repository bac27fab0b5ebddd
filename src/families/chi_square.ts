import { gammaP } from '../base/special/incomplete.ts'
import { gammaKernel, gammaLogDensity, gammaTails } from './formulas/gamma.ts'
import { gammaPower } from './formulas/powers.ts'
import { drawGamma, gammaQuantile } from './numbers/gamma.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { Interior } from './parts/interior.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['nu: positive'],
  support: { interval: [0, Infinity], open: true },
  edges: [{ at: 0, unless: ['nu', 2] }],
  over: 0,
  doc: 'nu degrees of freedom',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, chi_square: gamma(nu / 2, 1 / 2)',
  logDensity: (m, x, [nu], context) => gammaLogDensity(m, x, m.mul(m.k(0.5), nu), m.k(0.5), context),
}

export const interior: Interior<typeof signature> = { logDensity: (m, x, [nu]) => gammaKernel(m, x, m.mul(m.k(0.5), nu), m.k(0.5)) }

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [nu]) => gammaTails(m, x, m.mul(m.k(0.5), nu), m.k(0.5)),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [nu]) => gammaP(nu / 2, x / 2),
  quantile: (p, [nu]) => 2 * gammaQuantile(p, nu / 2),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([nu]) => nu,
  variance: ([nu]) => 2 * nu,
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [nu]) => 2 * drawGamma(stream, nu / 2),
}

export const power: Power<typeof signature> = {
  weighs: [0],
  at: (m, [nu], t) => gammaPower(m, m.mul(m.k(0.5), nu), m.k(0.5), t),
}
