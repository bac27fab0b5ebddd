import { aliases } from '../../families/tables/aliases.ts'
import { logDensityName } from '../../families/tables/log-densities.ts'
import { type FamilyName, familyNames, isFamily } from '../../families/tables/signatures.ts'

/** What other systems call things, and how the same is said here: hints for names that the language does not have. */

type Hints = Readonly<Record<string, string>>

/** `{ 'dot matmul': hint }` with every name a key of its own, and none that is inherited. */
function table(rows: Hints): Hints {
  const out = Object.create(null) as Record<string, string>
  for (const [names, hint] of Object.entries(rows)) for (const name of names.split(' ')) out[name] = hint
  return out
}

const product = 'axes have names, so a product is summed over one of them: sum[axis](a * b)'
const count = 'size(axis) is the number of elements of an axis'
const fill = 'a number stands for all elements: write it alone'
const list = 'lists of numbers come from files: --data NAME=FILE or --param NAME=FILE'
const choice = 'write where(condition, a, b)'
const matrix = 'solve[a, b](A, y) is A^-1 y for a positive definite A; multi_normal[d](mu, S) holds the inverse and the determinant of S'
const draw = 'a random quantity is a state: state e ~ normal(0, 1); new data are drawn by amp sample --predict NAME'

const functions: Hints = table({
  'dot dot_product matmul matvec inner vdot tensordot einsum mm bmm crossprod multiply': product,
  outer: 'a product of values with different axes is the outer product: a * b',
  'inv inverse pinv mdivide_left mdivide_right mdivide_left_spd mdivide_right_spd inverse_spd': matrix,
  'det logdet slogdet log_determinant log_determinant_spd': 'the log of the determinant of a positive definite A is log_det[a, b](A)',
  'cholesky_decompose chol cholesky_factor': "it is called 'cholesky' here, and says its axes: cholesky[a, b](A)",
  'len length size_of num_elements numel nrow ncol nobs rows cols dims shape': count,
  'var variance': 'write mean[axis]((x - mean[axis](x))^2)',
  'std sd stdev stddev': 'write sqrt(mean[axis]((x - mean[axis](x))^2))',
  'if ifelse if_else cond iif switch select int_step': choice,
  't transpose permute swapaxes': 'there is no transpose: axes have names, so products need none; rename an axis with x[a -> b]',
  'log_sum_exp logSumExp log_sum': "it is called 'logsumexp' here, and says its axis: logsumexp[axis](x)",
  'logaddexp log_add_exp': 'write log(exp(a) + exp(b))',
  ln: "it is called 'log' here",
  'fabs absolute': "it is called 'abs' here",
  'expit ilogit': "it is called 'sigmoid' here",
  'power pow': 'write a^b',
  sq: "it is called 'square' here",
  log10: 'write log(x) / log(10)',
  log2: 'write log(x) / log(2)',
  'gammaln lngamma': "it is called 'lgamma' here",
  'normcdf pnorm norm_cdf std_normal_cdf': "it is called 'Phi' here",
  which_max: "it is called 'argmax' here, and says its axis: argmax[axis](x)",
  'argmin which_min': 'write argmax[axis](-x)',
  'clip clamp': 'write min(max(x, low), high)',
  'zeros ones full rep rep_vector rep_row_vector rep_matrix rep_array zeros_like ones_like': fill,
  'c array asarray tensor vector matrix to_vector to_array list': list,
  'range arange seq seq_len linspace': 'the numbers 1, 2, ... along an axis are index(axis)',
  'eye diag identity diag_matrix': 'with two axes of one size, index(a) == index(b) is 1 on the diagonal and 0 elsewhere',
  'rand randn rnorm runif rpois rbinom rgamma rbeta rexp random noise': draw,
  'sample observe factor deterministic': 'a distribution is a statement: x ~ normal(0, 1)',
  'print cat': 'results are printed by the command line; amp sample --report NAME reports a let',
  'roll shift lag diff': 'the value one element before along an ordered axis is y[t = t - 1]',
})

/** What to write for a function of another language. */
export function functionElsewhere(name: string, families: readonly string[]): string | undefined {
  const [, density = '', suffix = ''] = /^(.*)_(lpdf|lpmf|lupdf|lupmf|logpdf|logpmf|log|pdf|pmf)$/.exec(name) ?? []
  const family = otherNames.get(density) ?? density
  if (isFamily(family)) {
    const log = `${logDensityName(family)}(y, ...)`
    return suffix === 'pdf' || suffix === 'pmf' ? `write exp(${log})` : `it is called '${logDensityName(family)}' here: ${log}`
  }
  if (isFamily(name))
    return `a distribution goes after '~', in a statement or a declaration: y ~ ${name}(...); as a value, ${logDensityName(name)}(y, ...)`
  const drawn = name.endsWith('_rng') ? name.slice(0, -'_rng'.length) : undefined
  if (drawn !== undefined) return predictions(otherNames.get(drawn) ?? drawn, families)
  return functions[name]
}

/** What Stan's generated quantities draw. */
function predictions(family: string, families: readonly string[]): string {
  const statement = families.includes(family) ? `y ~ ${family}(...)` : 'its ~ statement'
  return `new data are drawn from the statement of the data, ${statement}, by amp sample --predict y`
}

const types: Hints = table({
  'bool boolean binary logical flag': "it is called 'bit' here: 0 or 1",
  'int integer natural counts uint': "whole numbers from 0 are 'count', one of several things the name of an axis, others 'real'",
  'float double number numeric scalar': "it is called 'real' here",
  'vector row_vector matrix array tensor': 'axes go after the name, and the type is that of one number: state x[d] : real',
  'cov_matrix cov': 'write covariance[d, e], with axis e = size(d)',
  'corr_matrix corr': 'write correlation[d, e], with axis e = size(d)',
  'cholesky_factor_corr cholesky_factor_cov cholesky_factor': 'write cholesky[d, e], with axis e = size(d)',
  'unit_vector sphere': 'write unit[d]',
  positive_ordered: 'write ordered[k], with a prior that keeps it above 0',
  'prob unit_interval': "it is called 'probability' here",
  'string str text factor category categorical enum level':
    'a type is the name of the axis whose elements these are: data county_of[row] : county',
  'angle circular': 'write real(lower = -pi, upper = pi)',
  'natural_number nonneg non_negative': "it is called 'nonnegative' here",
})

export function typeElsewhere(name: string): string | undefined {
  return types[name.toLowerCase()]
}

const truncated = 'truncation follows the family: x ~ normal(0, 1) in (a, b)'
const mixture = 'a mixture has a state that picks the component: state z[row] : k, and then y ~ normal(mu[z], sigma)'

const namesOfR: Readonly<Record<string, FamilyName>> = {
  dbern: 'bernoulli',
  dbeta: 'beta',
  dbinom: 'binomial',
  dcat: 'categorical',
  dcauchy: 'cauchy',
  dexp: 'exponential',
  dgamma: 'gamma',
  dlnorm: 'lognormal',
  dpois: 'poisson',
  dt: 'student_t',
  dunif: 'uniform',
}

const families: Hints = table({
  'truncated TruncatedNormal truncnorm': truncated,
  'mixture Mixture MixtureSameFamily log_mix normal_mixture NormalMixture': mixture,
  dnorm: "it is called 'normal' here, and takes the standard deviation, where BUGS and JAGS take 1/sd^2",
  ...Object.fromEntries(
    Object.entries(namesOfR).map(([name, family]) => [name, `it is called '${family}' here; see its parameters in the list of families`]),
  ),
  'delta Delta Deterministic deterministic': 'a value that follows from others is named with let',
  'improper improper_uniform ImproperUniform Flat': 'a state without a statement is flat over its support',
})

/** What other systems call families that are here. */
const otherNames: ReadonlyMap<string, FamilyName> = new Map(
  familyNames.flatMap((family) => (aliases[family]?.names ?? []).map((name) => [name, family] as const)),
)

export function familyElsewhere(name: string): string | undefined {
  const other = otherNames.get(name)
  return other === undefined ? families[name] : `it is called '${other}' here`
}

const constants: Hints = table({
  'True true TRUE': 'conditions are numbers: write 1',
  'False false FALSE': 'conditions are numbers: write 0',
  'Infinity infinity': "it is called 'inf' here",
  'M_PI PI': "it is called 'pi' here",
  'NaN nan NA None null NULL': 'leave missing values empty in the data; missing values of a state are inferred',
  'e E M_E': 'write exp(1)',
})

export function constantElsewhere(name: string): string | undefined {
  return constants[name]
}

/** `x²` where there is an x: small digits are letters of a name. */
export function powerElsewhere(name: string, isKnown: (name: string) => boolean): string | undefined {
  const [, base = '', digits = ''] = /^(.*?)([⁰¹²³⁴-⁹]+)$/u.exec(name) ?? []
  return base !== '' && isKnown(base) ? `a power is written ${base}^${digits.normalize('NFKC')}` : undefined
}

const scale = ['sigma']
const arguments_: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null) as Record<string, readonly string[]>, {
  mean: ['mu', 'lambda'],
  loc: ['mu'],
  location: ['mu'],
  sd: scale,
  std: scale,
  stdev: scale,
  stddev: scale,
  scale,
  covariance: scale,
  covariance_matrix: scale,
  cov: scale,
  df: ['nu'],
  dof: ['nu'],
  p: ['theta'],
  prob: ['theta'],
  probs: ['theta'],
  probability: ['theta'],
  logits: ['alpha', 'eta'],
  N: ['n'],
  size: ['n'],
  trials: ['n'],
  total_count: ['n'],
  shape: ['alpha'],
  concentration: ['alpha', 'kappa'],
  a: ['alpha'],
  b: ['beta'],
  low: ['lower'],
  high: ['upper'],
  min: ['lower'],
  max: ['upper'],
})

/** The parameter of what is called, a family or not, that another name is for. */
export function argumentElsewhere(called: string, name: string, parameters: readonly string[]): string | undefined {
  const { parameters: own = {}, onlyThese = false } = (isFamily(called) ? aliases[called] : undefined) ?? {}
  const [meant] = Object.hasOwn(own, name) ? [own[name]] : onlyThese ? [] : (arguments_[name] ?? []).filter((p) => parameters.includes(p))
  return meant === undefined ? undefined : `it is called '${meant}' here`
}
