/**
 * The functions of the language: what they are called, how many arguments they take and what they mean. How each is
 * computed is a row of the compiler's table under the same key, so that a function without a meaning does not compile.
 */
export interface FunctionSignature {
  readonly arity: number
  readonly doc: string
}

function row<A extends number>(arity: A, doc: string): { readonly arity: A; readonly doc: string } {
  return { arity, doc }
}

/** Elementwise functions; operators are the first rows, written with their symbols. */
export const functions = {
  add: row(2, 'a + b'),
  sub: row(2, 'a - b'),
  mul: row(2, 'a * b'),
  div: row(2, 'a / b'),
  pow: row(2, 'a ^ b'),
  neg: row(1, '-a'),
  not: row(1, 'not a: 1 where a is 0, else 0'),
  and: row(2, 'a and b: 1 where both are not 0'),
  or: row(2, 'a or b: 1 where one is not 0'),
  equal: row(2, 'a == b, as 1 or 0'),
  not_equal: row(2, 'a != b, as 1 or 0'),
  less: row(2, 'a < b, as 1 or 0'),
  less_equal: row(2, 'a <= b, as 1 or 0'),
  greater: row(2, 'a > b, as 1 or 0'),
  greater_equal: row(2, 'a >= b, as 1 or 0'),
  exp: row(1, 'e to the power of a'),
  expm1: row(1, 'exp(a) - 1, exact for small a'),
  log: row(1, 'natural logarithm'),
  log1p: row(1, 'log(1 + a), exact for small a'),
  xlogy: row(2, 'a log(b), and 0 where a is 0, whatever b is'),
  sqrt: row(1, 'square root'),
  square: row(1, 'a times a'),
  abs: row(1, 'absolute value'),
  sign: row(1, '-1, 0 or 1'),
  floor: row(1, 'largest whole number not above a'),
  ceil: row(1, 'smallest whole number not below a'),
  round: row(1, 'nearest whole number, halves away from zero downward as in Math.round'),
  sin: row(1, 'sine of an angle in radians'),
  cos: row(1, 'cosine of an angle in radians'),
  tan: row(1, 'tangent of an angle in radians'),
  asin: row(1, 'inverse sine'),
  acos: row(1, 'inverse cosine'),
  atan: row(1, 'inverse tangent'),
  sinh: row(1, 'hyperbolic sine'),
  cosh: row(1, 'hyperbolic cosine'),
  tanh: row(1, 'hyperbolic tangent'),
  sigmoid: row(1, '1 / (1 + exp(-a)), the inverse of logit'),
  inv_logit: row(1, "Stan's name for sigmoid"),
  logit: row(1, 'log(a / (1 - a))'),
  softplus: row(1, 'log(1 + exp(a)), without overflow'),
  log1p_exp: row(1, "Stan's name for softplus"),
  log_cosh: row(1, 'log(cosh(a)), without overflow'),
  relu: row(1, 'max(a, 0)'),
  gelu: row(1, 'a times the standard normal cumulative distribution at a'),
  min: row(2, 'the smaller of two'),
  max: row(2, 'the larger of two'),
  lgamma: row(1, 'log of the absolute value of the gamma function'),
  digamma: row(1, 'derivative of lgamma'),
  erf: row(1, 'error function'),
  erfc: row(1, '1 - erf(a)'),
  Phi: row(1, 'standard normal cumulative distribution'),
  log_Phi: row(1, 'log of Phi, without underflow'),
  bessel_ratio: row(
    2,
    'I_b(a) / I_(b - 1)(a) of modified Bessel functions: for b from 1/2 on: the mean length of von Mises-Fisher vectors in 2 b dimensions',
  ),
  where: row(3, 'where(c, a, b): a where c is not 0, else b'),
} as const satisfies Record<string, FunctionSignature>

/** Reductions: `sum[axis](x)` removes the axes named. */
export const reductions = {
  sum: 'sum',
  mean: 'arithmetic mean',
  prod: 'product',
  max: 'largest',
  min: 'smallest',
  logsumexp: 'log of the sum of exponentials, without overflow; minus infinity of nothing',
  norm: 'Euclidean norm',
  entropy: 'minus the sum of x log(x), in nats, where 0 log(0) is 0',
  sparsemax_potential: 'of one axis, that of which sparsemax is the gradient: the largest p.x - sum(p^2 - p) / 2 of all probabilities p',
  entmax_potential: 'of one axis, that of which entmax is the gradient, with the parameter alpha, above 1 and at most 2',
  normmax_potential: 'of one axis, that of which normmax is the gradient, with the parameter alpha above 1',
  argmax: 'of one axis, the element at which x is largest, the first of several; its gradient is 0',
} as const

/** Reductions that give an element of their one axis. */
export const choices: ReadonlySet<string> = new Set<keyof typeof reductions>(['argmax'])

/** Reductions over one axis alone. */
export const overOne: ReadonlySet<string> = new Set<keyof typeof reductions>([
  'argmax',
  'sparsemax_potential',
  'entmax_potential',
  'normmax_potential',
])

/** Functions along one axis that keep it: `softmax[axis](x)`. */
export const alongAxis = {
  softmax: 'exp(x) divided by its sum along the axis',
  normalize: 'x divided by its Euclidean norm along the axis',
  layernorm: 'x minus its mean, divided by sqrt(variance + 1e-5), along the axis',
  cumsum: 'running sum, inclusive',
  sparsemax: 'the probabilities nearest to x: max(x - t, 0) with the t at which they add up to 1',
  entmax: 'max((alpha - 1) x - t, 0)^(1/(alpha - 1)), which adds up to 1; alpha is above 1 and at most 2, where it is sparsemax',
  normmax: 'the probabilities p with the largest p.x less the alpha-norm of p; alpha is above 1',
} as const

/** What a function over an axis has besides x: `entmax[k](x, alpha)`. It does not vary along the axis. */
export const parameterOf: Readonly<Partial<Record<string, string>>> = {
  entmax: 'alpha',
  entmax_potential: 'alpha',
  normmax: 'alpha',
  normmax_potential: 'alpha',
} satisfies Partial<Record<keyof typeof alongAxis | keyof typeof reductions, string>>

/** Functions that came when definitions of these names were about: a definition of the same name takes their place. */
export const yielding: ReadonlySet<string> = new Set<keyof typeof reductions | keyof typeof alongAxis | keyof typeof functions>([
  'bessel_ratio',
  'entropy',
  'argmax',
  'sparsemax',
  'sparsemax_potential',
  'entmax',
  'entmax_potential',
  'normmax',
  'normmax_potential',
])

interface MatrixFunction {
  /** The matrix first. */
  readonly parameters: readonly string[]
  /** Which axes of the matrix the value has. */
  readonly keeps: 'both' | 'columns' | 'neither'
  readonly doc: string
}

/** Functions of a positive definite matrix along two axes, of which the lower triangle is read: `cholesky[a, b](A)`. */
export const matrixFunctions = {
  cholesky: { parameters: ['A'], keeps: 'both', doc: "the lower triangular L over `a` and `b` for which L L' is A" },
  solve: { parameters: ['A', 'y'], keeps: 'columns', doc: 'the x over `b` for which A x is y, which is over `a`' },
  log_det: { parameters: ['A'], keeps: 'neither', doc: 'the logarithm of the determinant of A' },
} as const satisfies Record<string, MatrixFunction>

export type MatrixName = keyof typeof matrixFunctions
export type FunctionName = keyof typeof functions
export type ReductionName = keyof typeof reductions
export type AlongName = keyof typeof alongAxis
