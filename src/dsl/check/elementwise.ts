import type { Span } from '../../base/source.ts'
import type { FunctionName } from '../../middle/functions.ts'
import type { Typed } from '../../middle/model.ts'
import { constantOf, rangeOf } from './range.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import { maySameElements } from './scope.ts'
import { typed, union } from './typed.ts'
import { quote } from './words.ts'

/** An elementwise function of checked arguments: its axes are those of all of them together. */
export function apply(c: CheckContext, fn: FunctionName, args: readonly (Typed | undefined)[], span: Span): Typed | undefined {
  const known = args.filter((a) => a !== undefined)
  const element = elementOf(c, fn, known)
  if (known.length < args.length || element === false) return undefined
  const result = typed({ kind: 'apply', fn, args: known }, union(known), span, element)
  return insideDomain(c, fn, known) ? result : undefined
}

/** Elements of an axis may be compared with each other and chosen between; everything else wants numbers. */
function elementOf(c: CheckContext, fn: FunctionName, args: readonly Typed[]): string | undefined | false {
  if (args.every((a) => a.element === undefined)) return undefined
  const compared = fn === 'equal' || fn === 'not_equal' ? args : fn === 'where' ? args.slice(1) : []
  const [first, second] = compared
  if (first?.element !== undefined && second?.element !== undefined && maySameElements(c.scope, first.element, second.element)) {
    return fn === 'where' ? first.element : undefined
  }
  for (const a of args) if (a.element !== undefined) wantsNumber(c, a)
  return false
}

/** Reports that an element of an axis stands where a number is expected. */
export function wantsNumber(c: CheckContext, t: Typed): undefined {
  const name = c.text.slice(t.span.start, t.span.end)
  const [target = 'mu'] = [...c.scope.variables].flatMap(([n, v]) => (t.element !== undefined && v.axes.includes(t.element) ? [n] : []))
  return tell(c.report, 'AMP402', `${quote(name)} is an element of the axis ${quote(t.element ?? '')}, not a number`, {
    span: t.span,
    hint: `index by it, as in ${target}[${name}]; its number, from 1, is index(${t.element})[${name}]`,
  })
}

/** A constant outside a function's domain would be NaN for certain: said now rather than when it runs. */
function insideDomain(c: CheckContext, fn: FunctionName, args: readonly Typed[]): boolean {
  const wrong = outside(c, fn, args)
  if (wrong === undefined) return true
  const at = args[wrong.argument] ?? args[0]
  tell(c.report, 'AMP416', wrong.message, at === undefined ? {} : { span: at.span })
  return false
}

function outside(c: CheckContext, fn: FunctionName, args: readonly Typed[]): { argument: number; message: string } | undefined {
  const [a, b] = args
  if (a === undefined) return undefined
  if ((fn === 'log' || fn === 'sqrt') && rangeOf(c, a).high < 0)
    return { argument: 0, message: `${fn} of a number below zero has no value` }
  if (fn === 'xlogy' && b !== undefined && rangeOf(c, b).high < 0)
    return { argument: 1, message: 'log of a number below zero has no value' }
  if (fn === 'div' && b !== undefined && constantOf(c, b) === 0) return { argument: 1, message: 'division by zero' }
  return undefined
}
