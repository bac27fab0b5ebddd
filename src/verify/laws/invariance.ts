import { conditionalDraws } from '../invariance/conditional.ts'
import { exactMoves } from '../invariance/exact.ts'
import { ranksOfTruth } from '../invariance/ranks.ts'
import { summedOutDraws } from '../invariance/summed-out.ts'
import type { Law } from '../law.ts'

export const invarianceLaw = {
  number: 5,
  name: 'Invariance',
  says: 'a sampler leaves exp(-E/T) as it is: exact transition matrices for few discrete states, ranks of true values for the rest',
  checks: [exactMoves, summedOutDraws, conditionalDraws, ranksOfTruth],
} as const satisfies Law
