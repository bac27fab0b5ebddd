import { exp } from '../base/special/exponential.ts'
import { log } from '../base/special/logarithm.ts'
import { squaredDistance } from './formulas/factors.ts'
import { covariance, first, half, LOG_PI, where } from './formulas/matrices.ts'
import { length } from './formulas/powers.ts'
import { drawLogGamma } from './numbers/gamma.ts'
import { correlated } from './numbers/matrices.ts'
import { at, fill } from './numbers/values.ts'
import type { Density } from './parts/density.ts'
import type { VectorDraw } from './parts/draw.ts'
import type { AxisMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['nu: positive', 'mu: vector', 'sigma: covariance'],
  support: { vector: 'real' },
  over: 1,
  doc: 'nu degrees of freedom, location mu, scale matrix sigma',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, multi_student_t; minus infinity where sigma is not positive definite',
  logDensity: (m, x, [nu, mu, sigma], context) => {
    const axis = first(context)
    const n = m.builder.size(axis)
    const s = covariance(m, context, 2, sigma, axis)
    // Below, squared distances over nu are no numbers.
    const some = m.less_equal(m.k(1e-100), nu)
    const free = m.where(some, nu, m.k(1))
    const all = half(m, m.add(free, n))
    const gammas = m.sub(m.lgamma(half(m, n)), m.log_beta(half(m, free), half(m, n)))
    const constant = m.sub(gammas, half(m, m.mul(n, m.add(m.log(free), m.k(LOG_PI)))))
    const kernel = m.mul(all, m.log1p(m.div(squaredDistance(m, s, m.sub(x, mu)), free)))
    return where(m, [some, s.valid], m.sub(m.sub(constant, half(m, s.logDeterminant)), kernel))
  },
}

export const moments: AxisMoments<typeof signature> = {
  means: ([nu, mu], size) => fill(size, (i) => ((nu[0] as number) > 1 ? at(mu, i) : Number.NaN)),
  variances: ([[nu = Number.NaN], , sigma], size) => {
    const factor = nu > 2 ? nu / (nu - 2) : nu > 1 ? Number.POSITIVE_INFINITY : Number.NaN
    return fill(size, (i) => factor * (sigma[i * size + i] as number))
  },
}

export const draw: VectorDraw<typeof signature> = {
  /** A normal vector over the root of a chi square divided by its degrees of freedom. */
  vector: (stream, [nu, mu, sigma], size) => {
    const shape = 0.5 * (nu[0] as number)
    const scale = exp(0.5 * (log(shape) - drawLogGamma(stream, shape)))
    return correlated(stream, sigma, size).map((v, i) => at(mu, i) + scale * v)
  },
}

export const power: Power<typeof signature> = {
  weighs: [0, 2],
  at: (m, [nu, mu, sigma], t, context) => {
    // As student_t, with (nu + n) / 2 for (nu + 1) / 2.
    const n = length(m, context)
    const degrees = m.sub(m.div(m.add(nu, n), t), n)
    return { family: 'multi_student_t', args: [degrees, mu, m.mul(sigma, m.div(nu, degrees))], positive: degrees }
  },
}
