import type { ElementwiseOp, Op } from './graph.ts'
import { isStructured, type StructuredOp } from './structure.ts'

/** What passes need to know of the values of an operation. */
export interface Facts {
  /** Whether its values are whole numbers: always, where all its operands are, or as far as is known never. */
  readonly whole: 'always' | 'kept' | 'never'
  /** Whether it is no number (NaN or infinite) somewhere among ordinary operands. */
  readonly partial: boolean
}

interface ElementwiseFacts extends Facts {
  /**
   * The operands that make its derivative infinite or NaN at a legal value or beside one (a logarithm at 0, an exponential
   * that overflows). Below a branch not taken their adjoint is cut off, since 0 times such a number is NaN.
   */
  readonly singular: readonly number[]
  /** Whether its derivative may be infinite where its value is not: a root, or a power below 1, at 0. */
  readonly steep: boolean
}

/** Of an operation of which nothing special holds. */
const plain: ElementwiseFacts = { whole: 'never', partial: false, singular: [], steep: false }

/** One row an operation; an operation without a row does not compile. */
export const elementwiseFacts: { readonly [K in ElementwiseOp]: ElementwiseFacts } = {
  neg: { ...plain, whole: 'kept' },
  exp: { ...plain, singular: [0] },
  expm1: { ...plain, singular: [0] },
  log: { ...plain, partial: true, singular: [0] },
  log1p: { ...plain, partial: true, singular: [0] },
  sqrt: { ...plain, partial: true, singular: [0], steep: true },
  square: { ...plain, whole: 'kept' },
  abs: { ...plain, whole: 'kept' },
  sign: { ...plain, whole: 'always' },
  floor: { ...plain, whole: 'always' },
  ceil: { ...plain, whole: 'always' },
  round: { ...plain, whole: 'always' },
  sin: plain,
  cos: plain,
  tan: plain,
  asin: { ...plain, partial: true, singular: [0], steep: true },
  acos: { ...plain, partial: true, singular: [0], steep: true },
  atan: plain,
  sinh: { ...plain, singular: [0] },
  cosh: { ...plain, singular: [0] },
  tanh: plain,
  sigmoid: plain,
  softplus: plain,
  logcosh: plain,
  lgamma: { ...plain, partial: true, singular: [0] },
  digamma: { ...plain, partial: true, singular: [0] },
  trigamma: plain,
  erf: plain,
  erfc: plain,
  log_erfc: plain,
  log_total: { ...plain, whole: 'kept' },
  add: { ...plain, whole: 'kept' },
  sub: { ...plain, whole: 'kept' },
  mul: { ...plain, whole: 'kept' },
  div: { ...plain, partial: true, singular: [1] },
  pow: { ...plain, partial: true, singular: [0, 1], steep: true },
  min: { ...plain, whole: 'kept' },
  max: { ...plain, whole: 'kept' },
  less: { ...plain, whole: 'always' },
  less_equal: { ...plain, whole: 'always' },
  equal: { ...plain, whole: 'always' },
  xlogy: { ...plain, singular: [0, 1] },
  log_bessel_i: { ...plain, singular: [1] },
  log_gamma_p: { ...plain, singular: [0, 1] },
  log_gamma_q: { ...plain, singular: [0, 1] },
  log_gamma_p_by_shape: plain,
  log_gamma_q_by_shape: plain,
  bessel_ratio: { ...plain, partial: true },
  log1p_square: { ...plain, singular: [0, 1] },
  log_beta: { ...plain, partial: true, singular: [0, 1] },
  digamma_gap: plain,
  where: { ...plain, whole: 'kept' },
  log_beta_i: { ...plain, singular: [0, 1, 2] },
  log_beta_i_by_first: plain,
  log_beta_i_by_second: plain,
  log_von_mises_mass: { ...plain, singular: [0, 1, 2] },
  log_von_mises_mass_by_kappa: plain,
}

const structuredFacts: { readonly [K in StructuredOp]: Facts } = {
  const: plain,
  input: plain,
  size: { ...plain, whole: 'always' },
  index: { ...plain, whole: 'always' },
  sum: { ...plain, whole: 'kept' },
  prod: plain,
  max_over: { ...plain, whole: 'kept' },
  min_over: { ...plain, whole: 'kept' },
  logsumexp: plain,
  pick: { ...plain, whole: 'kept' },
  scatter: plain,
  rename: { ...plain, whole: 'kept' },
  shift: { ...plain, whole: 'kept' },
  cumsum: { ...plain, whole: 'kept' },
  scan: plain,
  cholesky: { ...plain, partial: true },
  cholesky_gradient: { ...plain, partial: true },
  threshold: { ...plain, partial: true },
  entmax_potential: { ...plain, partial: true },
  solve_lower: { ...plain, partial: true },
}

export function factsOf(op: Op): Facts {
  return isStructured(op) ? structuredFacts[op] : elementwiseFacts[op]
}
