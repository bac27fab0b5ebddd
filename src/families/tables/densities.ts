import { density as bernoulli } from '../bernoulli.ts'
import { density as bernoulli_logit } from '../bernoulli_logit.ts'
import { density as beta } from '../beta.ts'
import { density as binomial } from '../binomial.ts'
import { density as binomial_logit } from '../binomial_logit.ts'
import { density as categorical } from '../categorical.ts'
import { density as categorical_logit } from '../categorical_logit.ts'
import { density as cauchy } from '../cauchy.ts'
import { density as chi_square } from '../chi_square.ts'
import { density as dirichlet } from '../dirichlet.ts'
import { density as exponential } from '../exponential.ts'
import { density as gamma } from '../gamma.ts'
import { density as geometric } from '../geometric.ts'
import { density as gumbel } from '../gumbel.ts'
import { density as half_cauchy } from '../half_cauchy.ts'
import { density as half_normal } from '../half_normal.ts'
import { density as inverse_gamma } from '../inverse_gamma.ts'
import { density as inverse_wishart } from '../inverse_wishart.ts'
import { density as laplace } from '../laplace.ts'
import { density as lkj_cholesky } from '../lkj_cholesky.ts'
import { density as logistic } from '../logistic.ts'
import { density as lognormal } from '../lognormal.ts'
import { density as markov } from '../markov.ts'
import { density as matrix_normal } from '../matrix_normal.ts'
import { density as multi_normal } from '../multi_normal.ts'
import { density as multi_normal_cholesky } from '../multi_normal_cholesky.ts'
import { density as multi_student_t } from '../multi_student_t.ts'
import { density as multinomial } from '../multinomial.ts'
import { density as negative_binomial } from '../negative_binomial.ts'
import { density as normal } from '../normal.ts'
import { density as ordered_logistic } from '../ordered_logistic.ts'
import { density as pareto } from '../pareto.ts'
import type { Density } from '../parts/density.ts'
import { density as poisson } from '../poisson.ts'
import { density as poisson_log } from '../poisson_log.ts'
import { density as student_t } from '../student_t.ts'
import { density as uniform } from '../uniform.ts'
import { density as von_mises } from '../von_mises.ts'
import { density as von_mises_fisher } from '../von_mises_fisher.ts'
import { density as weibull } from '../weibull.ts'
import { density as wishart } from '../wishart.ts'
import type { FamilyName } from './signatures.ts'

export const densities: Readonly<Record<FamilyName, Density>> = {
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
