import type { Ends, FamilySignature, ParameterKind, Support } from '../parts/signature.ts'

/** `[0, inf)`: from 0, which belongs to it, up. */
function interval(text: string): Ends {
  const [low = '', high = ''] = text.slice(1, -1).split(', ')
  const number = (end: string): number => Number(end.replace('inf', 'Infinity'))
  return { low: number(low), high: number(high), lowIn: text.startsWith('['), highIn: text.endsWith(']') }
}

/** Where the elements of each kind lie, unless a family says otherwise. */
const usual: Readonly<Record<ParameterKind, Ends>> = {
  real: interval('(-inf, inf)'),
  positive: interval('(0, inf)'),
  probability: interval('[0, 1]'),
  count: interval('[0, inf)'),
  vector: interval('(-inf, inf)'),
  positive_vector: interval('(0, inf)'),
  simplex: interval('[0, 1]'),
  unit_vector: interval('[-1, 1]'),
  ordered: interval('(-inf, inf)'),
  covariance: interval('(-inf, inf)'),
  cholesky: interval('(-inf, inf)'),
  matrix: interval('(-inf, inf)'),
  transition: interval('[0, 1]'),
}

/** `parameters`: name, kind unless it is a real, and ends where they are not the usual ones, of each. */
function family(parameters: string, support: Support, over: 0 | 1 | 2, doc: string): FamilySignature {
  const list = parameters === '' ? [] : parameters.split('; ')
  return {
    parameters: list.map((p) => {
      const [, name = '', kind = 'real', ends] = /^(\w+)(?:: (\w+))?(?: ([[(].*))?$/.exec(p) ?? []
      const known = kind as ParameterKind
      return { name, kind: known, ends: ends === undefined ? usual[known] : interval(ends) }
    }),
    support,
    over,
    doc,
  }
}

/**
 * The families of `x ~ family(args)`: names, parameters and support, in Stan's names and parametrisations.
 */
export const signatures = {
  normal: family('mu; sigma: positive', 'real', 0, 'mean mu, standard deviation sigma'),
  student_t: family('nu: positive; mu; sigma: positive', 'real', 0, 'nu degrees of freedom, location mu, scale sigma'),
  cauchy: family('mu; sigma: positive', 'real', 0, 'location mu, scale sigma'),
  half_normal: family('sigma: positive', 'nonnegative', 0, 'absolute value of normal(0, sigma); normalised on the half line'),
  half_cauchy: family('sigma: positive', 'nonnegative', 0, 'absolute value of cauchy(0, sigma); normalised on the half line'),
  laplace: family('mu; sigma: positive', 'real', 0, "location mu, scale sigma (Stan's double_exponential)"),
  logistic: family('mu; sigma: positive', 'real', 0, 'location mu, scale sigma'),
  lognormal: family('mu; sigma: positive', 'positive', 0, 'the log is normal(mu, sigma)'),
  exponential: family('beta: positive [0, inf)', 'nonnegative', 0, 'rate beta'),
  gamma: family('alpha: positive; beta: positive [0, inf)', 'positive', 0, 'shape alpha, rate beta'),
  inverse_gamma: family('alpha: positive [0, inf); beta: positive', 'positive', 0, 'shape alpha, scale beta'),
  chi_square: family('nu: positive', 'positive', 0, 'nu degrees of freedom'),
  weibull: family('alpha: positive; sigma: positive (0, inf]', 'nonnegative', 0, 'shape alpha, scale sigma'),
  gumbel: family('mu; beta: positive', 'real', 0, 'location mu, scale beta'),
  pareto: family('y_min: positive; alpha: positive [0, inf)', 'interval', 0, 'minimum y_min, shape alpha'),
  beta: family('alpha: positive; beta: positive', 'unit_interval', 0, 'shapes alpha and beta'),
  uniform: family('lower; upper', 'interval', 0, 'between lower and upper'),
  von_mises: family('mu; kappa: positive [0, inf)', 'angle', 0, 'mean direction mu, concentration kappa'),
  bernoulli: family('theta: probability', 'bit', 0, 'probability theta of 1'),
  bernoulli_logit: family('alpha: real [-inf, inf]', 'bit', 0, 'log odds alpha of 1'),
  binomial: family('n: count; theta: probability', 'count', 0, 'n trials of probability theta'),
  binomial_logit: family('n: count; alpha: real [-inf, inf]', 'count', 0, 'n trials of log odds alpha'),
  poisson: family('lambda: positive [0, inf)', 'count', 0, 'rate lambda'),
  poisson_log: family('alpha: real [-inf, inf)', 'count', 0, 'log rate alpha'),
  negative_binomial: family('alpha: positive [0, inf); beta: positive [0, inf]', 'count', 0, 'shape alpha, inverse scale beta'),
  geometric: family('theta: probability', 'count', 0, 'failures before the first success of probability theta'),
  categorical: family('theta: simplex', 'element', 0, 'probabilities theta over the axis of the left side'),
  categorical_logit: family('eta: vector [-inf, inf)', 'element', 0, 'unnormalised log probabilities eta over the axis of the left side'),
  multinomial: family('n: count; theta: simplex', 'counts', 1, 'n draws with probabilities theta, counted along the axis'),
  ordered_logistic: family('eta: real [-inf, inf]; cutpoints: ordered', 'element', 0, 'latent eta, ordered cutpoints along one axis'),
  multi_normal: family('mu: vector; sigma: covariance', 'vector', 1, 'mean mu, covariance sigma'),
  multi_normal_cholesky: family('mu: vector; L: cholesky', 'vector', 1, "mean mu, covariance L L', given by its factor L"),
  multi_student_t: family(
    'nu: positive; mu: vector; sigma: covariance',
    'vector',
    1,
    'nu degrees of freedom, location mu, scale matrix sigma',
  ),
  dirichlet: family('alpha: positive_vector', 'simplex', 1, 'concentrations alpha along the axis; one number serves for all'),
  lkj_cholesky: family('eta: positive', 'cholesky_correlation', 1, 'Cholesky factor of a correlation matrix, shape eta'),
  wishart: family('nu: positive; sigma: covariance', 'covariance', 1, 'nu degrees of freedom, scale matrix sigma'),
  inverse_wishart: family('nu: positive; sigma: covariance', 'covariance', 1, 'nu degrees of freedom, scale matrix sigma'),
  matrix_normal: family(
    'mu: matrix; rows: covariance; columns: covariance',
    'matrix',
    2,
    'mean mu, covariance among rows, covariance among columns',
  ),
  von_mises_fisher: family(
    'mu: unit_vector; kappa: positive [0, inf)',
    'sphere',
    1,
    'mean direction mu on the unit sphere along the axis, concentration kappa',
  ),
  markov: family('move: transition', 'chain', 1, 'a chain along an ordered axis, move[from, to]; first state uniform'),
} as const satisfies Record<string, FamilySignature>

export type FamilyName = keyof typeof signatures

/** Whether a name is one of a family. */
export function isFamily(name: string): name is FamilyName {
  return Object.hasOwn(signatures, name)
}
