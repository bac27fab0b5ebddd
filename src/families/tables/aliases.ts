import { aliases as bernoulli } from '../bernoulli.ts'
import { aliases as binomial } from '../binomial.ts'
import { aliases as categorical } from '../categorical.ts'
import { aliases as dirichlet } from '../dirichlet.ts'
import { aliases as exponential } from '../exponential.ts'
import { aliases as gamma } from '../gamma.ts'
import { aliases as half_cauchy } from '../half_cauchy.ts'
import { aliases as half_normal } from '../half_normal.ts'
import { aliases as inverse_gamma } from '../inverse_gamma.ts'
import { aliases as inverse_wishart } from '../inverse_wishart.ts'
import { aliases as laplace } from '../laplace.ts'
import { aliases as lkj_cholesky } from '../lkj_cholesky.ts'
import { aliases as lognormal } from '../lognormal.ts'
import { aliases as multi_normal } from '../multi_normal.ts'
import { aliases as negative_binomial } from '../negative_binomial.ts'
import { aliases as normal } from '../normal.ts'
import type { Aliases } from '../parts/aliases.ts'
import { aliases as poisson } from '../poisson.ts'
import { aliases as student_t } from '../student_t.ts'
import { aliases as uniform } from '../uniform.ts'
import { aliases as von_mises } from '../von_mises.ts'
import type { FamilyName } from './signatures.ts'

/** Of the families that have other names elsewhere. */
export const aliases: { readonly [K in FamilyName]?: Aliases } = {
  normal,
  student_t,
  half_normal,
  half_cauchy,
  laplace,
  lognormal,
  exponential,
  gamma,
  inverse_gamma,
  uniform,
  von_mises,
  bernoulli,
  binomial,
  poisson,
  negative_binomial,
  categorical,
  multi_normal,
  dirichlet,
  lkj_cholesky,
  inverse_wishart,
}
