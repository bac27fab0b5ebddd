import { InternalError } from '../base/internal-error.ts'
import { log } from '../base/special/logarithm.ts'
import type { ElementwiseOp, NodeId } from './graph.ts'
import type { Maths } from './maths.ts'
import { LEAST_TOTAL } from './scalar.ts'

/**
 * How the adjoint `g` of a scalar function's value `y` becomes the adjoint of one of its operands `a`, `b`, `c`:
 * `g` times the partial derivative. Undefined where that is zero.
 */
export type Pullback = (m: Maths, g: NodeId, y: NodeId, a: NodeId, b: NodeId, c: NodeId) => NodeId | undefined

/** The operand *is* the value where this is 1, and has no part in it where this is 0. */
export interface Passes {
  readonly passesWhere: (m: Maths, a: NodeId, b: NodeId, c: NodeId) => NodeId
}

/** One entry an operand. */
export type Derivative = readonly (Pullback | Passes)[]
export type Derivatives = { readonly [K in ElementwiseOp]: Derivative }

const zero: Pullback = () => undefined
const scale = (m: Maths, g: NodeId, factor: NodeId): NodeId => (isOne(m, g) ? factor : m.mul(g, factor))

/** 2 / sqrt(pi), the factor of erf's derivative. */
const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI)
/** The slope of x log(x) at 0: minus infinity, as far as doubles tell, log(5e-324), so that 0 times it is 0. */
const STEEPEST = log(Number.MIN_VALUE)
const gaussian = (m: Maths, x: NodeId): NodeId => m.mul(m.k(TWO_OVER_ROOT_PI), m.exp(m.neg(m.square(x))))

/**
 * The scalar derivatives. Steps (sign, floor, comparisons) have derivative zero. At kinks: abs' (0) = 0, and where the
 * two operands of min or max are equal the first takes the whole derivative.
 */
export const derivatives: Derivatives = {
  neg: [(m, g) => m.neg(g)],
  exp: [(m, g, y) => scale(m, g, y)],
  expm1: [(m, g, _y, a) => scale(m, g, m.exp(a))],
  log: [(m, g, _y, a) => m.div(g, a)],
  log1p: [(m, g, _y, a) => m.div(g, m.add(m.k(1), a))],
  sqrt: [(m, g, y) => m.div(g, m.mul(m.k(2), y))],
  square: [(m, g, _y, a) => scale(m, g, m.mul(m.k(2), a))],
  abs: [(m, g, _y, a) => scale(m, g, m.sign(a))],
  sign: [zero],
  floor: [zero],
  ceil: [zero],
  round: [zero],
  sin: [(m, g, _y, a) => scale(m, g, m.cos(a))],
  cos: [(m, g, _y, a) => m.neg(scale(m, g, m.sin(a)))],
  tan: [(m, g, y) => scale(m, g, m.add(m.k(1), m.square(y)))],
  asin: [(m, g, _y, a) => m.div(g, m.sqrt(m.sub(m.k(1), m.square(a))))],
  acos: [(m, g, _y, a) => m.neg(m.div(g, m.sqrt(m.sub(m.k(1), m.square(a)))))],
  atan: [(m, g, _y, a) => m.div(g, m.add(m.k(1), m.square(a)))],
  sinh: [(m, g, _y, a) => scale(m, g, m.cosh(a))],
  cosh: [(m, g, _y, a) => scale(m, g, m.sinh(a))],
  tanh: [(m, g, y) => scale(m, g, m.sub(m.k(1), m.square(y)))],
  sigmoid: [(m, g, y) => scale(m, g, m.mul(y, m.sub(m.k(1), y)))],
  softplus: [(m, g, _y, a) => scale(m, g, m.sigmoid(a))],
  logcosh: [(m, g, _y, a) => scale(m, g, m.tanh(a))],
  lgamma: [(m, g, _y, a) => scale(m, g, m.digamma(a))],
  digamma: [(m, g, _y, a) => scale(m, g, m.trigamma(a))],
  trigamma: [
    () => {
      throw new InternalError('the derivative of trigamma needs polygamma(2, x), which is not an operation')
    },
  ],
  erf: [(m, g, _y, a) => scale(m, g, gaussian(m, a))],
  erfc: [(m, g, _y, a) => m.neg(scale(m, g, gaussian(m, a)))],
  // As one exponential: exp(-a^2) and erfc(a) both underflow long before their ratio does.
  log_erfc: [(m, g, y, a) => m.neg(scale(m, g, m.mul(m.k(TWO_OVER_ROOT_PI), m.exp(m.neg(m.add(m.square(a), y))))))],
  add: [(_m, g) => g, (_m, g) => g],
  sub: [(_m, g) => g, (m, g) => m.neg(g)],
  mul: [(m, g, _y, _a, b) => scale(m, g, b), (m, g, _y, a) => scale(m, g, a)],
  div: [(m, g, _y, _a, b) => m.div(g, b), (m, g, y, _a, b) => m.neg(m.div(scale(m, g, y), b))],
  pow: [(m, g, _y, a, b) => powerByBase(m, g, a, b), (m, g, y, a) => powerByExponent(m, g, y, a)],
  min: [{ passesWhere: (m, a, b) => m.less_equal(a, b) }, { passesWhere: (m, a, b) => m.less(b, a) }],
  log_total: [{ passesWhere: (m, a) => m.less_equal(m.k(LEAST_TOTAL), a) }],
  max: [{ passesWhere: (m, a, b) => m.less_equal(b, a) }, { passesWhere: (m, a, b) => m.less(a, b) }],
  less: [zero, zero],
  less_equal: [zero, zero],
  equal: [zero, zero],
  xlogy: [
    (m, g, _y, _a, b) => scale(m, g, m.where(m.equal(b, m.k(0)), m.k(STEEPEST), m.log(b))),
    (m, g, _y, a, b) => scale(m, g, m.where(m.equal(a, m.k(0)), m.k(0), m.div(a, b))),
  ],
  // DLMF 10.29.2: I' = I_{n+1} + (n/x) I_n. By the order there is no derivative in closed form; it is taken as fixed.
  log_bessel_i: [zero, (m, g, y, a, b) => scale(m, g, besselByArgument(m, y, a, b))],
  bessel_ratio: [(m, g, y, x, order) => scale(m, g, ratioByArgument(m, y, x, order)), zero],
  // 2 a / (a^2 + b^2) and -2 a^2 / (b (a^2 + b^2)), so that nothing is squared that may overflow before it is divided.
  log1p_square: [
    (m, g, _y, a, b) => scale(m, g, m.div(m.k(2), m.add(a, m.mul(m.div(b, a), b)))),
    (m, g, _y, a, b) => m.neg(scale(m, g, m.div(m.k(2), m.mul(b, m.add(m.k(1), m.square(m.div(b, a))))))),
  ],
  log_gamma_p: [
    (m, g, _y, a, x) => scale(m, g, m.log_gamma_p_by_shape(a, x)),
    (m, g, y, a, x) => scale(m, g, m.exp(m.sub(gammaDensity(m, a, x), y))),
  ],
  log_gamma_q: [
    (m, g, _y, a, x) => scale(m, g, m.log_gamma_q_by_shape(a, x)),
    (m, g, y, a, x) => m.neg(scale(m, g, m.exp(m.sub(gammaDensity(m, a, x), y)))),
  ],
  log_gamma_p_by_shape: onceOnly('log_gamma_p_by_shape', 2),
  log_gamma_q_by_shape: onceOnly('log_gamma_q_by_shape', 2),
  log_beta: [(m, g, _y, a, b) => m.neg(scale(m, g, m.digamma_gap(a, b))), (m, g, _y, a, b) => m.neg(scale(m, g, m.digamma_gap(b, a)))],
  digamma_gap: [
    (m, g, _y, a, b) => scale(m, g, m.sub(m.trigamma(m.add(a, b)), m.trigamma(a))),
    (m, g, _y, a, b) => scale(m, g, m.trigamma(m.add(a, b))),
  ],
  log_beta_i: [
    (m, g, _y, a, b, l) => scale(m, g, m.log_beta_i_by_first(a, b, l)),
    (m, g, _y, a, b, l) => scale(m, g, m.log_beta_i_by_second(a, b, l)),
    (m, g, y, a, b, l) => scale(m, g, m.exp(m.sub(logitBetaDensity(m, a, b, l), y))),
  ],
  log_beta_i_by_first: onceOnly('log_beta_i_by_first', 3),
  log_beta_i_by_second: onceOnly('log_beta_i_by_second', 3),
  log_von_mises_mass: [
    (m, g, y, from, _to, kappa) => m.neg(scale(m, g, m.exp(m.sub(vonMisesDensity(m, from, kappa), y)))),
    (m, g, y, _from, to, kappa) => scale(m, g, m.exp(m.sub(vonMisesDensity(m, to, kappa), y))),
    (m, g, _y, from, to, kappa) => scale(m, g, m.log_von_mises_mass_by_kappa(from, to, kappa)),
  ],
  log_von_mises_mass_by_kappa: onceOnly('log_von_mises_mass_by_kappa', 3),
  where: [zero, { passesWhere: (_m, c) => c }, { passesWhere: (m, c) => m.equal(c, m.k(0)) }],
}

/** b a^(b-1), and 0 for b = 0 even at a = 0. */
function powerByBase(m: Maths, g: NodeId, a: NodeId, b: NodeId): NodeId | undefined {
  const exponent = m.builder.node(b)
  if (exponent.op !== 'const') {
    const slope = m.mul(b, m.pow(a, m.sub(b, m.k(1))))
    return scale(m, g, m.where(m.equal(b, m.k(0)), m.k(0), slope))
  }
  if (exponent.value === 0) return undefined
  if (exponent.value === 1) return g
  const rest = exponent.value === 2 ? a : m.pow(a, m.k(exponent.value - 1))
  return scale(m, g, m.mul(b, rest))
}

/** a^b log a; 0 where a is not positive (the limit at 0 for b > 0; below 0 the power is defined at whole b only). */
function powerByExponent(m: Maths, g: NodeId, y: NodeId, a: NodeId): NodeId {
  const positive = m.less(m.k(0), a)
  return scale(m, g, m.where(positive, m.mul(y, m.log(m.where(positive, a, m.k(1)))), m.k(0)))
}

function besselByArgument(m: Maths, y: NodeId, order: NodeId, x: NodeId): NodeId {
  const ratio = m.exp(m.sub(m.log_bessel_i(m.add(order, m.k(1)), x), y))
  const node = m.builder.node(order)
  if (node.op === 'const' && node.value === 0) return ratio
  return m.add(ratio, m.where(m.equal(order, m.k(0)), m.k(0), m.div(order, x)))
}

/** 1 - R^2 - (2 order - 1) R / x, and 1 / (2 order) at 0 (DLMF 10.29.2). By the order, which is a number of the model, there is none. */
function ratioByArgument(m: Maths, y: NodeId, x: NodeId, order: NodeId): NodeId {
  const twice = m.mul(m.k(2), order)
  const some = m.less(m.k(0), x)
  const rest = m.div(m.mul(m.sub(twice, m.k(1)), y), m.where(some, x, m.k(1)))
  return m.where(some, m.sub(m.sub(m.k(1), m.square(y)), rest), m.reciprocal(twice))
}

/** Of derivatives that are operations of their own, and have none: only values in densities are differentiated, and once. */
function onceOnly(op: ElementwiseOp, operands: number): Derivative {
  return Array.from({ length: operands }, () => () => {
    throw new InternalError(`${op} is a derivative that cannot be differentiated again`)
  })
}

/** Log density of gamma(a, 1), that of an exponential at 0 too. */
function gammaDensity(m: Maths, a: NodeId, x: NodeId): NodeId {
  const power = m.sub(a, m.k(1))
  const flat = m.equal(power, m.k(0))
  return m.sub(m.sub(m.where(flat, m.k(0), m.mul(power, m.log(m.where(flat, m.k(1), x)))), x), m.lgamma(a))
}

/** Log density of the log odds of beta(a, b). */
function logitBetaDensity(m: Maths, a: NodeId, b: NodeId, l: NodeId): NodeId {
  const sides = m.add(m.mul(a, m.softplus(m.neg(l))), m.mul(b, m.softplus(l)))
  return m.neg(m.add(sides, m.log_beta(a, b)))
}

/** Log density of von Mises about 0. */
function vonMisesDensity(m: Maths, x: NodeId, kappa: NodeId): NodeId {
  return m.sub(m.sub(m.mul(kappa, m.cos(x)), m.log_bessel_i(m.k(0), kappa)), m.k(log(2 * Math.PI)))
}

function isOne(m: Maths, id: NodeId): boolean {
  const node = m.builder.node(id)
  return node.op === 'const' && node.value === 1
}
