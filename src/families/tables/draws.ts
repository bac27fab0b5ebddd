import { draw as bernoulli } from '../bernoulli.ts'
import { draw as bernoulli_logit } from '../bernoulli_logit.ts'
import { draw as beta } from '../beta.ts'
import { draw as binomial } from '../binomial.ts'
import { draw as binomial_logit } from '../binomial_logit.ts'
import { draw as categorical } from '../categorical.ts'
import { draw as categorical_logit } from '../categorical_logit.ts'
import { draw as cauchy } from '../cauchy.ts'
import { draw as chi_square } from '../chi_square.ts'
import { draw as dirichlet } from '../dirichlet.ts'
import { draw as exponential } from '../exponential.ts'
import { draw as gamma } from '../gamma.ts'
import { draw as geometric } from '../geometric.ts'
import { draw as gumbel } from '../gumbel.ts'
import { draw as half_cauchy } from '../half_cauchy.ts'
import { draw as half_normal } from '../half_normal.ts'
import { draw as inverse_gamma } from '../inverse_gamma.ts'
import { draw as inverse_wishart } from '../inverse_wishart.ts'
import { draw as laplace } from '../laplace.ts'
import { draw as lkj_cholesky } from '../lkj_cholesky.ts'
import { draw as logistic } from '../logistic.ts'
import { draw as lognormal } from '../lognormal.ts'
import { draw as markov } from '../markov.ts'
import { draw as matrix_normal } from '../matrix_normal.ts'
import { draw as multi_normal } from '../multi_normal.ts'
import { draw as multi_normal_cholesky } from '../multi_normal_cholesky.ts'
import { draw as multi_student_t } from '../multi_student_t.ts'
import { draw as multinomial } from '../multinomial.ts'
import { draw as negative_binomial } from '../negative_binomial.ts'
import { draw as normal } from '../normal.ts'
import { draw as ordered_logistic } from '../ordered_logistic.ts'
import { draw as pareto } from '../pareto.ts'
import type { Draw } from '../parts/draw.ts'
import { draw as poisson } from '../poisson.ts'
import { draw as poisson_log } from '../poisson_log.ts'
import { draw as student_t } from '../student_t.ts'
import { draw as uniform } from '../uniform.ts'
import { draw as von_mises } from '../von_mises.ts'
import { draw as von_mises_fisher } from '../von_mises_fisher.ts'
import { draw as weibull } from '../weibull.ts'
import { draw as wishart } from '../wishart.ts'
import type { FamilyName } from './signatures.ts'

export const draws: Readonly<Record<FamilyName, Draw>> = {
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
