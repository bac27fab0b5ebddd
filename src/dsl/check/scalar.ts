import type { Typed } from '../../middle/model.ts'
import { wantsNumber } from './elementwise.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import { quoted } from './words.ts'

/** Whether the expression is one number; otherwise says which axis is left, and what would remove it. */
export function isScalar(c: CheckContext, t: Typed, what: string): boolean {
  if (t.element !== undefined) {
    wantsNumber(c, t)
    return false
  }
  if (t.axes.length === 0) return true
  const one = t.axes.length === 1
  const related = t.axes.flatMap((a) => {
    const axis = c.scope.axes.get(a)
    return axis === undefined ? [] : [{ span: axis.span, message: `the axis ${quoted([a])} is introduced here` }]
  })
  tell(c.report, 'AMP301', `${what} is not a scalar: the ${one ? 'axis' : 'axes'} ${quoted(t.axes)} ${one ? 'is' : 'are'} left`, {
    span: t.span,
    expected: 'a single number, without axes',
    hint: `sum[${t.axes.join(', ')}](...) would remove ${one ? 'it' : 'them'}`,
    related,
  })
  return false
}
