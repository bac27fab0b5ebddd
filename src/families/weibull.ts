import { exp } from '../base/special/exponential.ts'
import { expm1 } from '../base/special/hyperbolic.ts'
import { log1p } from '../base/special/logarithm.ts'
import { lgamma } from '../base/special/operations.ts'
import { pow, squared } from '../base/special/pow.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Formulas } from '../ir/maths.ts'
import { beyond } from './formulas/certain.ts'
import { guarded, isNonnegative, tailsAbove, tailsFromUpper, xlogy } from './formulas/guards.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { Limits } from './parts/limits.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['alpha: positive', 'sigma: positive (0, inf]'],
  support: { interval: [0, Infinity] },
  edges: [{ at: 0, unless: ['alpha', 1] }],
  over: 0,
  doc: 'shape alpha, scale sigma',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, weibull (shape and scale)',
  logDensity: (m, x, [alpha, sigma], context) =>
    guarded(m, context, x, isNonnegative(m, x), m.k(1), (y) => {
      // Away from 0 in the log of y alone, whose derivatives are added before they are divided by y.
      const shape = m.sub(alpha, m.k(1))
      const zero = m.equal(y, m.k(0))
      const logY = m.log(m.where(zero, m.k(1), y))
      const power = m.exp(m.mul(alpha, m.sub(logY, m.log(sigma))))
      const kernel = m.where(zero, xlogy(m, shape, m.where(zero, y, m.k(1))), m.sub(m.mul(shape, logY), power))
      return m.add(m.sub(m.log(alpha), m.mul(alpha, m.log(sigma))), kernel)
    }),
}

export const limits: Limits = { 1: { high: beyond } }

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [alpha, sigma]) => tailsAbove(m, m.k(0), x, (y) => tailsFromUpper(m, m.neg(powerOf(m, y, sigma, alpha)))),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [alpha, sigma]) => (x <= 0 ? 0 : -expm1(-pow(x / sigma, alpha))),
  quantile: (p, [alpha, sigma]) => sigma * pow(-log1p(-p), 1 / alpha),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([alpha, sigma]) => sigma * exp(lgamma(1 + 1 / alpha)),
  variance: ([alpha, sigma]) => squared(sigma) * (exp(lgamma(1 + 2 / alpha)) - exp(2 * lgamma(1 + 1 / alpha))),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [alpha, sigma]) => sigma * pow(stream.exponential(), 1 / alpha),
}

export const power: Power<typeof signature> = {
  never: 'the power of a weibull density is no density of a family here',
}

/** (x / sigma)^alpha for x >= 0, with derivatives 0 instead of 0 times infinity at 0. */
function powerOf(m: Formulas, x: NodeId, sigma: NodeId, alpha: NodeId): NodeId {
  const zero = m.equal(x, m.k(0))
  return m.where(zero, m.k(0), m.exp(m.mul(alpha, m.sub(m.log(m.where(zero, m.k(1), x)), m.log(sigma)))))
}
