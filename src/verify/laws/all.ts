import type { Law, LawNumber } from '../law.ts'
import { attentionLaw } from './attention.ts'
import { boundLaw } from './bound.ts'
import { coolingLaw } from './cooling.ts'
import { descentLaw } from './descent.ts'
import { dualityLaw } from './duality.ts'
import { gradientLaw } from './gradient.ts'
import { invarianceLaw } from './invariance.ts'
import { motionLaw } from './motion.ts'
import { nonparametricsLaw } from './nonparametrics.ts'
import { writeLaw } from './write.ts'

/** A law of the charter that is not tested. */
export interface Untested {
  readonly number: LawNumber
  readonly name: string
  readonly why: string
}

/** Every law of the charter, by its number: what tests it on any model, or why nothing does. */
const charter: { readonly [N in LawNumber]: (Law | Untested) & { readonly number: N } } = {
  1: dualityLaw,
  2: gradientLaw,
  3: descentLaw,
  4: coolingLaw,
  5: invarianceLaw,
  6: boundLaw,
  7: attentionLaw,
  8: writeLaw,
  9: nonparametricsLaw,
  10: motionLaw,
}

const all: readonly (Law | Untested)[] = Object.values(charter)

/** The laws that are tested, in the order of the charter. */
export const laws: readonly Law[] = all.filter((law): law is Law => 'checks' in law)

/** The others, in that order. */
export const untested: readonly Untested[] = all.filter((law): law is Untested => 'why' in law)
