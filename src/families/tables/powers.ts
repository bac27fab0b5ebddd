import { power as bernoulli } from '../bernoulli.ts'
import { power as bernoulli_logit } from '../bernoulli_logit.ts'
import { power as beta } from '../beta.ts'
import { power as binomial } from '../binomial.ts'
import { power as binomial_logit } from '../binomial_logit.ts'
import { power as categorical } from '../categorical.ts'
import { power as categorical_logit } from '../categorical_logit.ts'
import { power as cauchy } from '../cauchy.ts'
import { power as chi_square } from '../chi_square.ts'
import { power as dirichlet } from '../dirichlet.ts'
import { power as exponential } from '../exponential.ts'
import { power as gamma } from '../gamma.ts'
import { power as geometric } from '../geometric.ts'
import { power as gumbel } from '../gumbel.ts'
import { power as half_cauchy } from '../half_cauchy.ts'
import { power as half_normal } from '../half_normal.ts'
import { power as inverse_gamma } from '../inverse_gamma.ts'
import { power as inverse_wishart } from '../inverse_wishart.ts'
import { power as laplace } from '../laplace.ts'
import { power as lkj_cholesky } from '../lkj_cholesky.ts'
import { power as logistic } from '../logistic.ts'
import { power as lognormal } from '../lognormal.ts'
import { power as markov } from '../markov.ts'
import { power as matrix_normal } from '../matrix_normal.ts'
import { power as multi_normal } from '../multi_normal.ts'
import { power as multi_normal_cholesky } from '../multi_normal_cholesky.ts'
import { power as multi_student_t } from '../multi_student_t.ts'
import { power as multinomial } from '../multinomial.ts'
import { power as negative_binomial } from '../negative_binomial.ts'
import { power as normal } from '../normal.ts'
import { power as ordered_logistic } from '../ordered_logistic.ts'
import { power as pareto } from '../pareto.ts'
import type { Power } from '../parts/power.ts'
import { power as poisson } from '../poisson.ts'
import { power as poisson_log } from '../poisson_log.ts'
import { power as student_t } from '../student_t.ts'
import { power as uniform } from '../uniform.ts'
import { power as von_mises } from '../von_mises.ts'
import { power as von_mises_fisher } from '../von_mises_fisher.ts'
import { power as weibull } from '../weibull.ts'
import { power as wishart } from '../wishart.ts'
import type { FamilyName } from './signatures.ts'

/** Every family at temperature T. */
export const powers: Readonly<Record<FamilyName, Power>> = {
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
  categorical,
  categorical_logit,
  multinomial,
  ordered_logistic,
  multi_normal,
  multi_normal_cholesky,
  multi_student_t,
  dirichlet,
  lkj_cholesky,
  wishart,
  inverse_wishart,
  matrix_normal,
  von_mises_fisher,
  markov,
}
