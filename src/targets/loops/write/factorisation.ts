import { must } from '../../../base/internal-error.ts'
import { atom } from '../../kernel/code.ts'
import { infinity, notANumber } from '../../kernel/literal.ts'
import { solutionAxis } from '../schedule/dependence.ts'
import type { LowId, LowOf } from '../schedule/lowered.ts'
import { address, here, moved, type Positions } from './address.ts'
import { loopScope, type Scope, type Value, writeLoop } from './scope.ts'
import type { Writing } from './statements.ts'
import { readValue, type Stored } from './values.ts'

/** Row by row, in the factor's own array. */
export function writeCholesky(w: Writing, node: LowOf<'cholesky'>, id: LowId, scope: Scope): void {
  const { rows, columns } = node
  const size = w.extents.size(rows)
  const [i, j] = [w.sharing.name('r'), w.sharing.name('q')]
  const row = loopScope(scope, `cholesky ${id} rows`, rows, atom(i))
  const entry = loopScope(row, `cholesky ${id} columns`, columns, atom(j))
  writeEntry(w, node, id, entry)
  writeLoop(row, `for (let ${j} = 0; ${j} <= ${i}; ${j}++)`, entry.lines)
  const above = loopScope(row, `cholesky ${id} above`, columns, atom(j))
  const zero = `${element(w, id, above, at(above, [rows, i], [columns, j]))} = 0`
  writeLoop(row, `for (let ${j} = ${i} + 1; ${j} < ${size}; ${j}++)`, [...above.lines, zero])
  writeLoop(scope, `for (let ${i} = 0; ${i} < ${size}; ${i}++)`, row.lines)
}

/** The entry at the row and column of the loops around, from the rows before it and its own. */
function writeEntry(w: Writing, { rows, columns, args }: LowOf<'cholesky'>, id: LowId, entry: Scope): void {
  const [k, rest] = [w.sharing.name('d'), w.sharing.name('t')]
  const [i, j] = [indexOf(entry.parent), indexOf(entry)]
  const inner = loopScope(entry, `cholesky ${id} terms`, `${columns} before`, atom(k))
  const own = (r: string, c: string, s: Scope): string => element(w, id, s, at(s, [rows, r], [columns, c]))
  const x = readValue(w, must(args[0], 'matrix'), entry).text
  const term = `${rest} -= ${own(i, k, inner)} * ${own(j, k, inner)}`
  const [target, diagonal] = [own(i, j, entry), own(j, j, entry)]
  entry.lines.push(`let ${rest} = ${x}`)
  writeLoop(entry, `for (let ${k} = 0; ${k} < ${j}; ${k}++)`, [...inner.lines, term])
  const root = `${rest} > 0 && ${rest} < ${infinity} ? Math.sqrt(${rest}) : ${notANumber}`
  entry.lines.push(`${target} = ${j} < ${i} ? ${rest} / ${diagonal} : ${root}`)
}

/** Forward substitution, or backward for the transpose. */
export function writeSolution(w: Writing, node: LowOf<'solve_lower'>, id: LowId, scope: Scope): void {
  const { rows, columns, transposed, args } = node
  const size = w.extents.size(rows)
  const [to, from] = [solutionAxis(node), transposed ? columns : rows]
  const [i, k, rest] = [w.sharing.name('r'), w.sharing.name('d'), w.sharing.name('t')]
  const outer = loopScope(scope, `solution ${id}`, to, atom(i))
  const inner = loopScope(outer, `solution ${id} terms`, `${to} before`, atom(k))
  const lower = (r: string, c: string, s: Scope): string =>
    readValue(w, must(args[0], 'triangular matrix'), s, at(s, [rows, r], [columns, c])).text
  const own = (p: string, s: Scope): string => element(w, id, s, at(s, [to, p]))
  const b = readValue(w, must(args[1], 'right side'), outer, at(outer, [from, i])).text
  const term = `${rest} -= ${transposed ? lower(k, i, inner) : lower(i, k, inner)} * ${own(k, inner)}`
  const [target, diagonal] = [own(i, outer), lower(i, i, outer)]
  outer.lines.push(`let ${rest} = ${b}`)
  const before = transposed ? `let ${k} = ${i} + 1; ${k} < ${size}; ${k}++` : `let ${k} = 0; ${k} < ${i}; ${k}++`
  writeLoop(outer, `for (${before})`, [...inner.lines, term])
  outer.lines.push(`${target} = ${rest} / ${diagonal}`)
  const rounds = transposed ? `let ${i} = ${size} - 1; ${i} >= 0; ${i}--` : `let ${i} = 0; ${i} < ${size}; ${i}++`
  writeLoop(scope, `for (${rounds})`, outer.lines)
}

function indexOf(scope: Scope | undefined): string {
  return must(scope?.index, 'index').text
}

/** Positions along axes at the loop variables named. */
function at(scope: Scope, ...places: readonly (readonly [axis: string, index: string])[]): Positions {
  return places.reduce((p, [axis, name]) => moved(p, axis, { ...atom(name), level: scopeOf(name, scope), whole: true } as Value), here)
}

function scopeOf(index: string, scope: Scope): Scope {
  return scope.index?.text === index ? scope : scopeOf(index, must(scope.parent, `loop of ${index}`))
}

/** As it is written, never from a variable: it changes as the loops go on. */
function element(w: Writing, id: LowId, scope: Scope, positions: Positions): string {
  const { name, layout }: Stored = must(w.stored.get(id), 'array')
  return `${name}[${address(layout, positions, scope, w.extents, w.sharing).text}]`
}
