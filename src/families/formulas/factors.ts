import type { NodeId } from '../../ir/graph.ts'
import { twinOf } from '../../ir/layout.ts'
import type { Maths } from '../../ir/maths.ts'

/** A symmetric matrix by its Cholesky factor. */
export interface Factored {
  /** Over `rows` and `columns`; the identity where the matrix is not valid. */
  readonly lower: NodeId
  /** 1 where the matrix is positive definite, with scales from 1e-50 to 1e50. */
  readonly valid: NodeId
  readonly logDeterminant: NodeId
  readonly rows: string
  readonly columns: string
}

/** Of a matrix over `rows` and `columns`; its columns get a name that nothing else has. Only the lower triangle is read. */
export function factored(m: Maths, matrix: NodeId, rows: string, columns: string): Factored {
  const { builder } = m
  const twin = twinOf(rows)
  const lower = builder.cholesky(builder.rename(matrix, columns, twin), rows, twin)
  const valid = inRange(m, lower, rows, twin)
  const safe = m.where(valid, lower, m.equal(builder.index(rows), builder.index(twin)))
  const logDeterminant = m.mul(m.k(2), m.sum([rows], m.log(diagonal(m, safe, rows, twin))))
  return { lower: safe, valid, logDeterminant, rows, columns: twin }
}

/** The same, given the factor itself: lower triangular with a positive diagonal, or not valid. */
export function givenFactor(m: Maths, matrix: NodeId, rows: string, columns: string): Factored {
  const { builder } = m
  const twin = twinOf(rows)
  const given = builder.rename(matrix, columns, twin)
  const above = m.less(builder.index(rows), builder.index(twin))
  const clear = m.equal(m.sum([rows, twin], m.where(above, m.abs(given), m.k(0))), m.k(0))
  const valid = m.mul(clear, inRange(m, given, rows, twin))
  const safe = m.where(valid, given, m.equal(builder.index(rows), builder.index(twin)))
  const logDeterminant = m.mul(m.k(2), m.sum([rows], m.log(diagonal(m, safe, rows, twin))))
  return { lower: safe, valid, logDeterminant, rows, columns: twin }
}

/**
 * Scales whose fourth powers, and those of their ratios to values of this size, are numbers with all their digits:
 * gradients by a covariance are made of them. A factor beyond counts as none, as a scale of `normal` does.
 */
export const LEAST_SCALE = 1e-50
export const MOST_SCALE = 1e50

/** 1 for a factor with a positive diagonal, and nothing in it too small or too large. */
function inRange(m: Maths, lower: NodeId, rows: string, columns: string): NodeId {
  const { builder } = m
  const large = m.less_equal(m.k(LEAST_SCALE), diagonal(m, lower, rows, columns))
  const bounded = m.less_equal(m.sum([rows, columns], m.abs(lower)), m.k(MOST_SCALE))
  return m.mul(m.equal(m.sum([rows], large), builder.size(rows)), bounded)
}

/** Over `rows`. */
export function diagonal(m: Maths, matrix: NodeId, rows: string, columns: string): NodeId {
  return m.builder.pick(matrix, columns, m.builder.index(rows))
}

/** L^-1 x, for x over the factor's rows; over its columns. */
export function whitened(m: Maths, { lower, rows, columns }: Factored, x: NodeId): NodeId {
  return m.builder.solveLower(lower, x, rows, columns)
}

/** x' S^-1 x for S = L L'. */
export function squaredDistance(m: Maths, factor: Factored, x: NodeId): NodeId {
  return m.sum([factor.columns], m.square(whitened(m, factor, x)))
}

/** S^-1 over the factor's rows and `columns`. */
export function inverseByFactor(m: Maths, factor: Factored, columns: string): NodeId {
  const { builder } = m
  const root = whitened(m, factor, m.equal(builder.index(factor.rows), builder.index(columns)))
  return builder.solveLower(factor.lower, root, factor.rows, factor.columns, true)
}

/** tr(S^-1 W) = |L_S^-1 L_W|^2 for two factors over the same rows. */
export function traceOfRatio(m: Maths, s: Factored, w: Factored): NodeId {
  const aside = twinOf(s.columns)
  const z = whitened(m, s, m.builder.rename(w.lower, w.columns, aside))
  return m.sum([s.columns, aside], m.square(z))
}
