import { interior as bernoulli } from '../bernoulli.ts'
import { interior as beta } from '../beta.ts'
import { interior as binomial } from '../binomial.ts'
import { interior as categorical } from '../categorical.ts'
import { interior as chi_square } from '../chi_square.ts'
import { interior as dirichlet } from '../dirichlet.ts'
import { interior as exponential } from '../exponential.ts'
import { interior as gamma } from '../gamma.ts'
import { interior as half_normal } from '../half_normal.ts'
import { interior as inverse_gamma } from '../inverse_gamma.ts'
import { interior as laplace } from '../laplace.ts'
import { interior as lognormal } from '../lognormal.ts'
import { interior as multinomial } from '../multinomial.ts'
import { interior as normal } from '../normal.ts'
import { interior as pareto } from '../pareto.ts'
import type { Interior } from '../parts/interior.ts'
import { interior as poisson } from '../poisson.ts'
import { interior as uniform } from '../uniform.ts'
import type { FamilyName } from './signatures.ts'

/** Of the families in which a conjugate form of x or of an argument is hidden by guards of the density. */
export const interiors: { readonly [K in FamilyName]?: Interior } = {
  normal,
  half_normal,
  lognormal,
  laplace,
  exponential,
  gamma,
  inverse_gamma,
  chi_square,
  pareto,
  beta,
  uniform,
  bernoulli,
  binomial,
  poisson,
  categorical,
  multinomial,
  dirichlet,
}
