import { gammaP } from '../base/special/incomplete.ts'
import { beyond } from './formulas/certain.ts'
import { gammaKernel, gammaLogDensity, gammaTails } from './formulas/gamma.ts'
import { gammaPower } from './formulas/powers.ts'
import { drawGamma, gammaQuantile } from './numbers/gamma.ts'
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
  parameters: ['alpha: positive', 'beta: positive [0, inf)'],
  support: { interval: [0, Infinity], open: true },
  edges: [{ at: 0, unless: ['alpha', 1] }],
  over: 0,
  doc: 'shape alpha, rate beta',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, gamma (shape and inverse scale)',
  logDensity: (m, x, [alpha, beta], context) => gammaLogDensity(m, x, alpha, beta, context),
}

export const interior: Interior<typeof signature> = { logDensity: (m, x, [alpha, beta]) => gammaKernel(m, x, alpha, beta) }

export const limits: Limits = { 1: { low: beyond } }

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [alpha, beta]) => gammaTails(m, x, alpha, beta),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [alpha, beta]) => gammaP(alpha, beta * x),
  quantile: (p, [alpha, beta]) => gammaQuantile(p, alpha) / beta,
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([alpha, beta]) => alpha / beta,
  variance: ([alpha, beta]) => alpha / (beta * beta),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [alpha, beta]) => drawGamma(stream, alpha) / beta,
}

export const power: Power<typeof signature> = {
  weighs: [0, 1],
  at: (m, [alpha, beta], t) => gammaPower(m, alpha, beta, t),
}

export const aliases: Aliases = { parameters: { rate: 'beta' } }
