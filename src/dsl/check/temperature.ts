import type { Span } from '../../base/source.ts'
import type { Model, Typed } from '../../middle/model.ts'
import type { Program } from '../ast.ts'
import { rangeOf } from './range.ts'
import { tell } from './report.ts'
import { isScalar } from './scalar.ts'
import { type CheckContext, outermost } from './scope.ts'
import { nodesWithin } from './typed.ts'
import { quote } from './words.ts'

/** `temperature = expr`: one number above 0, made of what does not move. */
export function settleTemperature(c: CheckContext, program: Program): Model['temperature'] {
  let found: Model['temperature']
  let before: Span | undefined
  for (const s of program.statements) {
    if (s.kind !== 'temperature') continue
    const value = c.infer(c, s.value, outermost)
    if (before !== undefined) {
      tell(c.report, 'AMP234', 'the temperature is said twice', {
        span: s.span,
        hint: 'keep one of the two statements',
        related: [{ span: before, message: 'first said here' }],
      })
    }
    before ??= s.span
    if (value !== undefined && isScalar(c, value, 'the value of the temperature') && isPositive(c, value) && standsStill(c, value)) {
      found ??= { value, span: s.span }
    }
  }
  return found
}

function isPositive(c: CheckContext, value: Typed): boolean {
  if (rangeOf(c, value).high > 0) return true
  tell(c.report, 'AMP404', 'the temperature is not above 0', { span: value.span, expected: 'a number above 0' })
  return false
}

function standsStill(c: CheckContext, value: Typed): boolean {
  for (const node of nodesWithin([value], c.lets)) {
    const moving = movingName(c, node)
    if (moving === undefined) continue
    const inside = node.span.start >= value.span.start && node.span.end <= value.span.end
    const declared = c.scope.variables.get(moving)?.declaration.name.span ?? c.scope.axes.get(moving)?.span
    tell(
      c.report,
      'AMP233',
      `the temperature depends on ${node.kind === 'weight' ? `the weights of ${quote(moving)}` : quote(moving)}, which ${node.kind === 'weight' ? 'move' : 'moves'}`,
      {
        span: inside ? node.span : value.span,
        expected: 'numbers, sizes, data, memories and params',
        hint: 'exp(-E/T) at a T that moves has another normalising constant at each of its values',
        ...(declared === undefined ? {} : { related: [{ span: declared, message: `${quote(moving)} is introduced here` }] }),
      },
    )
    return false
  }
  return true
}

/** What of this node moves: a state, its activation, or the unknown weights of an axis. */
function movingName(c: CheckContext, node: Typed): string | undefined {
  if (node.kind === 'act') return node.state
  if (node.kind === 'variable') return c.scope.variables.get(node.name)?.declaration.role === 'state' ? node.name : undefined
  return node.kind === 'weight' && c.scope.axes.get(node.axis)?.statement?.prior !== undefined ? node.axis : undefined
}
