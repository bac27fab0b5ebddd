import type { NodeId } from '../ir/graph.ts'
import type { Formulas } from '../ir/maths.ts'
import { standard } from './formulas/gaussian.ts'
import { TINY } from './formulas/legal.ts'
import { student } from './formulas/powers.ts'
import { drawGamma } from './numbers/gamma.ts'
import { studentCdf, studentQuantile } from './numbers/student.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['nu: positive', 'mu: real', 'sigma: positive'],
  support: { interval: [-Infinity, Infinity] },
  over: 0,
  doc: 'nu degrees of freedom, location mu, scale sigma',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, student_t',
  logDensity: (m, x, [nu, mu, sigma]) => {
    const half = m.k(0.5)
    const shape = m.mul(half, m.add(nu, m.k(1)))
    const kernel = m.mul(shape, m.log1p_square(m.sub(x, mu), m.max(m.mul(sigma, m.sqrt(nu)), m.k(TINY))))
    // Gamma((nu + 1) / 2) / (Gamma(nu / 2) sqrt(pi)) = 1 / B(nu / 2, 1 / 2), whose large parts cancel before they are rounded.
    const constant = m.neg(m.add(m.log_beta(m.mul(half, nu), half), m.mul(half, m.log(nu))))
    return m.sub(constant, m.add(m.log(sigma), kernel))
  },
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [nu, mu, sigma]) => {
    const z = standard(m, x, mu, sigma)
    return { lower: studentLogUpper(m, m.neg(z), nu), upper: studentLogUpper(m, z, nu) }
  },
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [nu, mu, sigma]) => studentCdf((x - mu) / sigma, nu),
  quantile: (p, [nu, mu, sigma]) => mu + sigma * studentQuantile(p, nu),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([nu, mu]) => (nu > 1 ? mu : Number.NaN),
  variance: ([nu, , sigma]) => (nu > 2 ? (sigma * sigma * nu) / (nu - 2) : nu > 1 ? Number.POSITIVE_INFINITY : Number.NaN),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [nu, mu, sigma]) => mu + (sigma * stream.normal()) / Math.sqrt(drawGamma(stream, nu / 2) / (nu / 2)),
}

export const power: Power<typeof signature> = {
  weighs: [0, 2],
  at: (m, [nu, mu, sigma], t) => student(m, nu, mu, sigma, t),
}

export const aliases: Aliases = { names: ['students_t', 't', 'StudentT'] }

/**
 * log P(T > t): for positive t half of I(nu / 2, 1 / 2) at nu / (nu + t^2), and one minus that of -t for negative t. The
 * smallest distance from 0 keeps the derivative there, which is the density, from being 0 times infinity.
 */
function studentLogUpper(m: Formulas, t: NodeId, nu: NodeId): NodeId {
  const far = m.less(m.k(0), t)
  const distance = m.add(m.where(far, t, m.neg(t)), m.k(1e-150))
  const logit = m.sub(m.log(nu), m.mul(m.k(2), m.log(distance)))
  const tail = m.sub(m.log_beta_i(m.mul(m.k(0.5), nu), m.k(0.5), logit), m.k(Math.LN2))
  return m.where(far, tail, m.log1p(m.neg(m.exp(tail))))
}
