import { must } from '../../../base/internal-error.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { extent, offset, zero } from '../expressions.ts'
import type { LoopStatement } from '../program.ts'
import { rules } from '../rules.ts'
import type { ScheduleBlock, ScheduledLoop } from '../schedule/blocks.ts'
import { isFold, writeCarries, writeResults, writeStarts } from './collected.ts'
import { functionScope, loopOver, loopScope, type WriteScope } from './scope.ts'
import { writeStatement } from './statements.ts'
import type { Writing } from './writing.ts'

/** How many rounds of a short loop go side by side: enough sums that none waits for the one before. */
const LANES = 4

/** More sums side by side than this, and their lanes no longer fit the registers. */
const MOST_SUMS = 3

/** A body of more additions than this gains nothing from being written out several times. */
const SHORT = 4

/** All statements and loops of the body of a function. */
export function writeFunction(w: Writing, block: ScheduleBlock): readonly LoopStatement[] {
  const scope = functionScope(block)
  writeBlock(w, block, scope)
  return scope.statements
}

function writeBlock(w: Writing, block: ScheduleBlock, scope: WriteScope): void {
  for (const item of block.items) {
    if (item.kind === 'statement') writeStatement(w, item.id, scope)
    else writeLoop(w, item, scope)
  }
}

function writeLoop(w: Writing, loop: ScheduledLoop, scope: WriteScope): void {
  writeStarts(w, loop, scope)
  const inner = loopScope(scope, loop.axis, w.locals.make('position', loop.axis), loop.body)
  writeBlock(w, loop.body, inner)
  writeCarries(w, loop, inner)
  // A recursion leaves out the first position, at its end where it goes down.
  const skipped = loop.scan === undefined ? 0 : 1
  const down = loop.direction === 'down'
  const until = offset(extent(loop.axis), down ? -skipped : 0)
  const lanes = isShort(w, loop) ? LANES : 1
  scope.statements.push(loopOver(inner, until, down ? zero : { kind: 'whole', value: skipped }, down ? -1 : 1, lanes))
  writeResults(w, loop, scope)
}

/**
 * Whether a loop does nothing but add up a short expression, so that waiting for the sum before and looping itself are
 * what it costs.
 */
function isShort(w: Writing, loop: ScheduledLoop): boolean {
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
