import type { Law } from '../law.ts'
import { attentionLaw } from './attention.ts'
import { coolingLaw } from './cooling.ts'
import { descentLaw } from './descent.ts'
import { dualityLaw } from './duality.ts'
import { gradientLaw } from './gradient.ts'

/** The laws that can be tested on any model, in the order of the charter. */
export const laws: readonly Law[] = [dualityLaw, gradientLaw, descentLaw, coolingLaw, attentionLaw]
