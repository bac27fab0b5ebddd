import type { Law } from '../law.ts'
import { attentionLaw } from './attention.ts'
import { coolingLaw } from './cooling.ts'
import { descentLaw } from './descent.ts'
import { dualityLaw } from './duality.ts'
import { gradientLaw } from './gradient.ts'
import { invarianceLaw } from './invariance.ts'

/** The laws that can be tested on any model, in the order of the charter. */
export const laws: readonly Law[] = [dualityLaw, gradientLaw, descentLaw, coolingLaw, invarianceLaw, attentionLaw]

/** A law of the charter that is not tested. */
export interface Untested {
  readonly number: number
  readonly name: string
  readonly why: string
}

/** What the charter says besides, and why it is not tested here. */
export const untested: readonly Untested[] = [
  { number: 6, name: 'Bound', why: 'amp computes no evidence and no bound of it' },
  { number: 8, name: 'Write', why: 'a model says what is stored, and not yet how it is written and forgotten' },
  { number: 9, name: 'Nonparametrics', why: 'axes whose size is drawn (dp) cannot be compiled yet' },
]
