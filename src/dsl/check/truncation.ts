import type { FamilyCall } from '../ast.ts'
import type { Support } from '../families.ts'
import type { Typed } from '../model.ts'
import type { Use } from './density.ts'
import { wantsNumber } from './elementwise.ts'
import { infer } from './expression.ts'
import { rangeOf } from './range.ts'
import { tell } from './report.ts'
import type { Context } from './scope.ts'
import { outermost } from './scope.ts'
import { without } from './typed.ts'
import { axesInWords, quote } from './words.ts'

export interface Truncation {
  readonly lower: Typed
  readonly upper: Typed
  /** Whether this family, with this left side, may be truncated so. */
  readonly fits: (use: Use) => boolean
}

const truncatable: ReadonlySet<Support> = new Set(['real', 'positive', 'nonnegative', 'unit_interval', 'interval', 'angle', 'bit', 'count'])

/** `in (a, b)` after a family. */
export function truncation(c: Context, call: FamilyCall): Truncation | 'wrong' | undefined {
  if (call.range === undefined) return undefined
  const [lower, upper] = [infer(c, call.range.lower, outermost), infer(c, call.range.upper, outermost)]
  const { span } = call.range
  if (lower === undefined || upper === undefined) return 'wrong'
  for (const bound of [lower, upper]) {
    if (bound.element === undefined) continue
    wantsNumber(c, bound)
    return 'wrong'
  }
  if (rangeOf(c, lower).low >= rangeOf(c, upper).high) {
    tell(c.report, 'AMP413', 'no number lies between the bounds', { span, hint: 'the lower bound comes first: in (a, b)' })
    return 'wrong'
  }
  return { lower, upper, fits: (use) => fits(c, use, [lower, upper], span) }
}

function fits(c: Context, use: Use, bounds: readonly Typed[], span: Typed['span']): boolean {
  if (!truncatable.has(use.signature.support)) {
    tell(c.report, 'AMP413', `${use.name} cannot be truncated`, { span, expected: 'a family of single numbers' })
    return false
  }
  const [lower, upper] = bounds.map((b) => rangeOf(c, b))
  if (use.signature.support === 'angle' && (lower?.high === -Infinity || upper?.low === Infinity)) {
    tell(c.report, 'AMP413', `${use.name} repeats with every turn, so without an end it has no finite total`, {
      span,
      expected: 'two finite ends',
    })
    return false
  }
  const wide = bounds.find((b) => without(b.axes, use.left.value.axes).length > 0)
  if (wide === undefined) return true
  const extra = without(wide.axes, use.left.value.axes)
  tell(c.report, 'AMP302', `a bound of the truncation varies over ${axesInWords(extra)}, which ${quote(use.left.text)} does not have`, {
    span: wide.span,
    hint: `sum[${extra.join(', ')}](...) would remove ${extra.length === 1 ? 'it' : 'them'}`,
    related: [{ span: use.left.value.span, message: `the left side has ${axesInWords(use.left.value.axes)}` }],
  })
  return false
}
