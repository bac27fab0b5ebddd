import { type MatrixName, matrixFunctions } from '../../middle/functions.ts'
import type { Typed } from '../../middle/model.ts'
import type { Call, Name } from '../ast.ts'
import { matchArguments } from './arguments.ts'
import { distinctAxes, hasAxis } from './axes.ts'
import { wantsNumber } from './elementwise.ts'
import { tell } from './report.ts'
import type { CheckContext, ExprPlace } from './scope.ts'
import { deeper } from './scope.ts'
import { sizesAgree } from './subscript.ts'
import { typed, without } from './typed.ts'
import { quote } from './words.ts'

/** `solve[a, b](A, y)`: rows and columns of the matrix in brackets; y goes along its rows, and the value along its columns. */
export function inferMatrix(c: CheckContext, e: Call, fn: MatrixName, place: ExprPlace): Typed | undefined {
  const { parameters, keeps } = matrixFunctions[fn]
  const values = new Map(e.args.map((a) => [a.value, c.infer(c, a.value, deeper(place))]))
  const args = matchArguments(c.report, { what: fn, parameters, span: e.callee.span }, e.args)?.map((a) => a && values.get(a))
  const [matrix, y] = args ?? []
  const [rows, columns, third] = e.axes
  if (rows === undefined || columns === undefined || third !== undefined) return wantsTwoAxes(c, e, fn, matrix)
  if (distinctAxes(c, e.axes) === undefined || !sizesAgree(c, rows, columns)) return undefined
  const known = args?.filter((a) => a !== undefined)
  if (matrix === undefined || known === undefined || known.length < parameters.length) return undefined
  if (!known.map((a) => a.element === undefined || wantsNumber(c, a)).every((fits) => fits === true)) return undefined
  if (![rows, columns].map((axis) => hasAxis(c, axis, matrix, `${fn} over`)).every(Boolean)) return undefined
  if (y !== undefined && !goesAlong(c, fn, y, rows, columns)) return undefined
  const removed = { both: [], columns: [rows.text], neither: [rows.text, columns.text] }[keeps]
  const axes = without([...new Set(known.flatMap((a) => a.axes))], removed)
  return typed({ kind: 'matrix', fn, rows: rows.text, columns: columns.text, args: known }, axes, e.span)
}

function goesAlong(c: CheckContext, fn: MatrixName, y: Typed, rows: Name, columns: Name): boolean {
  if (!hasAxis(c, rows, y, `${fn} over`)) return false
  if (!y.axes.includes(columns.text)) return true
  tell(c.report, 'AMP312', `the right side of ${fn} has the axis ${quote(columns.text)} already, along which the solution goes`, {
    span: y.span,
    hint: `rename it there: ...[${columns.text} -> aside], with axis aside = size(${columns.text})`,
  })
  return false
}

function wantsTwoAxes(c: CheckContext, e: Call, fn: MatrixName, matrix: Typed | undefined): undefined {
  const { parameters } = matrixFunctions[fn]
  const declared = matrix?.kind === 'variable' ? c.scope.variables.get(matrix.name)?.axes : matrix?.axes
  const own = declared?.length === 2 ? declared.join(', ') : undefined
  const written = e.args.map(({ value }) => c.text.slice(value.span.start, value.span.end)).join(', ')
  tell(c.report, e.axes.length === 0 ? 'AMP305' : 'AMP306', `${fn} needs two axes, the rows of the matrix and its columns`, {
    span: e.axes[2]?.span ?? e.callee.span,
    expected: `${fn}[rows, columns](${parameters.join(', ')})`,
    ...(own === undefined ? {} : { hint: `${fn}[${own}](${written.length <= 30 ? written : '...'})` }),
  })
}
