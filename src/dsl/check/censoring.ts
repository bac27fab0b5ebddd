import { hasOrder } from '../../families/parts/support.ts'
import type { FamilyCall } from '../ast.ts'
import { endsAlong, endsOf, type IntervalEnds, type Modifier } from './interval.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import type { SettledFamily } from './settled.ts'
import { nodesWithin } from './typed.ts'
import { quote } from './words.ts'

export interface Censoring extends IntervalEnds {
  /** Whether this family, with this left side, may be censored so. */
  readonly fits: (use: SettledFamily) => boolean
}

const modifier: Modifier = {
  code: 'AMP418',
  end: 'a limit of the censoring',
  empty: 'no number lies between the limits, so all would be censored',
  order: 'the lower limit comes first: censored (a, b); inf stands for none',
}

/** `censored (a, b)` after a family. */
export function censoring(c: CheckContext, call: FamilyCall): Censoring | 'wrong' | undefined {
  if (call.censored === undefined) return undefined
  const { span } = call.censored
  const ends = endsOf(c, call.censored, modifier)
  return ends === undefined ? 'wrong' : { ...ends, fits: (use) => fits(c, use, ends, span) }
}

function fits(c: CheckContext, use: SettledFamily, ends: IntervalEnds, span: FamilyCall['span']): boolean {
  if (!hasOrder(use.signature.support)) {
    const why = 'turn' in use.signature.support ? ': angles have no order' : ''
    tell(c.report, 'AMP418', `${use.name} cannot be censored${why}`, { span, expected: 'a family of single numbers' })
    return false
  }
  return isGiven(c, use, span) && endsAlong(c, use, ends, modifier)
}

/** What is drawn or moved has a density; a censored variable has probabilities at its limits as well. */
function isGiven(c: CheckContext, use: SettledFamily, span: FamilyCall['span']): boolean {
  for (const n of nodesWithin([use.left.value], c.lets)) {
    const name = n.kind === 'variable' ? n.name : n.kind === 'act' ? n.state : undefined
    const declaration = name === undefined ? undefined : c.scope.variables.get(name)?.declaration
    if (declaration?.role !== 'state' && declaration?.role !== 'param') continue
    tell(c.report, 'AMP418', `${quote(declaration.name.text)} is a ${declaration.role}: censored, it would have no density at the limits`, {
      span,
      hint: `declare what was recorded as data ${declaration.name.text}; an unknown true value beyond a limit is a state truncated to that side`,
      related: [{ span: declaration.name.span, message: `${quote(declaration.name.text)} is declared here` }],
    })
    return false
  }
  return true
}
