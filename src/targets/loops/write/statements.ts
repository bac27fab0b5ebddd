import { must } from '../../../base/internal-error.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { atom, call, infix, truncated } from '../../kernel/code.ts'
import { infinity } from '../../kernel/literal.ts'
import { closedAxes } from '../schedule/dependence.ts'
import type { ComputedOp, Fold, Lowered, LowId, LowNode, LowOf } from '../schedule/lowered.ts'
import type { Loop } from '../schedule/schedule.ts'
import type { Storage } from '../schedule/storage.ts'
import { address, here, moved, type Positions } from './address.ts'
import { writeCholesky, writeSolution } from './factorisation.ts'
import { loopScope, type Scope, scopeOfAxis, type Value, writeLoop } from './scope.ts'
import { deepKey, expressionOf, type Reading, readValue, type Stored, useKey } from './values.ts'

export interface Writing extends Reading {
  readonly lowered: Lowered
  readonly storage: Storage
  /** The arrays of the outputs. */
  readonly outputs: readonly Stored[]
  /** The variables that collect reductions and running sums, one for each lane of an unrolled loop. */
  readonly collectors: Map<LowId, readonly string[]>
  /** How deeply the expression of a pending node nests. */
  readonly heights: Map<LowId, number>
  /** The arrays that hold the states of running sums. */
  readonly states: ReadonlyMap<LowId, Stored>
}

const starts: Record<Fold, string> = { sum: '0', prod: '1', max_over: `-${infinity}`, min_over: infinity }

/** `into = into (+) x` */
const folds: Record<Fold, (into: string, x: Value) => string> = {
  sum: (into, x) => (x.text.startsWith('-') && !x.text.includes(' ') ? `${into} -= ${x.text.slice(1)}` : `${into} += ${x.text}`),
  prod: (into, x) => `${into} *= ${x.text}`,
  max_over: (into, x) => `${into} = ${call('Math.max', atom(into), x).text}`,
  min_over: (into, x) => `${into} = ${call('Math.min', atom(into), x).text}`,
}

/** What is left of several lanes. */
const joins: Record<Fold, (into: string, lanes: readonly string[]) => string> = {
  sum: (into, lanes) => `${into} += ${lanes.join(' + ')}`,
  prod: (into, lanes) => `${into} *= ${lanes.join(' * ')}`,
  max_over: (into, lanes) => `${into} = Math.max(${[into, ...lanes].join(', ')})`,
  min_over: (into, lanes) => `${into} = Math.min(${[into, ...lanes].join(', ')})`,
}

export function isFold(node: LowNode): node is LowOf<Fold> {
  return node.op in starts
}

/** Writes the statement of a node into `scope`, as lane `lane` of an unrolled loop. */
export function writeStatement(w: Writing, id: LowId, scope: Scope, lane: number): void {
  const node = must(w.schedule.nodes[id], 'node')
  if (isElementwise(node.op)) writeElementwise(w, node, id, scope)
  else (statements[node.op as ComputedOp] as Statement<LowNode>)(w, node, id, scope, lane)
}

type Statement<N extends LowNode> = (w: Writing, node: N, id: LowId, scope: Scope, lane: number) => void

const statements: { readonly [K in ComputedOp]: Statement<LowOf<K>> } = {
  sum: writeFold,
  prod: writeFold,
  max_over: writeFold,
  min_over: writeFold,
  scatter: writeScatter,
  cumsum: writeRunningSum,
  recursion: writeNext,
  trace: (w, node, id, scope) => {
    scope.lines.push(`${element(w, w.stored.get(id), scope)} = ${operandOf(w, node, scope).text}`)
  },
  cholesky: writeCholesky,
  solve_lower: writeSolution,
  output: (w, node, _id, scope) => {
    scope.lines.push(`${element(w, w.outputs[node.port], scope)} = ${operandOf(w, node, scope).text}`)
  },
}

function operandOf(w: Writing, node: LowNode, scope: Scope): Value {
  return readValue(w, must(node.args[0], 'operand'), scope)
}

/** `array[...]` at the current position. */
function element(w: Writing, array: Stored | undefined, scope: Scope, positions: Positions = here): string {
  const { name, layout } = must(array, 'array')
  return `${name}[${address(layout, positions, scope, w.extents, w.sharing).text}]`
}

/** Expressions nest no deeper, so that neither writing nor reading them runs out of stack. */
const MOST_NESTED = 30

function writeElementwise(w: Writing, node: LowNode, id: LowId, scope: Scope): void {
  const array = w.stored.get(id)
  const wanted = (w.sharing.counts.get(useKey(id)) ?? 0) > 0 || !w.sharing.final
  const height = 1 + node.args.reduce((top, a) => Math.max(top, w.pending.has(a) ? (w.heights.get(a) ?? 0) : 0), 0)
  if (array === undefined && height <= MOST_NESTED && w.sharing.single(useKey(id)) && !w.sharing.counts.has(deepKey(id))) {
    w.pending.set(id, scope)
    w.heights.set(id, height)
    return
  }
  const { text } = expressionOf(w, node, scope)
  if (!wanted) {
    scope.lines.push(`${element(w, array, scope)} = ${text}`)
    return
  }
  const name = w.sharing.name('t')
  scope.lines.push(`const ${name} = ${text}`)
  w.locals.set(id, { scope, name })
  if (array !== undefined) scope.lines.push(`${element(w, array, scope)} = ${name}`)
}

function writeFold(w: Writing, node: LowOf<Fold>, id: LowId, scope: Scope, lane: number): void {
  const x = operandOf(w, node, scope)
  const collector = w.collectors.get(id)?.[lane]
  scope.lines.push(folds[node.op](collector ?? element(w, w.stored.get(id), scope), x))
}

function writeScatter(w: Writing, node: LowOf<'scatter'>, id: LowId, scope: Scope): void {
  const array = must(w.stored.get(id), 'array of a scatter')
  if (!w.storage.collected.has(id)) fill(w, array, scope, '0', id)
  const index = readValue(w, must(node.args[1], 'index'), scope)
  const whole = index.whole ? index : { ...truncated(index), level: index.level, whole: true }
  const target = element(w, array, scope, moved(here, node.axis, whole))
  scope.lines.push(folds.sum(target, operandOf(w, node, scope)))
}

function writeRunningSum(w: Writing, node: LowNode, id: LowId, scope: Scope): void {
  const state = w.states.get(id)
  const collector = w.collectors.get(id)?.[0]
  const x = operandOf(w, node, scope)
  const name = collector ?? w.sharing.name('t')
  if (state === undefined) scope.lines.push(folds.sum(name, x))
  else {
    const held = element(w, state, scope)
    scope.lines.push(`const ${name} = ${infix(atom(held), '+', x).text}`, `${held} = ${name}`)
  }
  w.locals.set(id, { scope, name })
  const array = w.stored.get(id)
  if (array !== undefined) scope.lines.push(`${element(w, array, scope)} = ${name}`)
}

/** What has to stand before `loop`: the starts of all that it collects. `lanes`: into how many variables. */
export function writeStarts(w: Writing, loop: Loop, scope: Scope, lanes: number): void {
  for (const id of collectedBy(w, loop)) {
    const node = must(w.schedule.nodes[id], 'node')
    if (node.op === 'recursion') writeFirst(w, node, id, scope)
    else if (node.op === 'scatter') fill(w, must(w.stored.get(id), 'array'), scope, '0', id)
    else writeStart(w, node, id, scope, lanes)
  }
}

function collectedBy(w: Writing, loop: Loop): readonly LowId[] {
  return [...w.storage.collected].flatMap(([id, l]) => (l === loop ? [id] : []))
}

function writeStart(w: Writing, node: LowNode, id: LowId, scope: Scope, lanes: number): void {
  const start = isFold(node) ? starts[node.op] : '0'
  const state = w.states.get(id)
  const array = state ?? (isFold(node) && !isScalar(w, id, node) ? w.stored.get(id) : undefined)
  if (array !== undefined) {
    fill(w, array, scope, start, id)
    return
  }
  const first = w.sharing.name('s')
  const names = [first, ...Array.from({ length: isFold(node) ? lanes - 1 : 0 }, (_, k) => `${first}_${k + 1}`)]
  scope.lines.push(`let ${names.map((n) => `${n} = ${start}`).join(', ')}`)
  w.collectors.set(id, names)
}

/** Whether a reduction is collected in a variable: no kept axis is looped over inside of the reduced one. */
function isScalar(w: Writing, id: LowId, node: LowNode): boolean {
  const block = must(w.schedule.places.get(id), 'place')
  return closedAxes(node).includes(must(block.loop, 'loop of a reduction').axis)
}

/** The value of a recursion; the variable of the previous one is still read in this round. */
function writeNext(w: Writing, node: LowNode, id: LowId, scope: Scope): void {
  const { text } = operandOf(w, node, scope)
  const carry = w.carries.get(id)
  if (carry === undefined) {
    scope.lines.push(`${element(w, w.stored.get(id), scope)} = ${text}`)
    return
  }
  const next = w.sharing.name('t')
  scope.lines.push(`const ${next} = ${text}`, `${element(w, w.stored.get(id), scope)} = ${next}`)
  w.carries.set(id, { ...carry, next })
}

/** What ends a round of a recursion's loop. */
export function writeCarries(w: Writing, loop: Loop, scope: Scope): void {
  for (const id of collectedBy(w, loop)) {
    const carry = w.carries.get(id)
    if (carry?.next !== undefined) scope.lines.push(`${carry.name} = ${carry.next}`)
  }
}

/** The first value of a recursion, at its first position. */
function writeFirst(w: Writing, node: LowOf<'recursion'>, id: LowId, scope: Scope): void {
  const start: Value = node.reverse
    ? { ...infix(atom(w.extents.size(node.axis)), '-', atom('1')), level: scope, whole: true }
    : { ...atom('0'), level: scope, whole: true }
  const array = must(w.stored.get(id), 'array of a recursion')
  const positions = moved(here, node.axis, start)
  const others = array.layout.filter((a) => a !== node.axis)
  if (others.every((a) => scopeOfAxis(scope, a) !== undefined)) {
    const name = w.sharing.name('r')
    scope.lines.push(`let ${name} = ${readValue(w, node.first, scope).text}`, `${element(w, array, scope, positions)} = ${name}`)
    w.carries.set(id, { name })
    return
  }
  overMissing(w, others, scope, `first ${id}`, (inner) => {
    // As written text comes from another scope, it is computed before the place that it goes to.
    const { text } = readValue(w, node.first, inner)
    inner.lines.push(`${element(w, array, inner, positions)} = ${text}`)
  })
}

function fill(w: Writing, array: Stored, scope: Scope, value: string, id: LowId): void {
  overMissing(w, array.layout, scope, `fill ${id}`, (inner) => inner.lines.push(`${element(w, array, inner)} = ${value}`))
}

/** Writes loops over those of `axes` that have none yet, and `write` inside. */
function overMissing(w: Writing, axes: readonly string[], scope: Scope, key: string, write: (inner: Scope) => void): void {
  const [axis, ...rest] = axes
  if (axis === undefined) write(scope)
  else if (scopeOfAxis(scope, axis) !== undefined) overMissing(w, rest, scope, key, write)
  else {
    const index = w.sharing.name('j')
    const inner = loopScope(scope, `${key} ${axis}`, axis, atom(index))
    overMissing(w, rest, inner, key, write)
    writeLoop(scope, `for (let ${index} = 0; ${index} < ${w.extents.size(axis)}; ${index}++)`, inner.lines)
  }
}

/** What has to stand after `loop`: the results of all that it collected. */
export function writeResults(w: Writing, loop: Loop, scope: Scope): void {
  for (const id of collectedBy(w, loop)) {
    const node = must(w.schedule.nodes[id], 'node')
    const names = w.collectors.get(id)
    if (!isFold(node) || names === undefined) continue
    const [first = '', ...lanes] = names
    if (lanes.length > 0) scope.lines.push(joins[node.op](first, lanes))
    w.locals.set(id, { scope, name: first })
    const array = w.stored.get(id)
    if (array !== undefined) scope.lines.push(`${element(w, array, scope)} = ${first}`)
  }
}
