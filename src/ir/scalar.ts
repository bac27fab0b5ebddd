import { besselRatio } from '../base/special/bessel-ratio.ts'
import { erf, erfc, logErfc } from '../base/special/erf.ts'
import { exp } from '../base/special/exponential.ts'
import { cosh, expm1, sinh, tanh } from '../base/special/hyperbolic.ts'
import { acos, asin, atan } from '../base/special/inverse-trigonometric.ts'
import { digammaGap, logBeta } from '../base/special/log-beta.ts'
import { logBetaI, logBetaIByFirst, logBetaIBySecond } from '../base/special/log-incomplete-beta.ts'
import { logGammaP, logGammaPByShape, logGammaQ, logGammaQByShape } from '../base/special/log-incomplete-gamma.ts'
import { log, log1p } from '../base/special/logarithm.ts'
import { digamma, lgamma, log1pSquare, logBesselI, logcosh, sigmoid, softplus, trigamma, xlogy } from '../base/special/operations.ts'
import { pow } from '../base/special/pow.ts'
import { tan } from '../base/special/tangent.ts'
import { cos, sin } from '../base/special/trigonometric.ts'
import { logVonMisesMass, logVonMisesMassByKappa } from '../base/special/von-mises.ts'
import type { ElementwiseOp } from './graph.ts'

/** Smaller than any log weight that matters, and a number in float32 too. */
export const LEAST_TOTAL = -3e38

/** The meaning of every elementwise operation, in float64. Truth is 1 or 0. */
export const scalar = {
  neg: (x) => -x,
  exp: exp,
  expm1: expm1,
  log: log,
  log1p: log1p,
  sqrt: Math.sqrt,
  square: (x) => x * x,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
  sin: sin,
  cos: cos,
  tan: tan,
  asin: asin,
  acos: acos,
  atan: atan,
  sinh: sinh,
  cosh: cosh,
  tanh: tanh,
  sigmoid,
  softplus,
  logcosh,
  lgamma,
  digamma,
  trigamma,
  erf,
  erfc,
  log_erfc: logErfc,
  log_total: (x) => Math.max(x, LEAST_TOTAL),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  less: (a, b) => (a < b ? 1 : 0),
  less_equal: (a, b) => (a <= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  xlogy,
  log_bessel_i: logBesselI,
  bessel_ratio: besselRatio,
  log1p_square: log1pSquare,
  log_gamma_p: logGammaP,
  log_gamma_q: logGammaQ,
  log_gamma_p_by_shape: logGammaPByShape,
  log_gamma_q_by_shape: logGammaQByShape,
  log_beta: logBeta,
  digamma_gap: digammaGap,
  log_beta_i: logBetaI,
  log_beta_i_by_first: logBetaIByFirst,
  log_beta_i_by_second: logBetaIBySecond,
  log_von_mises_mass: logVonMisesMass,
  log_von_mises_mass_by_kappa: logVonMisesMassByKappa,
  where: (condition, a, b) => (condition !== 0 ? a : b),
} as const satisfies Record<ElementwiseOp, ScalarFunction>

/** A rule on numbers; it takes as many as its operation has operands. */
type ScalarFunction = (a: number, b: number, c: number) => number

/** `op` applied to numbers. */
export function applyScalar(op: ElementwiseOp, args: readonly number[]): number {
  const rule: ScalarFunction = scalar[op]
  return rule(args[0] as number, args[1] as number, args[2] as number)
}

const elementwise: ReadonlySet<string> = new Set(Object.keys(scalar))

export function isElementwise(op: string): op is ElementwiseOp {
  return elementwise.has(op)
}
