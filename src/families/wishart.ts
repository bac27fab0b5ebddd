import { squared } from '../base/special/pow.ts'
import { traceOfRatio } from './formulas/factors.ts'
import { half } from './formulas/matrices.ts'
import { length } from './formulas/powers.ts'
import { wishartDensity } from './formulas/wishart.ts'
import { bartlett, factor, gram, product } from './numbers/matrices.ts'
import { diagonals, fill, square } from './numbers/values.ts'
import type { Density } from './parts/density.ts'
import type { MatrixDraw } from './parts/draw.ts'
import type { AxisMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['nu: positive', 'sigma: covariance'],
  support: { matrix: 'covariance' },
  over: 1,
  doc: 'nu degrees of freedom, scale matrix sigma',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, wishart: a density of the lower triangle; minus infinity where a matrix is not positive definite',
  logDensity: (m, x, args, context) =>
    wishartDensity(m, x, args, context, ({ n, nu, w, s, constant }) => {
      const power = m.mul(half(m, m.sub(m.sub(nu, n), m.k(1))), w.logDeterminant)
      const scale = m.mul(half(m, nu), s.logDeterminant)
      return m.sub(power, m.plus(scale, half(m, traceOfRatio(m, s, w)), constant))
    }),
}

/** Both Wishart families need more degrees of freedom than size - 1. */
export const moments: AxisMoments<typeof signature> = {
  means: ([[nu = Number.NaN], sigma], size) => fill(size * size, (k) => (nu > size - 1 ? nu * (sigma[k] as number) : Number.NaN)),
  variances: ([[nu = Number.NaN], sigma], size) =>
    square(size, (i, j) => (nu > size - 1 ? nu * (squared(sigma[i * size + j] as number) + diagonals(sigma, size, i, j)) : Number.NaN)),
}

export const draw: MatrixDraw<typeof signature> = {
  /** W = L A (L A)' with A as in Bartlett (1933). */
  matrix: (stream, [[nu = Number.NaN], sigma], size) => {
    return gram(product(factor(sigma, size), bartlett(stream, nu, size), size), size)
  },
}

export const power: Power<typeof signature> = {
  weighs: [0, 1],
  // |W|^((nu - n - 1) / (2 T)) exp(-tr(sigma^-1 W) / (2 T)); as many degrees as rows, less less than one.
  at: (m, [nu, sigma], t, context) => {
    const rows = m.add(length(m, context), m.k(1))
    const degrees = m.add(m.div(m.sub(nu, rows), t), rows)
    return { family: 'wishart', args: [degrees, m.mul(sigma, t)], positive: m.add(m.sub(degrees, rows), m.k(2)) }
  },
}
