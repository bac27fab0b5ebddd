import { squared } from '../base/special/pow.ts'
import { traceOfRatio } from './formulas/factors.ts'
import { half } from './formulas/matrices.ts'
import { length } from './formulas/powers.ts'
import { wishartDensity } from './formulas/wishart.ts'
import { bartlett, factor, gram } from './numbers/matrices.ts'
import { diagonals, square } from './numbers/values.ts'
import type { Aliases } from './parts/aliases.ts'
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
  source: 'Stan functions reference, inv_wishart: a density of the lower triangle; minus infinity where a matrix is not positive definite',
  logDensity: (m, x, args, context) =>
    wishartDensity(m, x, args, context, ({ n, nu, w, s, constant }) => {
      const power = m.mul(half(m, m.add(m.add(nu, n), m.k(1))), w.logDeterminant)
      const scale = m.mul(half(m, nu), s.logDeterminant)
      return m.sub(scale, m.plus(power, half(m, traceOfRatio(m, w, s)), constant))
    }),
}

/** Gupta and Nagar (2000), theorem 3.4.3. Elements of the diagonal are positive, the others have two heavy tails. */
export const moments: AxisMoments<typeof signature> = {
  means: ([[nu = Number.NaN], sigma], size) =>
    square(size, (i, j) => {
      const spare = nu - size - 1
      return spare > 0 ? (sigma[i * size + j] as number) / spare : withoutMean(nu, size, i === j)
    }),
  variances: ([[nu = Number.NaN], sigma], size) =>
    square(size, (i, j) => {
      const spare = nu - size - 1
      if (!(spare > 0)) return withoutMean(nu, size, i === j)
      if (!(spare > 2)) return Number.POSITIVE_INFINITY
      const between = sigma[i * size + j] as number
      return ((spare + 2) * squared(between) + spare * diagonals(sigma, size, i, j)) / ((spare + 1) * squared(spare) * (spare - 2))
    }),
}

export const draw: MatrixDraw<typeof signature> = {
  /** The inverse of a Wishart matrix with the inverse scale: B B' with B = L A^-T. */
  matrix: (stream, [[nu = Number.NaN], sigma], size) => {
    const lower = factor(sigma, size)
    const a = bartlett(stream, nu, size)
    const b = new Float64Array(size * size)
    // Row i of B solves A b = row i of L.
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j < size; j += 1) {
        let rest = lower[i * size + j] as number
        for (let k = 0; k < j; k += 1) rest -= (a[j * size + k] as number) * (b[i * size + k] as number)
        b[i * size + j] = rest / (a[j * size + j] as number)
      }
    }
    return gram(b, size)
  },
}

export const power: Power<typeof signature> = {
  weighs: [0, 1],
  // |W|^(-(nu + n + 1) / (2 T)) exp(-tr(sigma W^-1) / (2 T)).
  at: (m, [nu, sigma], t, context) => {
    const rows = m.add(length(m, context), m.k(1))
    const degrees = m.sub(m.div(m.add(nu, rows), t), rows)
    return { family: 'inverse_wishart', args: [degrees, m.div(sigma, t)], positive: m.add(m.sub(degrees, rows), m.k(2)) }
  },
}

export const aliases: Aliases = { names: ['inv_wishart'] }

function withoutMean(nu: number, size: number, onDiagonal: boolean): number {
  return onDiagonal && nu > size - 1 ? Number.POSITIVE_INFINITY : Number.NaN
}
