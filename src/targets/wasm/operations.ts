import { LEAST_TOTAL } from '../../ir/scalar.ts'
import type { Applied } from '../loops/program.ts'
import { digammaGap, logBeta } from './formulas/beta-functions.ts'
import { erf, erfc, logErfc } from './formulas/error-functions.ts'
import { cosh, exp, expm1, logcosh, plainExp, sigmoid, sinh, tanh } from './formulas/exponentials.ts'
import {
  argument,
  ceil,
  type Formula,
  type FormulaFunction,
  type FormulaOp,
  f,
  formulasOf,
  gt,
  lt,
  max,
  partsOf,
  select,
  sub,
} from './formulas/formula.ts'
import { digamma, lgamma, sinPi, trigamma } from './formulas/gamma-functions.ts'
import { log, log1p, log1pSquare, plainLog, plainLog1p, softplus, xlogy } from './formulas/logarithms.ts'
import { pow } from './formulas/powers.ts'
import { cos, sin } from './formulas/trigonometric.ts'

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
  sin: formula(sin),
  cos: formula(cos),
  tan: kernel(1),
  asin: kernel(1),
  acos: kernel(1),
  atan: kernel(1),
  sinh: formula(sinh),
  cosh: formula(cosh),
  tanh: formula(tanh),
  sigmoid: formula(sigmoid),
  softplus: formula(softplus),
  logcosh: formula(logcosh),
  lgamma: formula(lgamma),
  digamma: formula(digamma),
  trigamma: formula(trigamma),
  erf: formula(erf),
  erfc: formula(erfc),
  log_erfc: formula(logErfc),
  log_total: straight(max(x, f(LEAST_TOTAL))),
  add: instruction('add'),
  sub: instruction('sub'),
  mul: instruction('mul'),
  div: instruction('div'),
  pow: formula(pow),
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
  log_beta: formula(logBeta),
  digamma_gap: formula(digammaGap),
  log_beta_i: kernel(3),
  log_beta_i_by_first: kernel(3),
  log_beta_i_by_second: kernel(3),
  log_von_mises_mass: kernel(3),
  log_von_mises_mass_by_kappa: kernel(3),
  where: { by: 'choice' },
}

/** Functions that formulas call besides those of operations. */
const parts: Readonly<Record<string, FormulaFunction>> = { plainExp, plainLog, plainLog1p, sinPi }

/** A function of the module's own, by the name of its operation or part; nothing where it is one of the kernel's. */
export function formulaNamed(name: string): FormulaFunction | undefined {
  const row = operationRows[name as Applied] as OperationRow | undefined
  return parts[name] ?? (row?.by === 'formula' ? row.formula : undefined)
}

/** The functions of the kernel that an operation calls, by name: itself, or those that its formula leaves rare numbers to. */
export function kernelNamesIn(op: Applied): ReadonlyMap<string, number> {
  const row = operationRows[op]
  if (row.by === 'kernel') return new Map([[op, row.arity]])
  const found = new Map<string, number>()
  const seen = new Set<object>()
  const visit = (e: Formula): void => {
    if (seen.has(e)) return
    seen.add(e)
    if (e.kind === 'imported') found.set(e.name, e.of.length)
    const inner = e.kind === 'called' ? formulaNamed(e.name) : undefined
    if (inner !== undefined) into(inner)
    for (const part of partsOf(e)) visit(part)
  }
  const into = (formula: FormulaFunction): void => {
    if (seen.has(formula)) return
    seen.add(formula)
    for (const e of formulasOf(formula)) visit(e)
  }
  if (row.by === 'formula') into(row.formula)
  return found
}
