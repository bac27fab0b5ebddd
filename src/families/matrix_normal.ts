import { whitened } from './formulas/factors.ts'
import { covariance, first, half, LOG_2PI, second, where } from './formulas/matrices.ts'
import { factor } from './numbers/matrices.ts'
import { at, fill, grid } from './numbers/values.ts'
import type { Density } from './parts/density.ts'
import type { MatrixDraw } from './parts/draw.ts'
import type { AxisMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['mu: matrix', 'rows: covariance', 'columns: covariance'],
  support: { matrix: 'real' },
  over: 2,
  doc: 'mean mu, covariance among rows, covariance among columns',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Gupta and Nagar, Matrix Variate Distributions (2000), 2.2: vec(X) is normal with the Kronecker product as covariance',
  logDensity: (m, x, [mu, among, across], context) => {
    const [rows, columns] = [first(context), second(context)]
    const u = covariance(m, context, 1, among, rows)
    const v = covariance(m, context, 2, across, columns)
    const [n, p] = [m.builder.size(rows), m.builder.size(columns)]
    const z = whitened(m, v, whitened(m, u, m.sub(x, mu)))
    const distance = m.sum([u.columns, v.columns], m.square(z))
    const determinants = m.add(m.mul(p, u.logDeterminant), m.mul(n, v.logDeterminant))
    const constant = m.times(m.k(LOG_2PI), n, p)
    return where(m, [u.valid, v.valid], m.neg(half(m, m.plus(distance, determinants, constant))))
  },
}

export const moments: AxisMoments<typeof signature> = {
  means: ([mu], rows, columns) => fill(rows * columns, (k) => at(mu, k)),
  variances: ([, among, across], rows, columns) =>
    grid(rows, columns, (i, j) => (among[i * rows + i] as number) * (across[j * columns + j] as number)),
}

export const draw: MatrixDraw<typeof signature> = {
  /** M + L_rows Z L_columns'. */
  matrix: (stream, [mu, rows, columns], n, p) => {
    const [u, v] = [factor(rows, n), factor(columns, p)]
    const z = Float64Array.from({ length: n * p }, () => stream.normal())
    return Float64Array.from({ length: n * p }, (_, at_) => {
      const [i, j] = [Math.floor(at_ / p), at_ % p]
      let sum = 0
      for (let k = 0; k <= i; k += 1)
        for (let l = 0; l <= j; l += 1) sum += (u[i * n + k] as number) * (z[k * p + l] as number) * (v[j * p + l] as number)
      return at(mu, at_) + sum
    })
  },
}

export const power: Power<typeof signature> = {
  weighs: [1, 2],
  at: (m, [mu, rows, columns], t) => ({ family: 'matrix_normal', args: [mu, m.mul(rows, t), columns] }),
}
