import { exp } from '../base/special/exponential.ts'
import { expm1 } from '../base/special/hyperbolic.ts'
import { logBeta } from '../base/special/log-beta.ts'
import { log1p } from '../base/special/logarithm.ts'
import { pow, squared } from '../base/special/pow.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import { diagonal } from './formulas/factors.ts'
import { first, half, LOG_PI, second, where } from './formulas/matrices.ts'
import { drawBeta } from './numbers/gamma.ts'
import { square } from './numbers/values.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { MatrixDraw } from './parts/draw.ts'
import type { AxisMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['eta: positive'],
  support: { matrix: 'cholesky', unitRows: true },
  over: 1,
  doc: 'Cholesky factor of a correlation matrix, shape eta',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source:
    'Stan functions reference, lkj_corr_cholesky: a density of the elements below the diagonal; ' +
    'constant from Lewandowski, Kurowicka and Joe (2009), theorem 5',
  logDensity: (m, x, [eta], context) => {
    const [rows, columns] = [first(context), second(context)]
    const i = m.builder.index(rows)
    const last = m.sub(m.builder.size(rows), m.k(1))
    const inside = m.mul(isCorrelationFactor(m, x, rows, columns), m.less(m.k(0), eta))
    const onDiagonal = m.where(inside, diagonal(m, x, rows, columns), m.k(1))
    // The first row has one element, which is 1.
    const exponent = m.add(m.sub(last, i), m.mul(m.k(2), m.sub(eta, m.k(1))))
    const kernel = m.sum([rows], m.where(m.less(m.k(0), i), m.mul(exponent, m.log(onDiagonal)), m.k(0)))
    return where(m, [inside], m.add(lkjConstant(m, rows, m.where(inside, eta, m.k(1))), kernel))
  },
}

/**
 * Row i of the factor, but for the diagonal, points everywhere alike, with squared length beta(i / 2, eta + (size - 1 - i) / 2):
 * the telescoping product of the canonical partial correlations of Lewandowski, Kurowicka and Joe (2009), section 3.
 */
export const moments: AxisMoments<typeof signature> = {
  means: ([[eta = Number.NaN]], size) => square(size, (i, j) => (i === j ? rootOfBeta(...diagonalShapes(eta, size, i)).mean : 0)),
  variances: ([[eta = Number.NaN]], size) =>
    square(size, (i, j) => (i < j ? 0 : i > j ? 1 / (2 * eta + size - 1) : rootOfBeta(...diagonalShapes(eta, size, i)).variance)),
}

export const draw: MatrixDraw<typeof signature> = {
  /** Canonical partial correlations are beta variables. Lewandowski, Kurowicka and Joe (2009), section 2.4. */
  matrix: (stream, [[eta = Number.NaN]], size) => {
    const out = new Float64Array(size * size)
    for (let i = 0; i < size; i += 1) {
      let rest = 1
      for (let j = 0; j < i; j += 1) {
        const shape = eta + 0.5 * (size - 2 - j)
        const share = drawBeta(stream, shape, shape)
        out[i * size + j] = (2 * share - 1) * Math.sqrt(rest)
        rest *= 4 * share * (1 - share)
      }
      out[i * size + i] = Math.sqrt(rest)
    }
    return out
  },
}

export const power: Power<typeof signature> = {
  never: 'the exponents of a factor of a correlation matrix differ from row to row, and divided by T belong to no shape',
}

export const aliases: Aliases = { names: ['lkj_corr_cholesky', 'LKJCholesky'] }

/** How far from 1 the squared length of a row may be: data are rarely written with more than seven digits. */
const ROW_TOLERANCE = 1e-6

/** Minus the log of the integral of det(R)^(eta - 1) over correlation matrices. */
function lkjConstant(m: Maths, rows: string, eta: NodeId): NodeId {
  const k = m.builder.index(rows)
  const last = m.sub(m.builder.size(rows), m.k(1))
  const top = m.lgamma(m.add(eta, half(m, last)))
  const term = m.sub(m.sub(top, m.mul(m.k(LOG_PI / 2), k)), m.lgamma(m.add(eta, half(m, m.sub(last, k)))))
  return m.sum([rows], term)
}

function isCorrelationFactor(m: Maths, x: NodeId, rows: string, columns: string): NodeId {
  const { builder } = m
  const above = m.less(builder.index(rows), builder.index(columns))
  const clear = m.equal(m.sum([rows, columns], m.where(above, m.abs(x), m.k(0))), m.k(0))
  const length = m.sum([columns], m.square(x))
  const unit = m.less_equal(m.abs(m.sub(length, m.k(1))), m.k(ROW_TOLERANCE))
  const positive = m.less(m.k(0), diagonal(m, x, rows, columns))
  return m.mul(clear, m.equal(m.sum([rows], m.mul(unit, positive)), builder.size(rows)))
}

function diagonalShapes(eta: number, size: number, i: number): readonly [number, number] {
  return [eta + 0.5 * (size - 1 - i), 0.5 * i]
}

/** Mean and variance of the root of a beta(a, b) variable. */
function rootOfBeta(a: number, b: number): { readonly mean: number; readonly variance: number } {
  if (b === 0) return { mean: 1, variance: 0 }
  const mean = exp(logBeta(a + 0.5, b) - logBeta(a, b))
  // E X - (E sqrt X)^2, written so that large a cancel before they are rounded.
  return { mean, variance: (a / (a + b)) * -expm1(2 * rootGap(a, b)) }
}

/** g(a) - g(a + b) for g(z) = lgamma(z + 1/2) - lgamma(z) - log(z) / 2, by recurrence and the series for large z. */
function rootGap(a: number, b: number): number {
  const step = (z: number): number => 0.5 * log1p(-0.25 / squared(z + 0.5))
  let gap = 0
  let low = a
  for (; low < 20; low += 1) gap += step(low) - step(low + b)
  // low^-k - (low + b)^-k
  const fall = (k: number): number => pow(low, -k) * -expm1(-k * log1p(b / low))
  return gap - fall(1) / 8 + fall(3) / 192 - fall(5) / 640 + (17 * fall(7)) / 14336 - (31 * fall(9)) / 18432
}
