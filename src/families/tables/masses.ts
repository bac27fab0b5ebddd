import { masses as bernoulli } from '../bernoulli.ts'
import { masses as bernoulli_logit } from '../bernoulli_logit.ts'
import { masses as beta } from '../beta.ts'
import { masses as binomial } from '../binomial.ts'
import { masses as binomial_logit } from '../binomial_logit.ts'
import { masses as cauchy } from '../cauchy.ts'
import { masses as chi_square } from '../chi_square.ts'
import { masses as exponential } from '../exponential.ts'
import { masses as gamma } from '../gamma.ts'
import { masses as geometric } from '../geometric.ts'
import { masses as gumbel } from '../gumbel.ts'
import { masses as half_cauchy } from '../half_cauchy.ts'
import { masses as half_normal } from '../half_normal.ts'
import { masses as inverse_gamma } from '../inverse_gamma.ts'
import { masses as laplace } from '../laplace.ts'
import { masses as logistic } from '../logistic.ts'
import { masses as lognormal } from '../lognormal.ts'
import { masses as negative_binomial } from '../negative_binomial.ts'
import { masses as normal } from '../normal.ts'
import { masses as pareto } from '../pareto.ts'
import type { Masses } from '../parts/masses.ts'
import { masses as poisson } from '../poisson.ts'
import { masses as poisson_log } from '../poisson_log.ts'
import { masses as student_t } from '../student_t.ts'
import { masses as uniform } from '../uniform.ts'
import { masses as von_mises } from '../von_mises.ts'
import { masses as weibull } from '../weibull.ts'
import type { FamilyName, NumberFamily } from './signatures.ts'

const ofNumbers: Readonly<Record<NumberFamily, Masses>> = {
  normal,
  student_t,
  cauchy,
  half_normal,
  half_cauchy,
  laplace,
  logistic,
  lognormal,
  exponential,
  gamma,
  inverse_gamma,
  chi_square,
  weibull,
  gumbel,
  pareto,
  beta,
  uniform,
  von_mises,
  bernoulli,
  bernoulli_logit,
  binomial,
  binomial_logit,
  poisson,
  poisson_log,
  negative_binomial,
  geometric,
}

/** Undefined for families of anything but single numbers. */
export const masses: { readonly [K in FamilyName]?: Masses } = ofNumbers
