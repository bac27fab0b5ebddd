import { limits as bernoulli_logit } from '../bernoulli_logit.ts'
import { limits as binomial_logit } from '../binomial_logit.ts'
import { limits as gamma } from '../gamma.ts'
import { limits as inverse_gamma } from '../inverse_gamma.ts'
import { limits as negative_binomial } from '../negative_binomial.ts'
import { limits as pareto } from '../pareto.ts'
import type { Limits } from '../parts/limits.ts'
import { limits as poisson_log } from '../poisson_log.ts'
import { limits as von_mises_fisher } from '../von_mises_fisher.ts'
import { limits as weibull } from '../weibull.ts'
import type { FamilyName } from './signatures.ts'

/** Of the families that have any. */
export const limits: { readonly [K in FamilyName]?: Limits } = {
  gamma,
  inverse_gamma,
  weibull,
  pareto,
  bernoulli_logit,
  binomial_logit,
  poisson_log,
  negative_binomial,
  von_mises_fisher,
}
