import { signature as bernoulli } from '../bernoulli.ts'
import { signature as bernoulli_logit } from '../bernoulli_logit.ts'
import { signature as beta } from '../beta.ts'
import { signature as binomial } from '../binomial.ts'
import { signature as binomial_logit } from '../binomial_logit.ts'
import { signature as categorical } from '../categorical.ts'
import { signature as categorical_logit } from '../categorical_logit.ts'
import { signature as cauchy } from '../cauchy.ts'
import { signature as chi_square } from '../chi_square.ts'
import { signature as dirichlet } from '../dirichlet.ts'
import { signature as exponential } from '../exponential.ts'
import { signature as gamma } from '../gamma.ts'
import { signature as geometric } from '../geometric.ts'
import { signature as gumbel } from '../gumbel.ts'
import { signature as half_cauchy } from '../half_cauchy.ts'
import { signature as half_normal } from '../half_normal.ts'
import { signature as inverse_gamma } from '../inverse_gamma.ts'
import { signature as inverse_wishart } from '../inverse_wishart.ts'
import { signature as laplace } from '../laplace.ts'
import { signature as lkj_cholesky } from '../lkj_cholesky.ts'
import { signature as logistic } from '../logistic.ts'
import { signature as lognormal } from '../lognormal.ts'
import { signature as markov } from '../markov.ts'
import { signature as matrix_normal } from '../matrix_normal.ts'
import { signature as multi_normal } from '../multi_normal.ts'
import { signature as multi_normal_cholesky } from '../multi_normal_cholesky.ts'
import { signature as multi_student_t } from '../multi_student_t.ts'
import { signature as multinomial } from '../multinomial.ts'
import { signature as negative_binomial } from '../negative_binomial.ts'
import { signature as normal } from '../normal.ts'
import { signature as ordered_logistic } from '../ordered_logistic.ts'
import { signature as pareto } from '../pareto.ts'
import { type FamilySignature, readSignature } from '../parts/signature.ts'
import { signature as poisson } from '../poisson.ts'
import { signature as poisson_log } from '../poisson_log.ts'
import { signature as student_t } from '../student_t.ts'
import { signature as uniform } from '../uniform.ts'
import { signature as von_mises } from '../von_mises.ts'
import { signature as von_mises_fisher } from '../von_mises_fisher.ts'
import { signature as weibull } from '../weibull.ts'
import { signature as wishart } from '../wishart.ts'

/** The signatures of all families, as they are written in the file of each. */
const written = {
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
} as const

export type FamilyName = keyof typeof written

/** The families of `x ~ family(args)`. */
export const signatures = Object.fromEntries(
  Object.entries(written).map(([name, signature]) => [name, readSignature(signature)]),
) as Readonly<Record<FamilyName, FamilySignature>>

export const familyNames = Object.keys(written) as readonly FamilyName[]

/** Whether a name is one of a family. */
export function isFamily(name: string): name is FamilyName {
  return Object.hasOwn(signatures, name)
}

type FamilyWith<Condition> = { [K in FamilyName]: (typeof written)[K] extends Condition ? K : never }[FamilyName]

/** Families of elements of an axis. */
export type ElementFamily = FamilyWith<{ readonly support: { readonly levels: unknown } }>
/** Families of single numbers. */
export type NumberFamily = Exclude<FamilyWith<{ readonly over: 0 }>, ElementFamily>
/** Families of chains of elements. */
export type ChainFamily = FamilyWith<{ readonly support: { readonly chain: unknown } }>
/** Families of vectors and matrices of numbers. */
export type ArrayFamily = Exclude<FamilyWith<{ readonly over: 1 | 2 }>, ChainFamily>
