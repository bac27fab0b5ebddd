import { must } from '../../../base/internal-error.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { atom, infix } from '../../kernel/code.ts'
import { rules } from '../rules.ts'
import type { Block, Loop } from '../schedule/schedule.ts'
import { loopScope, type Scope, writeLoop } from './scope.ts'
import { isFold, type Writing, writeCarries, writeResults, writeStarts, writeStatement } from './statements.ts'
import { blockKey } from './values.ts'

/** How many rounds of a short loop are written out: enough sums side by side that none waits for the one before. */
const LANES = 4

/** More sums side by side than this, and their lanes no longer fit the registers. */
const MOST_SUMS = 3

/** A body of more additions than this gains nothing from being written out several times. */
const SHORT = 4

/** Writes all statements and loops of `block` into `scope`. */
export function writeBlock(w: Writing, block: Block, scope: Scope, lane = 0): void {
  for (const item of block.items) {
    if (item.kind === 'statement') writeStatement(w, item.id, scope, lane)
    else writeLoopItem(w, item, scope)
  }
}

function writeLoopItem(w: Writing, loop: Loop, scope: Scope): void {
  const lanes = w.sharing.final && isShort(w, loop) ? LANES : 1
  writeStarts(w, loop, scope, lanes)
  if (lanes === 1) writeRounds(w, loop, scope)
  else writeLanes(w, loop, scope, lanes)
  writeResults(w, loop, scope)
}

function writeRounds(w: Writing, loop: Loop, scope: Scope): void {
  const index = indexName(w, loop)
  const inner = loopScope(scope, blockKey(loop.body.id), loop.axis, atom(index), loop.scan)
  writeBlock(w, loop.body, inner)
  writeCarries(w, loop, inner)
  writeLoop(scope, `for (${rounds(index, w.extents.size(loop.axis), loop)})`, inner.lines)
}

/** Named after the axis, numbered again where it is looped over again. */
function indexName(w: Writing, loop: Loop): string {
  const name = w.extents.size(loop.axis).replace('n', 'i')
  const before = w.sharing.repeat(name)
  return before === 0 ? name : `${name}_${before}`
}

function rounds(index: string, size: string, loop: Loop): string {
  const skipped = loop.scan === undefined ? 0 : 1
  if (loop.direction === 'down') return `let ${index} = ${size} - ${1 + skipped}; ${index} >= 0; ${index}--`
  return `let ${index} = ${skipped}; ${index} < ${size}; ${index}++`
}

function writeLanes(w: Writing, loop: Loop, scope: Scope, lanes: number): void {
  const index = indexName(w, loop)
  const size = w.extents.size(loop.axis)
  const bodies = Array.from({ length: lanes }, (_, lane) => {
    const position = lane === 0 ? atom(index) : infix(atom(index), '+', atom(String(lane)))
    const inner = loopScope(scope, blockKey(loop.body.id), loop.axis, position, undefined, atom(index))
    writeBlock(w, loop.body, inner, lane)
    return inner.lines
  })
  const rest = loopScope(scope, blockKey(loop.body.id), loop.axis, atom(index))
  writeBlock(w, loop.body, rest)
  scope.lines.push(`let ${index} = 0`)
  writeLoop(scope, `for (; ${index} < ${size} - ${lanes - 1}; ${index} += ${lanes})`, bodies.flat())
  writeLoop(scope, `for (; ${index} < ${size}; ${index}++)`, rest.lines)
}

/**
 * Whether a loop does nothing but add up a short expression, so that waiting for the sum before and looping itself are
 * what it costs.
 */
function isShort(w: Writing, loop: Loop): boolean {
  if (loop.scan !== undefined || loop.direction === 'down') return false
  let cost = 0
  let sums = 0
  for (const item of loop.body.items) {
    if (item.kind === 'loop') return false
    const node = must(w.schedule.nodes[item.id], 'node')
    if (isFold(node)) sums += 1
    else if (isElementwise(node.op) && !w.stored.has(item.id)) cost += rules[node.op].cost
    else return false
  }
  return sums > 0 && sums <= MOST_SUMS && cost <= SHORT
}
