import { expm1 } from '../base/special/hyperbolic.ts'
import { log1p } from '../base/special/logarithm.ts'
import { guarded, isNonnegative, tailsAbove, tailsFromUpper } from './formulas/guards.ts'
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
  parameters: ['beta: positive [0, inf)'],
  support: { interval: [0, Infinity] },
  over: 0,
  doc: 'rate beta',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, exponential',
  logDensity: (m, x, [beta], context) => guarded(m, context, x, isNonnegative(m, x), m.k(0), (y) => m.sub(m.log(beta), m.mul(beta, y))),
}

export const interior: Interior<typeof signature> = { logDensity: (m, x, [beta]) => m.sub(m.log(beta), m.mul(beta, x)) }

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [beta]) => tailsAbove(m, m.k(0), x, (y) => tailsFromUpper(m, m.neg(m.mul(beta, y)))),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [beta]) => (x <= 0 ? 0 : -expm1(-beta * x)),
  quantile: (p, [beta]) => -log1p(-p) / beta,
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([beta]) => 1 / beta,
  variance: ([beta]) => 1 / (beta * beta),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [beta]) => stream.exponential() / beta,
}

export const power: Power<typeof signature> = {
  weighs: [0],
  at: (m, [beta], t) => ({ family: 'exponential', args: [m.div(beta, t)] }),
}

export const aliases: Aliases = { names: ['expon', 'Exp'], parameters: { rate: 'beta' } }
