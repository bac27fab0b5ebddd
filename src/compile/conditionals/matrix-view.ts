import type { NodeId } from '../../ir/graph.ts'
import type { LinearAlgebra } from './entries.ts'
import * as entries from './entries.ts'
import { free, type Linear, plus, renamed, times } from './linear.ts'

/**
 * A symmetric positive definite matrix as graphs see it: it itself (statistic `1`), its inverse (`-1`) and the logarithm of its determinant
 * (`log`), each linear in that of the variable; over two axes that the last lacks.
 */
export interface MatrixView {
  readonly rows: string
  readonly columns: string
  readonly itself: Linear
  readonly inverse: Linear
  readonly logDeterminant: Linear
}

/** What a variable is that is a matrix along these rows and columns. */
export function view(a: LinearAlgebra, axes: readonly string[], rows: string, columns: string): MatrixView {
  const groups = axes.filter((axis) => axis !== rows && axis !== columns)
  const zero = a.m.k(0)
  const one = (statistic: 1 | -1 | 'log', over: readonly string[]): Linear => ({
    ...{ axes: over, constant: zero, quadratic: false },
    parts: new Map([[statistic, [entries.identity(a, over)]]]),
  })
  return { rows, columns, itself: one(1, axes), inverse: one(-1, axes), logDeterminant: one('log', groups) }
}

/** Times a positive number; of one for each of several matrices, numbers along other axes. */
export function multiple(a: LinearAlgebra, matrix: MatrixView, by: NodeId): MatrixView {
  const { itself, inverse, logDeterminant } = matrix
  const volume = a.m.mul(a.m.builder.size(matrix.rows), a.m.log(by))
  return {
    ...matrix,
    itself: times(a, itself, by),
    inverse: times(a, inverse, a.m.reciprocal(by)),
    logDeterminant: plus(a, logDeterminant, free(a, volume)),
  }
}

/** With another name for one of its axes. */
export function named(a: LinearAlgebra, matrix: MatrixView, from: string, to: string): MatrixView {
  const { rows, columns, itself, inverse, logDeterminant } = matrix
  const isOwn = from === rows || from === columns
  return {
    rows: from === rows ? to : rows,
    columns: from === columns ? to : columns,
    itself: renamed(a, itself, from, to),
    inverse: renamed(a, inverse, from, to),
    logDeterminant: isOwn ? logDeterminant : renamed(a, logDeterminant, from, to),
  }
}

/** Whether something varies along the rows or the columns. */
export function hasAxes({ m }: LinearAlgebra, id: NodeId, { rows, columns }: MatrixView): boolean {
  return m.builder.axes(id).some((axis) => axis === rows || axis === columns)
}
