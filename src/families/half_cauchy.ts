import { atan } from '../base/special/inverse-trigonometric.ts'
import { log } from '../base/special/logarithm.ts'
import { tan } from '../base/special/tangent.ts'
import type { NodeId } from '../ir/graph.ts'
import { guarded, isNonnegative, tailsAbove } from './formulas/guards.ts'
import { student } from './formulas/powers.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['sigma: positive'],
  support: { interval: [0, Infinity] },
  over: 0,
  doc: 'absolute value of cauchy(0, sigma); normalised on the half line',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan: cauchy(0, sigma) on a variable with lower bound 0, here normalised on the half line',
  logDensity: (m, x, [sigma], context) =>
    guarded(m, context, x, isNonnegative(m, x), m.k(0), (y) => m.sub(m.k(log(2 / Math.PI)), m.add(m.log1p_square(y, sigma), m.log(sigma)))),
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [sigma]) =>
    tailsAbove(m, m.k(0), x, (y) => {
      const angle = (tangent: NodeId): NodeId => m.add(m.log(m.atan(tangent)), m.k(log(2 / Math.PI)))
      return { lower: angle(m.div(y, sigma)), upper: angle(m.div(sigma, y)) }
    }),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [sigma]) => (x <= 0 ? 0 : (2 / Math.PI) * atan(x / sigma)),
  quantile: (p, [sigma]) => (p > 0.5 ? sigma / tan(0.5 * Math.PI * (1 - p)) : sigma * tan(0.5 * Math.PI * p)),
}

export const moments: NumberMoments<typeof signature> = {
  mean: () => Number.POSITIVE_INFINITY,
  variance: () => Number.POSITIVE_INFINITY,
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [sigma]) => sigma * tan(0.5 * Math.PI * stream.uniform()),
}

export const power: Power<typeof signature> = {
  weighs: [0],
  at: (m, [sigma], t) => ({
    ...student(m, m.k(1), m.k(0), sigma, t),
    range: { lower: 0, upper: Number.POSITIVE_INFINITY },
  }),
}

export const aliases: Aliases = { names: ['halfcauchy'] }
