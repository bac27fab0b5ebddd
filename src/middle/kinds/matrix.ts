import { hypot } from '../../base/special/hypot.ts'
import type { BadEntry, ElementPlace, Matrix } from './rule.ts'

/** How far apart elements may be that should be equal, relative to the diagonal: data are rarely written with more than seven digits. */
const TOLERANCE = 1e-6

/** Why a matrix is not symmetric and positive definite, or has other numbers on its diagonal than ones, if it is said to have those. */
export function badSymmetric(matrix: Matrix, hasOnes: boolean): BadEntry | undefined {
  const onDiagonal = (x: number): boolean => (hasOnes ? isNear(x, 1, 1) : x > 0)
  for (const [row, numbers] of matrix.entries())
    for (const [column, x] of numbers.entries()) {
      const mirrored = entry(matrix, column, row)
      const scale = Math.sqrt(Math.abs(entry(matrix, row, row) * entry(matrix, column, column)))
      if (Number.isFinite(x) && (row === column ? onDiagonal(x) : isNear(x, mirrored, scale))) continue
      return {
        row,
        column,
        why: (_, at) =>
          row === column
            ? `has ${x} on the diagonal, at ${at(row, row)}`
            : `is not symmetric: ${x} at ${at(row, column)}, and ${mirrored} at ${at(column, row)}`,
      }
    }
  const end = lastPivot(matrix)
  if (end === undefined) return undefined
  const why: BadEntry['why'] = (_, at) => `is symmetric, but not positive definite: its Cholesky factorisation ends at ${at(end, end)}`
  return { row: end, column: end, why }
}

/** Why a matrix is not lower triangular with a positive diagonal, or its rows are not of length 1, if they are said to be. */
export function badTriangular(matrix: Matrix, unitRows: boolean): BadEntry | undefined {
  for (const [row, numbers] of matrix.entries()) {
    for (const [column, x] of numbers.entries()) {
      if (Number.isFinite(x) && (column < row || (column > row ? x === 0 : x > 0))) continue
      const where = column > row ? 'above' : 'on'
      return { row, column, why: (_, at) => `has ${x} ${where} the diagonal, at ${at(row, column)}` }
    }
    const length = hypot(...numbers)
    if (unitRows && !isNear(length, 1, 1)) return { row, column: row, why: (at) => `has a row of length ${length} at ${at(row)}` }
  }
  return undefined
}

/** 1 where the row is the column. */
export function identity(_type: unknown, { at: [row, column] }: ElementPlace): number {
  return row === column ? 1 : 0
}

function entry(matrix: Matrix, i: number, j: number): number {
  return matrix[i]?.[j] as number
}

function isNear(a: number, b: number, scale: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * scale
}

/** The diagonal element at which a Cholesky factorisation ends. */
function lastPivot(matrix: Matrix): number | undefined {
  const lower = matrix.map((row) => new Float64Array(row.length))
  for (let i = 0; i < matrix.length; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let rest = entry(matrix, i, j)
      for (let k = 0; k < j; k += 1) rest -= entry(lower, i, k) * entry(lower, j, k)
      if (i === j && !(rest > 0)) return i
      ;(lower[i] as Float64Array)[j] = i === j ? Math.sqrt(rest) : rest / entry(lower, j, j)
    }
  }
  return undefined
}
