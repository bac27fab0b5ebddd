import { moments as bernoulli } from '../bernoulli.ts'
import { moments as bernoulli_logit } from '../bernoulli_logit.ts'
import { moments as beta } from '../beta.ts'
import { moments as binomial } from '../binomial.ts'
import { moments as binomial_logit } from '../binomial_logit.ts'
import { moments as cauchy } from '../cauchy.ts'
import { moments as chi_square } from '../chi_square.ts'
import { moments as dirichlet } from '../dirichlet.ts'
import { moments as exponential } from '../exponential.ts'
import { moments as gamma } from '../gamma.ts'
import { moments as geometric } from '../geometric.ts'
import { moments as gumbel } from '../gumbel.ts'
import { moments as half_cauchy } from '../half_cauchy.ts'
import { moments as half_normal } from '../half_normal.ts'
import { moments as inverse_gamma } from '../inverse_gamma.ts'
import { moments as inverse_wishart } from '../inverse_wishart.ts'
import { moments as laplace } from '../laplace.ts'
import { moments as lkj_cholesky } from '../lkj_cholesky.ts'
import { moments as logistic } from '../logistic.ts'
import { moments as lognormal } from '../lognormal.ts'
import { moments as matrix_normal } from '../matrix_normal.ts'
import { moments as multi_normal } from '../multi_normal.ts'
import { moments as multi_normal_cholesky } from '../multi_normal_cholesky.ts'
import { moments as multi_student_t } from '../multi_student_t.ts'
import { moments as multinomial } from '../multinomial.ts'
import { moments as negative_binomial } from '../negative_binomial.ts'
import { moments as normal } from '../normal.ts'
import { moments as pareto } from '../pareto.ts'
import type { AxisMoments, NumberMoments } from '../parts/moments.ts'
import { moments as poisson } from '../poisson.ts'
import { moments as poisson_log } from '../poisson_log.ts'
import { moments as student_t } from '../student_t.ts'
import { moments as uniform } from '../uniform.ts'
import { moments as von_mises } from '../von_mises.ts'
import { moments as von_mises_fisher } from '../von_mises_fisher.ts'
import { moments as weibull } from '../weibull.ts'
import { moments as wishart } from '../wishart.ts'
import type { ArrayFamily, NumberFamily } from './signatures.ts'

export const numberMoments: Readonly<Record<NumberFamily, NumberMoments>> = {
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

export const arrayMoments: Readonly<Record<ArrayFamily, AxisMoments>> = {
  multinomial,
  multi_normal,
  multi_normal_cholesky,
  multi_student_t,
  dirichlet,
  lkj_cholesky,
  wishart,
  inverse_wishart,
  matrix_normal,
  von_mises_fisher,
}
