import { must } from '../base/internal-error.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import { ordered_logistic } from './element.ts'
import type { FamilyContext } from './rule.ts'
import type { FamilyName } from './tables/signatures.ts'

/** The density p(x | args)^(1/T) of a family, normalised again: one of a family too. */
export interface Tempering {
  /**
   * Which arguments the integral of p^(1/T) over x depends on, by their places. What these depend on is weighed by x at
   * every temperature but 1, so none of it may be drawn before x.
   */
  readonly weighs: readonly number[]
  at(m: Maths, args: readonly NodeId[], temperature: NodeId, context: FamilyContext): Tempered
}

export interface Tempered {
  readonly family: FamilyName
  readonly args: readonly NodeId[]
  /** Above 0, wherever it varies, if and only if p^(1/T) has a finite integral over the family's support; absent when it always has. */
  readonly positive?: NodeId
  /** The part of the line that the family named is restricted to. */
  readonly range?: { readonly lower: number; readonly upper: number }
}

/** Why the power of a density is not drawn from. */
export interface Untempered {
  readonly never: string
}

type Tuple<N extends number> = N extends 1 ? readonly [NodeId] : N extends 2 ? readonly [NodeId, NodeId] : readonly [NodeId, NodeId, NodeId]

/** Of a family with N parameters, which the checker has counted. */
function power<N extends 1 | 2 | 3>(
  _parameters: N,
  weighs: readonly number[],
  at: (m: Maths, args: Tuple<N>, temperature: NodeId, context: FamilyContext) => Tempered,
): Tempering {
  return { weighs, at: at as unknown as Tempering['at'] }
}

const never = (why: string): Untempered => ({ never: why })

/** 1 + (a - 1) / T: the exponent a - 1 of x, divided. Where it is 0 or less the power has no integral. */
function exponent(m: Maths, a: NodeId, temperature: NodeId): NodeId {
  return m.add(m.k(1), m.div(m.sub(a, m.k(1)), temperature))
}

/** (a + 1) / T - 1: of x^-(a + 1). */
function decay(m: Maths, a: NodeId, temperature: NodeId): NodeId {
  return m.sub(m.div(m.add(a, m.k(1)), temperature), m.k(1))
}

const rooted = (m: Maths, sigma: NodeId, temperature: NodeId): NodeId => m.mul(sigma, m.sqrt(temperature))
const length = (m: Maths, { over }: FamilyContext): NodeId => m.builder.size(must(over[0], 'the axis of the family'))

/** (1 + z^2 / nu)^(-(nu + 1) / (2 T)): nu becomes (nu + 1) / T - 1, and sigma follows so that nu sigma^2 stays. */
function student(m: Maths, nu: NodeId, mu: NodeId, sigma: NodeId, temperature: NodeId): Tempered {
  const degrees = decay(m, nu, temperature)
  return { family: 'student_t', args: [degrees, mu, m.mul(sigma, m.sqrt(m.div(nu, degrees)))], positive: degrees }
}

function gammaPower(m: Maths, alpha: NodeId, beta: NodeId, temperature: NodeId): Tempered {
  const shape = exponent(m, alpha, temperature)
  return { family: 'gamma', args: [shape, m.div(beta, temperature)], positive: shape }
}

/** log p of every element of the axis, less what they share, divided. */
function elements(m: Maths, logits: NodeId, temperature: NodeId): Tempered {
  return { family: 'categorical_logit', args: [m.div(logits, temperature)] }
}

/**
 * Every family at temperature T. Each formula is p^(1/T) with its constants left out, read as a density again. A power of
 * x that is not divided with the rest (a number of arrangements, x! of counts) is what keeps others from being families.
 */
export const temperings = {
  normal: power(2, [1], (m, [mu, sigma], t) => ({ family: 'normal', args: [mu, rooted(m, sigma, t)] })),
  student_t: power(3, [0, 2], (m, [nu, mu, sigma], t) => student(m, nu, mu, sigma, t)),
  cauchy: power(2, [1], (m, [mu, sigma], t) => student(m, m.k(1), mu, sigma, t)),
  half_normal: power(1, [0], (m, [sigma], t) => ({ family: 'half_normal', args: [rooted(m, sigma, t)] })),
  half_cauchy: power(1, [0], (m, [sigma], t) => ({
    ...student(m, m.k(1), m.k(0), sigma, t),
    range: { lower: 0, upper: Number.POSITIVE_INFINITY },
  })),
  laplace: power(2, [1], (m, [mu, sigma], t) => ({ family: 'laplace', args: [mu, m.mul(sigma, t)] })),
  // exp(-z / T) (1 + exp(-z))^(-2 / T) is the logit of a beta(1/T, 1/T).
  logistic: never('the power of a logistic density is no density of a family here'),
  // x^(-1/T) tilts the normal of log(x), dx = x d log(x): its mean moves by (T - 1) sigma^2.
  lognormal: power(2, [0, 1], (m, [mu, sigma], t) => ({
    family: 'lognormal',
    args: [m.add(mu, m.mul(m.sub(t, m.k(1)), m.square(sigma))), rooted(m, sigma, t)],
  })),
  exponential: power(1, [0], (m, [beta], t) => ({ family: 'exponential', args: [m.div(beta, t)] })),
  gamma: power(2, [0, 1], (m, [alpha, beta], t) => gammaPower(m, alpha, beta, t)),
  chi_square: power(1, [0], (m, [nu], t) => gammaPower(m, m.mul(m.k(0.5), nu), m.k(0.5), t)),
  inverse_gamma: power(2, [0, 1], (m, [alpha, beta], t) => {
    const shape = decay(m, alpha, t)
    return { family: 'inverse_gamma', args: [shape, m.div(beta, t)], positive: shape }
  }),
  weibull: never('the power of a weibull density is no density of a family here'),
  gumbel: never('the power of a gumbel density is no density of a family here'),
  pareto: power(2, [0, 1], (m, [least, alpha], t) => {
    const shape = decay(m, alpha, t)
    return { family: 'pareto', args: [least, shape], positive: shape }
  }),
  beta: power(2, [0, 1], (m, [a, b], t) => {
    const shapes = [exponent(m, a, t), exponent(m, b, t)] as const
    return { family: 'beta', args: shapes, positive: m.min(...shapes) }
  }),
  uniform: power(2, [0, 1], (_m, args) => ({ family: 'uniform', args })),
  von_mises: power(2, [1], (m, [mu, kappa], t) => ({ family: 'von_mises', args: [mu, m.div(kappa, t)] })),
  bernoulli: power(1, [0], (m, [theta], t) => ({
    family: 'bernoulli_logit',
    args: [m.div(m.sub(m.log(theta), m.log1p(m.neg(theta))), t)],
  })),
  bernoulli_logit: power(1, [0], (m, [alpha], t) => ({ family: 'bernoulli_logit', args: [m.div(alpha, t)] })),
  binomial: never('the number of arrangements of a binomial is not divided by T with the rest'),
  binomial_logit: never('the number of arrangements of a binomial is not divided by T with the rest'),
  poisson: never('a power of 1 / x! is no density of a family here'),
  poisson_log: never('a power of 1 / x! is no density of a family here'),
  negative_binomial: never('the number of arrangements of a negative binomial is not divided by T with the rest'),
  // (1 - theta)^(x / T).
  geometric: power(1, [0], (m, [theta], t) => ({ family: 'geometric', args: [m.neg(m.expm1(m.div(m.log1p(m.neg(theta)), t)))] })),
  categorical: power(1, [0], (m, [theta], t) => elements(m, m.log(theta), t)),
  categorical_logit: power(1, [0], (m, [eta], t) => elements(m, eta, t)),
  ordered_logistic: power(2, [0, 1], (m, args, t, context) => {
    const level = m.builder.index(must(context.element, 'the axis of the elements'))
    return elements(m, ordered_logistic.logDensity(m, level, args, context), t)
  }),
  multinomial: never('the number of arrangements of a multinomial is not divided by T with the rest'),
  multi_normal: power(2, [1], (m, [mu, sigma], t) => ({ family: 'multi_normal', args: [mu, m.mul(sigma, t)] })),
  multi_normal_cholesky: power(2, [1], (m, [mu, L], t) => ({ family: 'multi_normal_cholesky', args: [mu, m.mul(L, m.sqrt(t))] })),
  multi_student_t: power(3, [0, 2], (m, [nu, mu, sigma], t, context) => {
    // As student_t, with (nu + n) / 2 for (nu + 1) / 2.
    const n = length(m, context)
    const degrees = m.sub(m.div(m.add(nu, n), t), n)
    return { family: 'multi_student_t', args: [degrees, mu, m.mul(sigma, m.div(nu, degrees))], positive: degrees }
  }),
  dirichlet: power(1, [0], (m, [alpha], t) => {
    const concentrations = exponent(m, alpha, t)
    return { family: 'dirichlet', args: [concentrations], positive: concentrations }
  }),
  lkj_cholesky: never('the exponents of a factor of a correlation matrix differ from row to row, and divided by T belong to no shape'),
  // |W|^((nu - n - 1) / (2 T)) exp(-tr(sigma^-1 W) / (2 T)); as many degrees as rows, less less than one.
  wishart: power(2, [0, 1], (m, [nu, sigma], t, context) => {
    const rows = m.add(length(m, context), m.k(1))
    const degrees = m.add(m.div(m.sub(nu, rows), t), rows)
    return { family: 'wishart', args: [degrees, m.mul(sigma, t)], positive: m.add(m.sub(degrees, rows), m.k(2)) }
  }),
  // |W|^(-(nu + n + 1) / (2 T)) exp(-tr(sigma W^-1) / (2 T)).
  inverse_wishart: power(2, [0, 1], (m, [nu, sigma], t, context) => {
    const rows = m.add(length(m, context), m.k(1))
    const degrees = m.sub(m.div(m.add(nu, rows), t), rows)
    return { family: 'inverse_wishart', args: [degrees, m.div(sigma, t)], positive: m.add(m.sub(degrees, rows), m.k(2)) }
  }),
  matrix_normal: power(3, [1, 2], (m, [mu, rows, columns], t) => ({ family: 'matrix_normal', args: [mu, m.mul(rows, t), columns] })),
  von_mises_fisher: power(2, [1], (m, [mu, kappa], t) => ({ family: 'von_mises_fisher', args: [mu, m.div(kappa, t)] })),
  markov: never('the power of a chain moves by other rows at every step'),
} satisfies Record<FamilyName, Tempering | Untempered>

/** `temperings` by the name of any family. */
export function temperingOf(family: FamilyName): Tempering | Untempered {
  return temperings[family]
}
