import { distribution as bernoulli } from '../bernoulli.ts'
import { distribution as bernoulli_logit } from '../bernoulli_logit.ts'
import { distribution as beta } from '../beta.ts'
import { distribution as binomial } from '../binomial.ts'
import { distribution as binomial_logit } from '../binomial_logit.ts'
import { distribution as cauchy } from '../cauchy.ts'
import { distribution as chi_square } from '../chi_square.ts'
import { distribution as exponential } from '../exponential.ts'
import { distribution as gamma } from '../gamma.ts'
import { distribution as geometric } from '../geometric.ts'
import { distribution as gumbel } from '../gumbel.ts'
import { distribution as half_cauchy } from '../half_cauchy.ts'
import { distribution as half_normal } from '../half_normal.ts'
import { distribution as inverse_gamma } from '../inverse_gamma.ts'
import { distribution as laplace } from '../laplace.ts'
import { distribution as logistic } from '../logistic.ts'
import { distribution as lognormal } from '../lognormal.ts'
import { distribution as negative_binomial } from '../negative_binomial.ts'
import { distribution as normal } from '../normal.ts'
import { distribution as pareto } from '../pareto.ts'
import type { Distribution } from '../parts/distribution.ts'
import { distribution as poisson } from '../poisson.ts'
import { distribution as poisson_log } from '../poisson_log.ts'
import { distribution as student_t } from '../student_t.ts'
import { distribution as uniform } from '../uniform.ts'
import { distribution as von_mises } from '../von_mises.ts'
import { distribution as weibull } from '../weibull.ts'
import type { FamilyName, NumberFamily } from './signatures.ts'

const ofNumbers: Readonly<Record<NumberFamily, Distribution>> = {
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
export const distributions: { readonly [K in FamilyName]?: Distribution } = ofNumbers
