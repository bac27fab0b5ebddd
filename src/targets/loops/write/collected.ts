import { must } from '../../../base/internal-error.ts'
import { constant, extent, offset, variable, zero } from '../expressions.ts'
import type { Combining, IndexExpr } from '../program.ts'
import type { ScheduledLoop } from '../schedule/blocks.ts'
import { closedAxes } from '../schedule/dependence.ts'
import type { Fold, LowId, LowNode, LowOf } from '../schedule/lowered.ts'
import { here, moved } from './address.ts'
import { loopOver, loopScope, type ScopedValue, scopeOfAxis, type WriteScope } from './scope.ts'
import { readValue, type Stored } from './values.ts'
import { held, store, type Writing } from './writing.ts'

/** How reductions are collected, and what they start from. */
export const folds: Readonly<Record<Fold, { readonly by: Combining; readonly start: number }>> = {
  sum: { by: 'add', start: 0 },
  prod: { by: 'mul', start: 1 },
  max_over: { by: 'max', start: Number.NEGATIVE_INFINITY },
  min_over: { by: 'min', start: Number.POSITIVE_INFINITY },
}

export function isFold(node: LowNode): node is LowOf<Fold> {
  return Object.hasOwn(folds, node.op)
}

/** What has to stand before `loop`: the starts of all that it collects. */
export function writeStarts(w: Writing, loop: ScheduledLoop, scope: WriteScope): void {
  for (const id of collectedBy(w, loop)) {
    const node = must(w.schedule.nodes[id], 'node')
    if (node.op === 'recursion') writeFirst(w, node, id, scope)
    else if (node.op === 'scatter') fill(w, must(w.stored.get(id), 'array'), scope, 0)
    else writeStart(w, node, id, scope)
  }
}

/** What ends a round of a recursion's loop. */
export function writeCarries(w: Writing, loop: ScheduledLoop, scope: WriteScope): void {
  for (const id of collectedBy(w, loop)) {
    const carry = w.carries.get(id)
    if (carry?.next !== undefined) scope.statements.push({ kind: 'assign', local: carry.local, value: variable(carry.next) })
  }
}

/** What has to stand after `loop`: the results of all that it collected. */
export function writeResults(w: Writing, loop: ScheduledLoop, scope: WriteScope): void {
  for (const id of collectedBy(w, loop)) {
    const collector = w.collectors.get(id)
    if (collector !== undefined && isFold(must(w.schedule.nodes[id], 'node'))) held(w, id, scope, collector)
  }
}

function collectedBy(w: Writing, loop: ScheduledLoop): readonly LowId[] {
  return [...w.storage.collected].flatMap(([id, l]) => (l === loop ? [id] : []))
}

function writeStart(w: Writing, node: LowNode, id: LowId, scope: WriteScope): void {
  const start = isFold(node) ? folds[node.op].start : 0
  const array = w.states.get(id) ?? (isFold(node) && !isScalar(w, id, node) ? w.stored.get(id) : undefined)
  if (array !== undefined) {
    fill(w, array, scope, start)
    return
  }
  const sum = w.locals.make('sum')
  scope.statements.push({ kind: 'start', locals: [sum], value: constant(start) })
  w.collectors.set(id, sum)
}

/** Whether a reduction is collected in a variable: no kept axis is looped over inside of the reduced one. */
function isScalar(w: Writing, id: LowId, node: LowNode): boolean {
  const block = must(w.schedule.places.get(id), 'place')
  return closedAxes(node).includes(must(block.loop, 'loop of a reduction').axis)
}

/** The first value of a recursion, at its first position. */
function writeFirst(w: Writing, node: LowOf<'recursion'>, id: LowId, scope: WriteScope): void {
  const start: ScopedValue<IndexExpr> = { of: node.reverse ? offset(extent(node.axis), -1) : zero, level: scope }
  const array = must(w.stored.get(id), 'array of a recursion')
  const positions = moved(here, node.axis, start)
  const others = array.layout.filter((a) => a !== node.axis)
  if (others.every((a) => scopeOfAxis(scope, a) !== undefined)) {
    const { of } = readValue(w, node.first, scope)
    const local = w.locals.make('carry')
    scope.statements.push({ kind: 'start', locals: [local], value: of })
    store(w, array, scope, variable(local), positions)
    w.carries.set(id, { local })
    return
  }
  overMissing(w, others, scope, (inner) => store(w, array, inner, readValue(w, node.first, inner).of, positions))
}

export function fill(w: Writing, array: Stored, scope: WriteScope, value: number): void {
  overMissing(w, array.layout, scope, (inner) => store(w, array, inner, constant(value)))
}

/** Writes loops over those of `axes` that have none yet, and `write` inside. */
function overMissing(w: Writing, axes: readonly string[], scope: WriteScope, write: (inner: WriteScope) => void): void {
  const [axis, ...rest] = axes
  if (axis === undefined) write(scope)
  else if (scopeOfAxis(scope, axis) !== undefined) overMissing(w, rest, scope, write)
  else {
    const inner = loopScope(scope, axis, w.locals.make('filled'))
    overMissing(w, rest, inner, write)
    scope.statements.push(loopOver(inner, extent(axis)))
  }
}
