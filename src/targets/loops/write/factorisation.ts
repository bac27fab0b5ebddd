import { must } from '../../../base/internal-error.ts'
import { applied, constant, extent, offset, strided, variable, zero } from '../expressions.ts'
import type { Element, IndexExpr, MatrixOf, Real } from '../program.ts'
import { solutionAxis } from '../schedule/dependence.ts'
import type { LowId, LowOf } from '../schedule/lowered.ts'
import { type AddressPositions, address, here, moved } from './address.ts'
import { loopOver, loopScope, positionOf, root, type WriteScope } from './scope.ts'
import { readValue } from './values.ts'
import { element, type Writing } from './writing.ts'

/** In the factor's own array, from the lower triangle of the matrix. */
export function writeCholesky(w: Writing, node: LowOf<'cholesky'>, id: LowId, scope: WriteScope): void {
  const { rows, columns, args } = node
  const x = must(args[0], 'matrix')
  triangle(w, node, id, scope, (entry) => readValue(w, x, entry).of)
  const factor = matrixOf(w, id, scope, rows, columns)
  scope.statements.push({ kind: 'routine', routine: 'factorise', matrices: [factor], sizes: [extent(rows)] })
}

/** In its own array, from the lower triangle of the factor's adjoint; above the diagonal, which is used on the way, it is cleared again. */
export function writeCholeskyGradient(w: Writing, node: LowOf<'cholesky_gradient'>, id: LowId, scope: WriteScope): void {
  const { rows, columns, args } = node
  const [lower, g] = args as readonly [LowId, LowId]
  triangle(w, node, id, scope, (entry) => readValue(w, g, entry).of)
  const matrices = [lower, id].map((x) => matrixOf(w, x, scope, rows, columns))
  scope.statements.push({ kind: 'routine', routine: 'pullFactor', matrices, sizes: [extent(rows)] })
  const row = loopScope(scope, rows, w.locals.make('row'))
  clearAbove(w, node, id, row)
  scope.statements.push(loopOver(row, extent(rows)))
}

type SquareNode = LowOf<'cholesky' | 'cholesky_gradient'>

/** The lower triangle of a node's array takes `value`s, and the rest is 0. */
function triangle(w: Writing, node: SquareNode, id: LowId, scope: WriteScope, value: (entry: WriteScope) => Real): void {
  const { rows, columns } = node
  const row = loopScope(scope, rows, w.locals.make('row'))
  const entry = loopScope(row, columns, w.locals.make('column'))
  entry.statements.push({ kind: 'store', into: own(w, id, entry, at([rows, row], [columns, entry])), value: value(entry) })
  row.statements.push(loopOver(entry, offset(positionOf(row).of, 1)))
  clearAbove(w, node, id, row)
  scope.statements.push(loopOver(row, extent(rows)))
}

function clearAbove(w: Writing, { rows, columns }: SquareNode, id: LowId, row: WriteScope): void {
  const above = loopScope(row, columns, w.locals.make('column'))
  above.statements.push({ kind: 'store', into: own(w, id, above, at([rows, row], [columns, above])), value: constant(0) })
  row.statements.push(loopOver(above, extent(rows), offset(positionOf(row).of, 1)))
}

/** The array of a node that has one, as a matrix. */
function matrixOf(w: Writing, id: LowId, scope: WriteScope, rows: string, columns: string): MatrixOf {
  const { array, layout } = must(w.stored.get(id), 'array of a matrix')
  const first = [rows, columns].reduce((p, axis) => moved(p, axis, { of: zero, level: root(scope) }), here)
  const step = (axis: string): IndexExpr => strided({ kind: 'whole', value: 1 }, layout.slice(layout.indexOf(axis) + 1))
  return { array, at: address(layout, first, scope, w.locals).of, down: step(rows), across: step(columns) }
}

/** Forward substitution, or backward for the transpose. */
export function writeSolution(w: Writing, node: LowOf<'solve_lower'>, id: LowId, scope: WriteScope): void {
  const { rows, columns, transposed, args } = node
  const size = extent(rows)
  const [to, from] = [solutionAxis(node), transposed ? columns : rows]
  const outer = loopScope(scope, to, w.locals.make('row'))
  const inner = loopScope(outer, `${to} before`, w.locals.make('before'))
  const rest = w.locals.make('value')
  const i = positionOf(outer).of
  const lower = (r: WriteScope, c: WriteScope, s: WriteScope): Real =>
    readValue(w, must(args[0], 'triangular matrix'), s, at([rows, r], [columns, c])).of
  const b = readValue(w, must(args[1], 'right side'), outer, at([from, outer])).of
  const factor = transposed ? lower(inner, outer, inner) : lower(outer, inner, inner)
  const term = applied('mul', [factor, own(w, id, inner, at([to, inner]))])
  inner.statements.push({ kind: 'accumulate', into: variable(rest), by: 'sub', values: [term] })
  const quotient = applied('div', [variable(rest), lower(outer, outer, outer)])
  outer.statements.push(
    { kind: 'start', locals: [rest], value: b },
    transposed ? loopOver(inner, size, offset(i, 1)) : loopOver(inner, i),
    { kind: 'store', into: own(w, id, outer, at([to, outer])), value: quotient },
  )
  scope.statements.push(loopOver(outer, size, zero, transposed ? -1 : 1))
}

/** Positions along axes at those of loops. */
function at(...places: readonly (readonly [axis: string, loop: WriteScope])[]): AddressPositions {
  return places.reduce((p, [axis, loop]) => moved(p, axis, positionOf(loop)), here)
}

/** As it is written, never from a variable: it changes as the loops go on. */
function own(w: Writing, id: LowId, scope: WriteScope, positions: AddressPositions): Element {
  return element(w, must(w.stored.get(id), 'array'), scope, positions)
}
