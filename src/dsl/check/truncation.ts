import type { FamilySignature } from '../../families/parts/signature.ts'
import { hasNumbers, isWhole } from '../../families/parts/support.ts'
import { signatures } from '../../families/tables/signatures.ts'
import type { FamilyCall } from '../ast.ts'
import { endsAlong, endsOf, type IntervalEnds, type Modifier } from './interval.ts'
import { rowOf } from './names.ts'
import { rangeOf } from './range.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import type { SettledFamily } from './settled.ts'

export interface Truncation extends IntervalEnds {
  /** Whether this family, with this left side, may be truncated so. */
  readonly fits: (use: SettledFamily) => boolean
}

const modifier: Modifier = {
  code: 'AMP413',
  end: 'a bound of the truncation',
  empty: 'no number lies between the bounds',
  order: 'the lower bound comes first: in (a, b)',
}

/** `in (a, b)` after a family. */
export function truncation(c: CheckContext, call: FamilyCall): Truncation | 'wrong' | undefined {
  if (call.range === undefined) return undefined
  const { span } = call.range
  const support = rowOf<FamilySignature>(signatures, call.family.text)?.support
  const ends = endsOf(c, call.range, modifier, support !== undefined && isWhole(support))
  return ends === undefined ? 'wrong' : { ...ends, fits: (use) => fits(c, use, ends, span) }
}

function fits(c: CheckContext, use: SettledFamily, ends: IntervalEnds, span: FamilyCall['span']): boolean {
  const { support } = use.signature
  if (!hasNumbers(support)) {
    tell(c.report, 'AMP413', `${use.name} cannot be truncated`, { span, expected: 'a family of single numbers' })
    return false
  }
  if ('turn' in support && (rangeOf(c, ends.lower).high === -Infinity || rangeOf(c, ends.upper).low === Infinity)) {
    tell(c.report, 'AMP413', `${use.name} repeats with every turn, so without an end it has no finite total`, {
      span,
      expected: 'two finite ends',
    })
    return false
  }
  return endsAlong(c, use, ends, modifier)
}
