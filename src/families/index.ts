import { discreteFamilies } from './discrete.ts'
import { elementFamilies } from './element.ts'
import { intervalFamilies } from './interval.ts'
import { matrixFamilies } from './matrix.ts'
import { positiveFamilies } from './positive.ts'
import { realFamilies } from './real.ts'
import type { FamilyRule } from './rule.ts'
import type { FamilyName } from './tables/signatures.ts'
import { vectorFamilies } from './vector.ts'

export type { FamilyContext, FamilyRule } from './rule.ts'

/** A family that can be named and checked but not yet computed, and why. */
export interface PendingFamily {
  readonly pending: string
}

/** What every family means. */
export const familyRules = {
  ...realFamilies,
  ...positiveFamilies,
  ...intervalFamilies,
  ...discreteFamilies,
  ...elementFamilies,
  ...vectorFamilies,
  ...matrixFamilies,
  markov: { pending: 'a chain is lowered as a whole, by the recursion over its axis' },
} satisfies Record<FamilyName, FamilyRule | PendingFamily>

export function isPending(rule: FamilyRule | PendingFamily): rule is PendingFamily {
  return 'pending' in rule
}
