import type { ElementwiseOp } from '../../ir/graph.ts'

export interface LoopRule {
  /** Roughly, in additions: what decides between computing again and storing. */
  readonly cost: number
  /** By instructions of its own, by the function of `Math` of this name, or by the function of `helpers` of this name. */
  readonly by: 'operator' | 'Math' | 'helper'
}

/** What every elementwise operation takes. */
export const rules = {
  neg: { cost: 1, by: 'operator' },
  exp: { cost: 20, by: 'helper' },
  expm1: { cost: 20, by: 'helper' },
  log: { cost: 20, by: 'helper' },
  log1p: { cost: 20, by: 'helper' },
  sqrt: { cost: 8, by: 'Math' },
  square: { cost: 1, by: 'operator' },
  abs: { cost: 1, by: 'Math' },
  sign: { cost: 2, by: 'Math' },
  floor: { cost: 1, by: 'Math' },
  ceil: { cost: 1, by: 'Math' },
  round: { cost: 2, by: 'Math' },
  sin: { cost: 20, by: 'helper' },
  cos: { cost: 20, by: 'helper' },
  tan: { cost: 20, by: 'helper' },
  asin: { cost: 20, by: 'helper' },
  acos: { cost: 20, by: 'helper' },
  atan: { cost: 20, by: 'helper' },
  sinh: { cost: 20, by: 'helper' },
  cosh: { cost: 20, by: 'helper' },
  tanh: { cost: 20, by: 'helper' },
  sigmoid: { cost: 24, by: 'helper' },
  softplus: { cost: 40, by: 'helper' },
  logcosh: { cost: 40, by: 'helper' },
  lgamma: { cost: 40, by: 'helper' },
  digamma: { cost: 40, by: 'helper' },
  trigamma: { cost: 40, by: 'helper' },
  erf: { cost: 40, by: 'helper' },
  erfc: { cost: 40, by: 'helper' },
  log_erfc: { cost: 40, by: 'helper' },
  add: { cost: 1, by: 'operator' },
  sub: { cost: 1, by: 'operator' },
  mul: { cost: 1, by: 'operator' },
  div: { cost: 5, by: 'operator' },
  pow: { cost: 80, by: 'helper' },
  min: { cost: 2, by: 'Math' },
  log_total: { cost: 2, by: 'operator' },
  max: { cost: 2, by: 'Math' },
  less: { cost: 1, by: 'operator' },
  less_equal: { cost: 1, by: 'operator' },
  equal: { cost: 1, by: 'operator' },
  xlogy: { cost: 24, by: 'helper' },
  log_bessel_i: { cost: 80, by: 'helper' },
  bessel_ratio: { cost: 80, by: 'helper' },
  log1p_square: { cost: 40, by: 'helper' },
  log_gamma_p: { cost: 400, by: 'helper' },
  log_gamma_q: { cost: 400, by: 'helper' },
  log_gamma_p_by_shape: { cost: 400, by: 'helper' },
  log_gamma_q_by_shape: { cost: 400, by: 'helper' },
  log_beta: { cost: 80, by: 'helper' },
  digamma_gap: { cost: 80, by: 'helper' },
  log_beta_i: { cost: 800, by: 'helper' },
  log_beta_i_by_first: { cost: 800, by: 'helper' },
  log_beta_i_by_second: { cost: 800, by: 'helper' },
  log_von_mises_mass: { cost: 800, by: 'helper' },
  log_von_mises_mass_by_kappa: { cost: 800, by: 'helper' },
  where: { cost: 1, by: 'operator' },
} as const satisfies { readonly [K in ElementwiseOp]: LoopRule }

/** The operations that every printer writes in its own way. */
export type LoopOperator = { [K in ElementwiseOp]: (typeof rules)[K]['by'] extends 'operator' ? K : never }[ElementwiseOp]
