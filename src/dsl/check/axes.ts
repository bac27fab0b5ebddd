import type { Typed } from '../../middle/model.ts'
import type { Expr, Name } from '../ast.ts'
import { didYouMean } from './names.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import { mayBe } from './unknown.ts'
import { axesInWords, quote, quoted } from './words.ts'

/** Whether the name is that of an axis; reports it where it is not. */
export function knownAxis(c: CheckContext, name: Name): boolean {
  if (c.scope.axes.has(name.text) || mayBe(c.scope, name.text, 'axis')) return true
  const variable = c.scope.variables.get(name.text)
  if (variable !== undefined) {
    const { axes } = variable
    tell(c.report, 'AMP214', `${quote(name.text)} is a variable, not an axis`, {
      span: name.span,
      hint: axes.length === 0 ? 'it is a single number, without axes' : `it has ${axesInWords(axes)}`,
      related: [{ span: variable.declaration.name.span, message: `${quote(name.text)} is declared here` }],
    })
    return false
  }
  tell(c.report, 'AMP303', `there is no axis called ${quote(name.text)}`, {
    span: name.span,
    ...didYouMean(name.text, c.scope.axes.keys(), 'an axis is introduced by a declaration that has it, or by an axis statement'),
  })
  return false
}

/** Whether `operand` varies over the axis named; otherwise `doing` (as in `sum over`) makes no sense, and that is said. */
export function hasAxis(c: CheckContext, name: Name, operand: Typed, doing: string): boolean {
  if (operand.axes.includes(name.text)) return true
  tell(c.report, 'AMP304', `${doing} ${quote(name.text)}: the expression does not vary over that axis`, {
    span: name.span,
    expected: operand.axes.length === 0 ? 'an expression with axes; this one is a single number' : `one of ${quoted(operand.axes, 'or')}`,
    ...didYouMean(name.text, operand.axes, doing === 'sum over' ? hintFor(c, operand, name.text) : undefined),
    related: [{ span: operand.span, message: `this has ${axesInWords(operand.axes)}` }],
  })
  return false
}

function hintFor(c: CheckContext, operand: Typed, axis: string): string {
  if (operand.axes.length === 0) return 'leave it out'
  const source = c.text.slice(operand.span.start, operand.span.end)
  const short = source.length <= 30 && !source.includes('\n')
  return `to count it size(${axis}) times, write ${short ? `size(${axis}) * (${source})` : `size(${axis}) * ...`}`
}

/** The axes in brackets, when all are axes and none comes twice. */
export function distinctAxes(c: CheckContext, names: readonly Name[]): readonly Name[] | undefined {
  let fine = true
  names.forEach((name, i) => {
    fine = knownAxis(c, name) && fine
    if (!names.slice(0, i).some((n) => n.text === name.text)) return
    tell(c.report, 'AMP307', `the axis ${quote(name.text)} is named twice`, { span: name.span, hint: 'leave one of them out' })
    fine = false
  })
  return fine ? names : undefined
}

/** The axis that an argument names: `size(k)`; undefined (and reported) when it is not a bare name of one. */
export function axisArgument(c: CheckContext, what: string, e: Expr): Name | undefined {
  if (e.kind === 'name') return knownAxis(c, e.name) ? e.name : undefined
  return tell(c.report, 'AMP214', `${what} takes the name of an axis`, { span: e.span, expected: `${what}(axis)` })
}
