import { atan2 } from '../base/special/inverse-trigonometric.ts'
import { log } from '../base/special/logarithm.ts'
import { tan } from '../base/special/tangent.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Formulas } from '../ir/maths.ts'
import { standard } from './formulas/gaussian.ts'
import { student } from './formulas/powers.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['mu: real', 'sigma: positive'],
  support: { interval: [-Infinity, Infinity] },
  over: 0,
  doc: 'location mu, scale sigma',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, cauchy',
  logDensity: (m, x, [mu, sigma]) => m.neg(m.plus(m.log1p_square(m.sub(x, mu), sigma), m.log(sigma), m.k(log(Math.PI)))),
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [mu, sigma]) => {
    const z = standard(m, x, mu, sigma)
    return { lower: cauchyLogUpper(m, m.neg(z)), upper: cauchyLogUpper(m, z) }
  },
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [mu, sigma]) => atan2(1, (mu - x) / sigma) / Math.PI,
  quantile: (p, [mu, sigma]) => mu + sigma * cauchyQuantile(p),
}

export const moments: NumberMoments<typeof signature> = {
  mean: () => Number.NaN,
  variance: () => Number.NaN,
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [mu, sigma]) => mu + sigma * tan(Math.PI * (stream.uniform() - 0.5)),
}

export const power: Power<typeof signature> = {
  weighs: [1],
  at: (m, [mu, sigma], t) => student(m, m.k(1), mu, sigma, t),
}

/** P(Z > z) = atan(1 / z) / pi for positive z, which keeps its digits far out; 1/2 - atan(z) / pi elsewhere. */
function cauchyLogUpper(m: Formulas, z: NodeId): NodeId {
  const far = m.less(m.k(1), z)
  const inverse = m.atan(m.reciprocal(m.where(far, z, m.k(1))))
  const direct = m.sub(m.k(Math.PI / 2), m.atan(z))
  return m.sub(m.log(m.where(far, inverse, direct)), m.k(log(Math.PI)))
}

/** -1 / tan(pi p) keeps its digits for small p. */
function cauchyQuantile(p: number): number {
  if (p < 0.25) return -1 / tan(Math.PI * p)
  return p > 0.75 ? 1 / tan(Math.PI * (1 - p)) : tan(Math.PI * (p - 0.5))
}
