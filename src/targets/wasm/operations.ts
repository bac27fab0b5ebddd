import { LEAST_TOTAL } from '../../ir/scalar.ts'
import type { Applied } from '../loops/program.ts'
import { erf, erfc } from './formulas/error-functions.ts'
import { exp, expm1, plainExp, sigmoid, tanh } from './formulas/exponentials.ts'
import { argument, ceil, type FormulaFunction, type FormulaOp, f, gt, lt, max, select, sub } from './formulas/formula.ts'
import { log, log1p, log1pSquare, plainLog, plainLog1p, softplus, xlogy } from './formulas/logarithms.ts'

/**
 * By one instruction, by one that compares, by a formula of the module's own, by choosing, or by the function that the kernel
 * calls, one number at a time.
 */
export type OperationRow =
  | { readonly by: 'instruction' | 'comparison'; readonly op: FormulaOp }
  | { readonly by: 'formula'; readonly formula: FormulaFunction }
  | { readonly by: 'choice' }
  | { readonly by: 'kernel'; readonly arity: number }

const x = argument(0)
const instruction = (op: FormulaOp): OperationRow => ({ by: 'instruction', op })
const comparison = (op: FormulaOp): OperationRow => ({ by: 'comparison', op })
const formula = (formula: FormulaFunction): OperationRow => ({ by: 'formula', formula })
const straight = (value: FormulaFunction['otherwise']): OperationRow => formula({ arity: 1, cases: [], otherwise: value })
const kernel = (arity: number): OperationRow => ({ by: 'kernel', arity })

/** What every operation of a program is here. */
export const operationRows: Readonly<Record<Applied, OperationRow>> = {
  neg: instruction('neg'),
  exp: formula(exp),
  expm1: formula(expm1),
  log: formula(log),
  log1p: formula(log1p),
  sqrt: instruction('sqrt'),
  abs: instruction('abs'),
  sign: straight(select(gt(x, 0), 1, select(lt(x, 0), -1, x))),
  floor: instruction('floor'),
  ceil: instruction('ceil'),
  // Halves go up.
  round: straight(select(gt(sub(ceil(x), 0.5), x), sub(ceil(x), 1), ceil(x))),
  sin: kernel(1),
  cos: kernel(1),
  tan: kernel(1),
  asin: kernel(1),
  acos: kernel(1),
  atan: kernel(1),
  sinh: kernel(1),
  cosh: kernel(1),
  tanh: formula(tanh),
  sigmoid: formula(sigmoid),
  softplus: formula(softplus),
  logcosh: kernel(1),
  lgamma: kernel(1),
  digamma: kernel(1),
  trigamma: kernel(1),
  erf: formula(erf),
  erfc: formula(erfc),
  log_erfc: kernel(1),
  log_total: straight(max(x, f(LEAST_TOTAL))),
  add: instruction('add'),
  sub: instruction('sub'),
  mul: instruction('mul'),
  div: instruction('div'),
  pow: kernel(2),
  min: instruction('min'),
  max: instruction('max'),
  less: comparison('lt'),
  less_equal: comparison('le'),
  equal: comparison('eq'),
  xlogy: formula(xlogy),
  log_bessel_i: kernel(2),
  bessel_ratio: kernel(2),
  log1p_square: formula(log1pSquare),
  log_gamma_p: kernel(2),
  log_gamma_q: kernel(2),
  log_gamma_p_by_shape: kernel(2),
  log_gamma_q_by_shape: kernel(2),
  log_beta: kernel(2),
  digamma_gap: kernel(2),
  log_beta_i: kernel(3),
  log_beta_i_by_first: kernel(3),
  log_beta_i_by_second: kernel(3),
  log_von_mises_mass: kernel(3),
  log_von_mises_mass_by_kappa: kernel(3),
  where: { by: 'choice' },
}

/** Functions that formulas call besides those of operations. */
const parts: Readonly<Record<string, FormulaFunction>> = { plainExp, plainLog, plainLog1p }

/** A function of the module's own, by the name of its operation or part; otherwise how many numbers the kernel's takes. */
export function functionNamed(name: string): FormulaFunction | number {
  const part = parts[name]
  if (part !== undefined) return part
  const row = operationRows[name as Applied]
  if (row.by === 'formula') return row.formula
  return row.by === 'kernel' ? row.arity : 0
}
