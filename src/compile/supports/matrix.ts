import type { NodeId } from '../../ir/graph.ts'
import { twinOf } from '../../ir/layout.ts'
import type { Maths } from '../../ir/maths.ts'
import type { EnergyAxis } from '../../middle/energy.ts'
import type { TypeOf } from '../../middle/kinds.ts'
import type { Mapped, Transform } from './transform.ts'

type Square = TypeOf<'covariance' | 'cholesky' | 'correlation'>

/** The axis of the elements of a lower triangle with its diagonal, row by row. */
export function triangleAxis(rows: string): string {
  return `${rows}:triangle`
}

/** The axis of the elements below the diagonal, row by row. */
export function pairsAxis(rows: string): string {
  return `${rows}:pairs`
}

const triangle = ({ rows }: Square): EnergyAxis => ({ name: triangleAxis(rows), size: { kind: 'pairs', of: rows, equal: true } })
const pairs = ({ rows }: Square): EnergyAxis => ({ name: pairsAxis(rows), size: { kind: 'pairs', of: rows, equal: false } })

/** The coordinates' axis stands where the rows stood. */
function instead({ rows, columns }: Square, axis: string, axes: readonly string[]): readonly string[] {
  return axes.flatMap((a) => (a === rows ? [axis] : a === columns ? [] : [a]))
}

/** In a triangle: coordinates of the elements below the diagonal as they are, and logs on it. */
const fromTriangle = {
  coordinateAxes: (type: Square, axes: readonly string[]) => instead(type, triangleAxis(type.rows), axes),
  madeAxes: (type: Square) => [triangle(type)],
}

/** Below the diagonal only. The whole triangle is made on the way. */
const fromPairs = {
  coordinateAxes: (type: Square, axes: readonly string[]) => instead(type, pairsAxis(type.rows), axes),
  madeAxes: (type: Square) => [pairs(type), triangle(type)],
}

export const covariance: Transform<'covariance'> = {
  ...fromTriangle,
  source: 'Stan reference manual, covariance matrices: the Cholesky factor with a log diagonal; Jacobian of the lower triangle',
  forward: (m, type, y) => {
    const { rows } = type
    const { lower, logs } = factor(m, type, y)
    const n = m.builder.size(rows)
    const exponents = m.mul(m.add(m.sub(n, m.builder.index(rows)), m.k(1)), logs)
    return { value: timesTranspose(m, type, lower), logJacobian: m.add(m.mul(m.k(Math.LN2), n), m.sum([rows], exponents)) }
  },
  inverse: (m, type, x) => triangleOf(m, type, m.builder.cholesky(x, type.rows, type.columns)),
}

/**
 * The Cholesky factor of a covariance: lower triangular with a positive diagonal. With rows of length 1, which an
 * `lkj_cholesky` statement says, it is that of a correlation matrix.
 */
export const cholesky: Transform<'cholesky'> = {
  source: 'Stan reference manual, Cholesky factors of covariance matrices (log diagonal) and of correlation matrices (see correlation)',
  coordinateAxes: (type, axes) => (type.unitRows ? fromPairs : fromTriangle).coordinateAxes(type, axes),
  madeAxes: (type) => (type.unitRows ? fromPairs : fromTriangle).madeAxes(type),
  forward: (m, type, y) => {
    if (type.unitRows) return correlationFactor(m, type, y)
    const { lower, logs } = factor(m, type, y)
    return { value: lower, logJacobian: m.sum([type.rows], logs) }
  },
  inverse: (m, type, x) => (type.unitRows ? partialCorrelations(m, type, x) : triangleOf(m, type, x)),
}

export const correlation: Transform<'correlation'> = {
  ...fromPairs,
  source:
    'Stan reference manual, correlation matrices: canonical partial correlations by tanh (Lewandowski, Kurowicka and Joe 2009); ' +
    'Jacobian of the elements below the diagonal',
  forward: (m, type, y) => {
    const { rows } = type
    const { value: lower, logJacobian, logDiagonal } = correlationFactor(m, type, y)
    const rowsAfter = m.sub(m.sub(m.builder.size(rows), m.k(1)), m.builder.index(rows))
    const ofProduct = m.sum([rows], m.mul(rowsAfter, logDiagonal))
    const value = m.where(onDiagonal(m, type), m.k(1), timesTranspose(m, type, lower))
    return { value, logJacobian: m.add(logJacobian, ofProduct) }
  },
  inverse: (m, type, x) => partialCorrelations(m, type, m.builder.cholesky(x, type.rows, type.columns)),
}

function onDiagonal(m: Maths, { rows, columns }: Square): NodeId {
  return m.equal(m.builder.index(rows), m.builder.index(columns))
}

function belowDiagonal(m: Maths, { rows, columns }: Square): NodeId {
  return m.less(m.builder.index(columns), m.builder.index(rows))
}

function diagonalOf({ builder }: Maths, { rows, columns }: Square, matrix: NodeId): NodeId {
  return builder.pick(matrix, columns, builder.index(rows))
}

/** L L'. */
function timesTranspose(m: Maths, { rows, columns }: Square, lower: NodeId): NodeId {
  const twin = twinOf(columns)
  const left = m.builder.rename(lower, columns, twin)
  return m.sum([twin], m.mul(left, m.builder.rename(left, rows, columns)))
}

/** A lower triangular matrix of what stands along the axis of the triangle. */
function spread(m: Maths, { rows, columns }: Square, y: NodeId): NodeId {
  const [i, j] = [m.builder.index(rows), m.builder.index(columns)]
  const inside = m.less_equal(j, i)
  const place = m.add(m.mul(m.k(0.5), m.mul(i, m.add(i, m.k(1)))), j)
  return m.where(inside, m.builder.pick(y, triangleAxis(rows), m.where(inside, place, m.k(0))), m.k(0))
}

/** The factor with the diagonal exp of its coordinates, `logs`. */
function factor(m: Maths, type: Square, y: NodeId): { readonly lower: NodeId; readonly logs: NodeId } {
  const { rows } = type
  const i = m.builder.index(rows)
  const logs = m.builder.pick(y, triangleAxis(rows), m.mul(m.k(0.5), m.mul(i, m.add(i, m.k(3)))))
  return { lower: m.where(onDiagonal(m, type), m.exp(logs), spread(m, type, y)), logs }
}

/** The coordinates of a factor with a log diagonal. */
function triangleOf(m: Maths, type: Square, lower: NodeId): NodeId {
  const diagonal = m.where(onDiagonal(m, type), lower, m.k(1))
  const logged = m.where(onDiagonal(m, type), m.log(diagonal), lower)
  const t = m.builder.index(triangleAxis(type.rows))
  const i = wholeRoot(m, m.add(m.mul(m.k(8), t), m.k(1)), -1)
  return elementAt(m, type, logged, i, m.sub(t, m.mul(m.k(0.5), m.mul(i, m.add(i, m.k(1))))))
}

/** The row of each element below the diagonal: the largest i with i (i - 1) / 2 <= t. */
function rowOfPair(m: Maths, rows: string): { readonly i: NodeId; readonly j: NodeId; readonly t: NodeId } {
  const t = m.builder.index(pairsAxis(rows))
  const i = wholeRoot(m, m.add(m.mul(m.k(8), t), m.k(1)), 1)
  return { i, t, j: m.sub(t, m.mul(m.k(0.5), m.mul(i, m.sub(i, m.k(1))))) }
}

/** floor((sqrt(x) + by) / 2), exact since roots of squares are. */
function wholeRoot(m: Maths, x: NodeId, by: number): NodeId {
  return m.floor(m.mul(m.k(0.5), m.add(m.sqrt(x), m.k(by))))
}

function elementAt({ builder }: Maths, { rows, columns }: Square, matrix: NodeId, i: NodeId, j: NodeId): NodeId {
  return builder.pick(builder.pick(matrix, rows, i), columns, j)
}

/**
 * Row i has the elements z_ij sqrt(r_ij), where z = tanh y are the canonical partial correlations and r_ij, the product
 * of 1 - z^2 before j, is what the elements before leave of the length 1; what is left at last is the diagonal's square.
 */
function correlationFactor(m: Maths, type: Square, y: NodeId): Mapped & { readonly logDiagonal: NodeId } {
  const { rows, columns } = type
  const { builder } = m
  const below = belowDiagonal(m, type)
  const { i, t } = rowOfPair(m, rows)
  // Through the whole triangle, which always has an element: of one row there are no pairs to pick from.
  const padded = builder.scatter(y, triangleAxis(rows), m.add(t, i), [pairsAxis(rows)])
  const coordinates = m.where(below, spread(m, type, padded), m.k(0))
  // log(1 - tanh(y)^2)
  const shares = m.mul(m.k(-2), m.logcosh(coordinates))
  const left = builder.shift(builder.cumsum(shares, columns), columns, 1)
  const logRoot = m.mul(m.k(0.5), left)
  const value = m.mul(m.where(onDiagonal(m, type), m.k(1), m.tanh(coordinates)), m.exp(logRoot))
  const logJacobian = m.sum([rows, columns], m.where(below, m.add(shares, logRoot), m.k(0)))
  return { value, logJacobian, logDiagonal: diagonalOf(m, type, logRoot) }
}

/** Their inverse tanh: asinh of each element over the root of what is left after it. */
function partialCorrelations(m: Maths, type: Square, lower: NodeId): NodeId {
  const { rows, columns } = type
  const { builder } = m
  const below = belowDiagonal(m, type)
  const after = builder.shift(builder.cumsum(m.square(lower), columns, true), columns, -1)
  const ratio = m.where(below, m.div(lower, m.sqrt(m.where(below, after, m.k(1)))), m.k(0))
  const { i, j } = rowOfPair(m, rows)
  return elementAt(m, type, asinh(m, ratio), i, j)
}

/** sign(w) log(|w| + sqrt(w^2 + 1)), without cancellation where w is small. */
function asinh(m: Maths, w: NodeId): NodeId {
  const size = m.abs(w)
  const square = m.square(w)
  const more = m.div(square, m.add(m.k(1), m.sqrt(m.add(m.k(1), square))))
  return m.mul(m.sign(w), m.log1p(m.add(size, more)))
}
