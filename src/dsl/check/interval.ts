import type { Typed } from '../../middle/model.ts'
import type { IntervalExpr } from '../ast.ts'
import { wantsNumber } from './elementwise.ts'
import { rangeOf } from './range.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import { outermost } from './scope.ts'
import type { SettledFamily } from './settled.ts'
import { without } from './typed.ts'
import { axesInWords, quote } from './words.ts'

/** The ends of an interval after a family. */
export interface IntervalEnds {
  readonly lower: Typed
  readonly upper: Typed
}

/** What an interval does to a family, for messages, and the code they have. */
export interface Modifier {
  readonly code: 'AMP413' | 'AMP418'
  /** What an end is: `a bound of the truncation`. */
  readonly end: string
  /** What is wrong where no number lies between the ends, and the hint. */
  readonly empty: string
  readonly order: string
}

/** The ends as numbers, in order as far as is known; `equal` ends have something between them where counts are meant. */
export function endsOf(c: CheckContext, interval: IntervalExpr, modifier: Modifier, equal = false): IntervalEnds | undefined {
  const [lower, upper] = [c.infer(c, interval.lower, outermost), c.infer(c, interval.upper, outermost)]
  if (lower === undefined || upper === undefined) return undefined
  for (const bound of [lower, upper]) {
    if (bound.element === undefined) continue
    wantsNumber(c, bound)
    return undefined
  }
  const [least, most] = [rangeOf(c, lower).low, rangeOf(c, upper).high]
  if (least < most || (equal && least === most)) return { lower, upper }
  tell(c.report, modifier.code, modifier.empty, { span: interval.span, hint: modifier.order })
  return undefined
}

/** Whether the ends vary over axes of the left side only. */
export function endsAlong(c: CheckContext, use: SettledFamily, { lower, upper }: IntervalEnds, { end }: Modifier): boolean {
  const wide = [lower, upper].find((b) => without(b.axes, use.left.value.axes).length > 0)
  if (wide === undefined) return true
  const extra = without(wide.axes, use.left.value.axes)
  tell(c.report, 'AMP302', `${end} varies over ${axesInWords(extra)}, which ${quote(use.left.text)} does not have`, {
    span: wide.span,
    hint: `sum[${extra.join(', ')}](...) would remove ${extra.length === 1 ? 'it' : 'them'}`,
    related: [{ span: use.left.value.span, message: `the left side has ${axesInWords(use.left.value.axes)}` }],
  })
  return false
}
