import { must } from '../../../base/internal-error.ts'
import { applied, constant, count, extent, offset, variable, zero } from '../expressions.ts'
import type { Element, Real } from '../program.ts'
import { solutionAxis } from '../schedule/dependence.ts'
import type { LowId, LowOf } from '../schedule/lowered.ts'
import { type AddressPositions, here, moved } from './address.ts'
import { loopOver, loopScope, positionOf, type WriteScope } from './scope.ts'
import { readValue } from './values.ts'
import { element, type Writing } from './writing.ts'

/** Row by row, in the factor's own array. */
export function writeCholesky(w: Writing, node: LowOf<'cholesky'>, id: LowId, scope: WriteScope): void {
  const { rows, columns } = node
  const size = extent(rows)
  const row = loopScope(scope, rows, w.locals.make('row'))
  const entry = loopScope(row, columns, w.locals.make('column'))
  const i = positionOf(row).of
  writeEntry(w, node, id, entry)
  row.statements.push(loopOver(entry, offset(i, 1)))
  const above = loopScope(row, columns, w.locals.make('column'))
  above.statements.push({ kind: 'store', into: own(w, id, above, at([rows, row], [columns, above])), value: constant(0) })
  row.statements.push(loopOver(above, size, offset(i, 1)))
  scope.statements.push(loopOver(row, size))
}

/** The entry at the row and column of the loops around, from the rows before it and its own. */
function writeEntry(w: Writing, { rows, columns, args }: LowOf<'cholesky'>, id: LowId, entry: WriteScope): void {
  const row = must(entry.parent, 'row')
  const inner = loopScope(entry, `${columns} before`, w.locals.make('before'))
  const rest = w.locals.make('value')
  const there = (r: WriteScope, c: WriteScope, s: WriteScope): Element => own(w, id, s, at([rows, r], [columns, c]))
  const x = readValue(w, must(args[0], 'matrix'), entry).of
  const term = applied('mul', [there(row, inner, inner), there(entry, inner, inner)])
  inner.statements.push({ kind: 'accumulate', into: variable(rest), by: 'sub', values: [term] })
  const below = applied('less', [count(positionOf(entry).of), count(positionOf(row).of)])
  const quotient = applied('div', [variable(rest), there(entry, entry, entry)])
  entry.statements.push({ kind: 'start', locals: [rest], value: x }, loopOver(inner, positionOf(entry).of), {
    kind: 'store',
    into: there(row, entry, entry),
    value: applied('where', [below, quotient, rootOf(variable(rest))]),
  })
}

/** No number where the matrix is not positive definite. */
function rootOf(x: Real): Real {
  const finite = applied('where', [applied('less', [x, constant(Number.POSITIVE_INFINITY)]), applied('sqrt', [x]), constant(Number.NaN)])
  return applied('where', [applied('less', [constant(0), x]), finite, constant(Number.NaN)])
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
