import { must } from '../base/internal-error.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import { diagonal, type Factored, factored, givenFactor, squaredDistance, traceOfRatio, whitened } from './factors.ts'
import {
  drawInverseWishart,
  drawLkjFactor,
  drawMatrixNormal,
  drawMultiNormal,
  drawMultiNormalCholesky,
  drawMultiStudent,
  drawWishart,
} from './matrix-draws.ts'
import {
  ofInverseWishart,
  ofLkjFactor,
  ofMatrixNormal,
  ofMultiNormal,
  ofMultiNormalCholesky,
  ofMultiStudent,
  ofWishart,
} from './moments.ts'
import { type FamilyContext, type FamilyRule, family } from './rule.ts'

const LOG_PI = Math.log(Math.PI)
const LOG_2PI = Math.log(2 * Math.PI)

/** The axis of the elements, or of the rows. */
function first(context: FamilyContext): string {
  return must(context.over[0], 'the axis of the family')
}

function second(context: FamilyContext): string {
  return must(context.over[1], 'the second axis of the family')
}

/** The factor of an argument that is a covariance along `rows` and an axis of its own. */
function covariance(m: Maths, context: FamilyContext, k: number, matrix: NodeId, rows: string): Factored {
  return factored(m, matrix, rows, must(context.own?.[k], 'the other axis of a covariance'))
}

function where(m: Maths, conditions: readonly NodeId[], formula: NodeId): NodeId {
  return m.where(m.times(...conditions), formula, m.k(Number.NEGATIVE_INFINITY))
}

const half = (m: Maths, x: NodeId): NodeId => m.mul(m.k(0.5), x)

function multiNormal(m: Maths, x: NodeId, mu: NodeId, s: Factored): NodeId {
  const constant = m.mul(m.k(LOG_2PI), m.builder.size(s.rows))
  const distance = squaredDistance(m, s, m.sub(x, mu))
  return where(m, [s.valid], m.neg(half(m, m.plus(distance, s.logDeterminant, constant))))
}

export const multi_normal = family(2, {
  source: 'Stan functions reference, multi_normal; minus infinity where sigma is not positive definite',
  logDensity: (m, x, [mu, sigma], context) => multiNormal(m, x, mu, covariance(m, context, 1, sigma, first(context))),
  sampleVector: drawMultiNormal,
  ...ofMultiNormal,
})

export const multi_normal_cholesky = family(2, {
  source: 'Stan functions reference, multi_normal_cholesky; minus infinity where L is not lower triangular with a positive diagonal',
  logDensity: (m, x, [mu, L], context) => {
    const factor = givenFactor(m, L, first(context), must(context.own?.[1], 'the other axis of a factor'))
    return multiNormal(m, x, mu, factor)
  },
  sampleVector: drawMultiNormalCholesky,
  ...ofMultiNormalCholesky,
})

export const multi_student_t = family(3, {
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
  sampleVector: drawMultiStudent,
  ...ofMultiStudent,
})

/** How far from 1 the squared length of a row may be: data are rarely written with more than seven digits. */
const ROW_TOLERANCE = 1e-6

export const lkj_cholesky = family(1, {
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
  sampleMatrix: (stream, [eta], size) => drawLkjFactor(stream, eta[0] as number, size),
  ...ofLkjFactor,
})

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

/** Both Wishart densities need as many degrees of freedom as there are rows, less less than one; beyond 1e150 no digit is left. */
function degrees(m: Maths, nu: NodeId, rows: string): { readonly enough: NodeId; readonly nu: NodeId } {
  const n = m.builder.size(rows)
  const enough = m.mul(m.less(m.sub(n, m.k(1)), nu), m.less_equal(nu, m.k(1e150)))
  return { enough, nu: m.where(enough, nu, n) }
}

/** Log of the multivariate gamma function of order n = size(rows) at a. */
function lgammaOver(m: Maths, rows: string, a: NodeId): NodeId {
  const n = m.builder.size(rows)
  const constant = m.mul(m.k(LOG_PI / 4), m.mul(n, m.sub(n, m.k(1))))
  return m.add(constant, m.sum([rows], m.lgamma(m.sub(a, half(m, m.builder.index(rows))))))
}

interface Wishart {
  readonly n: NodeId
  readonly nu: NodeId
  readonly w: Factored
  readonly s: Factored
  /** log Gamma_n(nu / 2) + nu n / 2 log 2 */
  readonly constant: NodeId
}

function wishartDensity(
  m: Maths,
  x: NodeId,
  [nu, sigma]: readonly [NodeId, NodeId],
  context: FamilyContext,
  formula: (parts: Wishart) => NodeId,
): NodeId {
  const rows = first(context)
  const free = degrees(m, nu, rows)
  const [w, s] = [factored(m, x, rows, second(context)), factored(m, sigma, rows, second(context))]
  const n = m.builder.size(rows)
  const constant = m.add(lgammaOver(m, rows, half(m, free.nu)), m.times(m.k(Math.LN2 / 2), free.nu, n))
  return where(m, [free.enough, w.valid, s.valid], formula({ n, nu: free.nu, w, s, constant }))
}

export const wishart = family(2, {
  source: 'Stan functions reference, wishart: a density of the lower triangle; minus infinity where a matrix is not positive definite',
  logDensity: (m, x, args, context) =>
    wishartDensity(m, x, args, context, ({ n, nu, w, s, constant }) => {
      const power = m.mul(half(m, m.sub(m.sub(nu, n), m.k(1))), w.logDeterminant)
      const scale = m.mul(half(m, nu), s.logDeterminant)
      return m.sub(power, m.plus(scale, half(m, traceOfRatio(m, s, w)), constant))
    }),
  sampleMatrix: (stream, [nu, sigma], size) => drawWishart(stream, nu[0] as number, sigma, size),
  ...ofWishart,
})

export const inverse_wishart = family(2, {
  source: 'Stan functions reference, inv_wishart: a density of the lower triangle; minus infinity where a matrix is not positive definite',
  logDensity: (m, x, args, context) =>
    wishartDensity(m, x, args, context, ({ n, nu, w, s, constant }) => {
      const power = m.mul(half(m, m.add(m.add(nu, n), m.k(1))), w.logDeterminant)
      const scale = m.mul(half(m, nu), s.logDeterminant)
      return m.sub(scale, m.plus(power, half(m, traceOfRatio(m, w, s)), constant))
    }),
  sampleMatrix: (stream, [nu, sigma], size) => drawInverseWishart(stream, nu[0] as number, sigma, size),
  ...ofInverseWishart,
})

export const matrix_normal = family(3, {
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
  sampleMatrix: drawMatrixNormal,
  ...ofMatrixNormal,
})

export const matrixFamilies = {
  multi_normal,
  multi_normal_cholesky,
  multi_student_t,
  lkj_cholesky,
  wishart,
  inverse_wishart,
  matrix_normal,
} satisfies Record<string, FamilyRule>
