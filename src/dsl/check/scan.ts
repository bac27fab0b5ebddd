import type { ScanForm, Typed } from '../../middle/model.ts'
import type { Call } from '../ast.ts'
import { matchArguments } from './arguments.ts'
import { knownAxis } from './axes.ts'
import { wantsNumber } from './elementwise.ts'
import { takeBack, tell } from './report.ts'
import type { CheckContext, ExprPlace } from './scope.ts'
import { deeper } from './scope.ts'
import { typed, without } from './typed.ts'
import { quote } from './words.ts'

/** `scan[t](first = e0, next = e)`: e0 at the first element of t, then e; `scan[t](from = e0, next = e)`: e from the first on. */
export function scan(c: CheckContext, e: Call, place: ExprPlace): Typed | undefined {
  return recursion(c, e, place, e.args.some((a) => a.name?.text === 'from') ? 'from' : 'first')
}

/** `fold[t](from = e0, next = e)`: the last value of the scan that starts so; e0 of no elements. */
export function fold(c: CheckContext, e: Call, place: ExprPlace): Typed | undefined {
  return recursion(c, e, place, 'fold')
}

/** The value before the first element of what is a scan that has one, under whatever names it goes. */
export function valueBefore(c: CheckContext, t: Typed): Typed | undefined {
  if (t.kind === 'scan') return t.form === 'from' ? t.first : undefined
  if (t.kind === 'let') {
    const value = c.lets.get(t.name)
    return value && valueBefore(c, value)
  }
  if (t.kind !== 'call') return undefined
  const before = valueBefore(c, t.body)
  return before && { ...t, body: before, axes: before.axes }
}

function recursion(c: CheckContext, e: Call, place: ExprPlace, form: ScanForm): Typed | undefined {
  const what = e.callee.text
  const [axis, second] = e.axes
  const start = form === 'first' ? 'first' : 'from'
  const args = matchArguments(c.report, { what, parameters: [start, 'next'], span: e.callee.span }, e.args)
  const isWhole = axis !== undefined && second === undefined && args !== undefined
  // Of a scan that is not whole, what stands in it is looked at all the same; what `prev` is there is not known.
  if (!isWhole) for (const { value } of e.args) c.infer(c, value, { ...deeper(place), prev: { value: undefined } })
  if (axis === undefined || second !== undefined) {
    return tell(c.report, 'AMP306', `${what} goes along one axis`, {
      span: second?.span ?? e.callee.span,
      expected: `${what}[t](${start} = e0, next = e)`,
    })
  }
  if (!knownAxis(c, axis)) return undefined
  const [firstExpr, nextExpr] = args ?? []
  if (firstExpr === undefined || nextExpr === undefined) return undefined
  const first = asNumber(c, c.infer(c, firstExpr, deeper(place)))
  const next = asNumber(
    c,
    settleNext(c, axis.text, first, (prev) => c.infer(c, nextExpr, { ...deeper(place), prev: { value: prev } })),
  )
  if (first === undefined || next === undefined) return undefined
  if (first.axes.includes(axis.text)) {
    const value = form === 'first' ? 'first value' : 'value before the first'
    return tell(c.report, 'AMP323', `the ${value} of a ${what} over ${quote(axis.text)} varies over ${quote(axis.text)} itself`, {
      span: first.span,
      hint: `pick one element: ...[${axis.text} = 1]`,
    })
  }
  const axes = [axis.text, ...first.axes, ...next.axes]
  return typed({ kind: 'scan', form, axis: axis.text, first, next }, form === 'fold' ? without(axes, [axis.text]) : axes, e.span)
}

/**
 * The previous value has the axes of `first` and of `next` (less the scanned one), and those of `next` depend on it:
 * tried with what is known, and again while axes are added. What a trial said is taken back before the next one.
 */
function settleNext(
  c: CheckContext,
  axis: string,
  first: Typed | undefined,
  check: (prev: Typed | undefined) => Typed | undefined,
): Typed | undefined {
  let prev = first
  for (;;) {
    const said = c.report.found.length
    const bodies = [...c.bodies.keys()].length
    const next = check(prev)
    if (prev === undefined || next === undefined) return next
    const axes: readonly string[] = without([...new Set([...prev.axes, ...next.axes])], [axis])
    if (axes.length === prev.axes.length) return next
    takeBack(c.report, said)
    for (const key of [...c.bodies.keys()].slice(bodies)) c.bodies.delete(key)
    prev = { ...prev, axes: [...axes].sort() }
  }
}

function asNumber(c: CheckContext, t: Typed | undefined): Typed | undefined {
  return t?.element === undefined ? t : wantsNumber(c, t)
}
