import { type Factored, whitened } from '../families/formulas/factors.ts'
import { entmax, normmax, normmaxPotential } from '../ir/entmax.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import type { AlongName, FunctionName, MatrixName, ReductionName } from '../middle/functions.ts'
import { product } from './own-log.ts'

/** What every function of the language computes, as a formula on the graph. */

type Elementwise = (m: Maths, a: NodeId, b: NodeId, c: NodeId) => NodeId

const nonzero = (m: Maths, a: NodeId): NodeId => m.sub(m.k(1), m.equal(a, m.k(0)))
const scaledErfc = (m: Maths, a: NodeId): NodeId => m.mul(m.k(-Math.SQRT1_2), a)
/** Phi(a) = erfc(-a / sqrt 2) / 2, accurate in the lower tail. */
const phi = (m: Maths, a: NodeId): NodeId => m.mul(m.k(0.5), m.erfc(scaledErfc(m, a)))

/** Operands that are elements of an axis come as numbers from 1, except to comparisons among elements. */
export const functionRules: Record<FunctionName, Elementwise> = {
  add: (m, a, b) => m.add(a, b),
  sub: (m, a, b) => m.sub(a, b),
  mul: product,
  div: (m, a, b) => m.div(a, b),
  pow: power,
  neg: (m, a) => m.neg(a),
  not: (m, a) => m.equal(a, m.k(0)),
  and: (m, a, b) => m.mul(nonzero(m, a), nonzero(m, b)),
  or: (m, a, b) => m.max(nonzero(m, a), nonzero(m, b)),
  equal: (m, a, b) => m.equal(a, b),
  not_equal: (m, a, b) => m.sub(m.k(1), m.equal(a, b)),
  less: (m, a, b) => m.less(a, b),
  less_equal: (m, a, b) => m.less_equal(a, b),
  greater: (m, a, b) => m.less(b, a),
  greater_equal: (m, a, b) => m.less_equal(b, a),
  exp: (m, a) => m.exp(a),
  expm1: (m, a) => m.expm1(a),
  log: (m, a) => m.log(a),
  log1p: (m, a) => m.log1p(a),
  xlogy: (m, a, b) => m.xlogy(a, b),
  sqrt: (m, a) => m.sqrt(a),
  square: (m, a) => m.square(a),
  abs: (m, a) => m.abs(a),
  sign: (m, a) => m.sign(a),
  floor: (m, a) => m.floor(a),
  ceil: (m, a) => m.ceil(a),
  round: (m, a) => m.round(a),
  sin: (m, a) => m.sin(a),
  cos: (m, a) => m.cos(a),
  tan: (m, a) => m.tan(a),
  asin: (m, a) => m.asin(a),
  acos: (m, a) => m.acos(a),
  atan: (m, a) => m.atan(a),
  sinh: (m, a) => m.sinh(a),
  cosh: (m, a) => m.cosh(a),
  tanh: (m, a) => m.tanh(a),
  sigmoid: (m, a) => m.sigmoid(a),
  inv_logit: (m, a) => m.sigmoid(a),
  logit: (m, a) => m.sub(m.log(a), m.log1p(m.neg(a))),
  softplus: (m, a) => m.softplus(a),
  log1p_exp: (m, a) => m.softplus(a),
  log_cosh: (m, a) => m.logcosh(a),
  relu: (m, a) => m.max(a, m.k(0)),
  gelu: (m, a) => m.mul(a, phi(m, a)),
  min: (m, a, b) => m.min(a, b),
  max: (m, a, b) => m.max(a, b),
  lgamma: (m, a) => m.lgamma(a),
  digamma: (m, a) => m.digamma(a),
  erf: (m, a) => m.erf(a),
  erfc: (m, a) => m.erfc(a),
  Phi: phi,
  log_Phi: (m, a) => m.sub(m.log_erfc(scaledErfc(m, a)), m.k(Math.LN2)),
  bessel_ratio: (m, a, b) => m.bessel_ratio(a, b),
  where: (m, c, a, b) => m.where(c, a, b),
}

/** Comparisons make sense among elements of one axis as they stand. */
export const comparisons: ReadonlySet<string> = new Set<FunctionName>([
  'equal',
  'not_equal',
  'less',
  'less_equal',
  'greater',
  'greater_equal',
])

interface Reduction {
  /** What an element that does not take part is replaced with. */
  readonly nothing: number
  /** `more` is the function's parameter; of one without, how many elements take part. */
  readonly rule: (m: Maths, over: readonly string[], x: NodeId, more: NodeId) => NodeId
}

export const reductionRules: Record<ReductionName, Reduction> = {
  sum: { nothing: 0, rule: (m, over, x) => m.sum(over, x) },
  mean: { nothing: 0, rule: (m, over, x, count) => m.div(m.sum(over, x), count) },
  prod: { nothing: 1, rule: (m, over, x) => m.builder.reduce('prod', over, x) },
  max: { nothing: -Infinity, rule: (m, over, x) => m.builder.reduce('max_over', over, x) },
  min: { nothing: Infinity, rule: (m, over, x) => m.builder.reduce('min_over', over, x) },
  logsumexp: { nothing: -Infinity, rule: (m, over, x) => m.logsumexp(over, x) },
  norm: { nothing: 0, rule: (m, over, x) => m.sqrt(m.sum(over, m.square(x))) },
  entropy: { nothing: 0, rule: (m, over, x) => m.neg(m.sum(over, m.xlogy(x, x))) },
  sparsemax_potential: { nothing: -Infinity, rule: (m, [axis = ''], x) => m.builder.entmaxPotential(x, m.k(2), axis) },
  entmax_potential: { nothing: -Infinity, rule: (m, [axis = ''], x, alpha) => m.builder.entmaxPotential(x, alpha, axis) },
  normmax_potential: { nothing: -Infinity, rule: (m, [axis = ''], x, alpha) => normmaxPotential(m, x, alpha, axis) },
  argmax: { nothing: -Infinity, rule: (m, [axis = ''], x) => firstLargest(m, axis, x) },
}

interface Along {
  readonly nothing: number
  readonly rule: (m: Maths, axis: string, x: NodeId, more: NodeId) => NodeId
}

/** Added to the variance before its root, so that a constant vector gives zeros (as in the usual layer normalisation). */
const LAYERNORM_EPSILON = 1e-5

export const alongRules: Record<AlongName, Along> = {
  softmax: { nothing: -Infinity, rule: (m, axis, x) => m.exp(m.sub(x, m.logsumexp([axis], x))) },
  normalize: { nothing: 0, rule: (m, axis, x) => m.div(x, m.sqrt(m.sum([axis], m.square(x)))) },
  layernorm: { nothing: 0, rule: layernorm },
  cumsum: { nothing: 0, rule: (m, axis, x) => m.builder.cumsum(x, axis) },
  sparsemax: { nothing: -Infinity, rule: (m, axis, x) => entmax(m, x, m.k(2), axis) },
  entmax: { nothing: -Infinity, rule: (m, axis, x, alpha) => entmax(m, x, alpha, axis) },
  normmax: { nothing: -Infinity, rule: (m, axis, x, alpha) => normmax(m, x, alpha, axis) },
}

function layernorm(m: Maths, axis: string, x: NodeId, count: NodeId): NodeId {
  const centred = m.sub(x, m.div(m.sum([axis], x), count))
  const variance = m.div(m.sum([axis], m.square(centred)), count)
  return m.div(centred, m.sqrt(m.add(variance, m.k(LAYERNORM_EPSILON))))
}

/** The position, from 0, of the first of the largest along an axis. */
function firstLargest(m: Maths, axis: string, x: NodeId): NodeId {
  const { builder } = m
  const last = m.sub(builder.size(axis), m.k(1))
  return builder.reduce('min_over', [axis], m.where(m.equal(x, builder.reduce('max_over', [axis], x)), builder.index(axis), last))
}

/** Along the axes of the factor, whose columns stand for those of the matrix; `y`: the argument after the matrix. */
export const matrixRules: Record<MatrixName, (m: Maths, factor: Factored, y: NodeId) => NodeId> = {
  cholesky: (_, { lower }) => lower,
  solve: (m, factor, y) => {
    const { lower, rows, columns } = factor
    return m.builder.rename(m.builder.solveLower(lower, whitened(m, factor, y), rows, columns, true), rows, columns)
  },
  log_det: (_, { logDeterminant }) => logDeterminant,
}

/** Constant powers that have an operation of their own use it: its derivative is exact at 0. */
function power(m: Maths, a: NodeId, b: NodeId): NodeId {
  const exponent = m.builder.node(b)
  if (exponent.op !== 'const') return m.pow(a, b)
  if (exponent.value === 1) return a
  if (exponent.value === 2) return m.square(a)
  if (exponent.value === 0.5) return m.sqrt(a)
  if (exponent.value === -1) return m.reciprocal(a)
  return m.pow(a, b)
}
