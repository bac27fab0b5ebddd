import type { FamilyName } from '../../dsl/families.ts'
import { discreteFamilies } from './discrete.ts'
import { elementFamilies } from './element.ts'
import { intervalFamilies } from './interval.ts'
import { positiveFamilies } from './positive.ts'
import { realFamilies } from './real.ts'
import type { FamilyRule } from './rule.ts'
import { vectorFamilies } from './vector.ts'

export type { FamilyContext, FamilyRule } from './rule.ts'

/** A family that can be named and checked but not yet computed, and why. */
export interface PendingFamily {
  readonly pending: string
}

const factorisation = {
  pending: 'it needs the Cholesky factorisation of a matrix, which the graph does not have yet',
} as const satisfies PendingFamily

/** What every family means. */
export const familyRules = {
  ...realFamilies,
  ...positiveFamilies,
  ...intervalFamilies,
  ...discreteFamilies,
  ...elementFamilies,
  ...vectorFamilies,
  multi_normal: factorisation,
  multi_student_t: factorisation,
  wishart: factorisation,
  inverse_wishart: factorisation,
  matrix_normal: factorisation,
  lkj_cholesky: { pending: 'states on Cholesky factors of correlation matrices have no coordinates yet' },
  markov: { pending: 'a chain is lowered as a whole, by the recursion over its axis' },
} satisfies Record<FamilyName, FamilyRule | PendingFamily>

export function isPending(rule: FamilyRule | PendingFamily): rule is PendingFamily {
  return 'pending' in rule
}
