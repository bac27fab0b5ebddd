import type { ElementwiseOp } from '../../ir/graph.ts'
import { atom, type Code, call, choice, infix, negated, truth } from '../kernel/code.ts'

/** The text of an operand. A rule that needs an operand twice asks twice, and the operand gets a local variable. */
export type Operand = () => Code

export interface Rule {
  /** Roughly, in additions: what decides between computing again and storing. */
  readonly cost: number
  readonly print: (a: Operand, b: Operand, c: Operand) => Code
  /** The function of `f` that it calls. */
  readonly helper?: string
}

const one = atom('1')

function maths(name: string, cost: number): Rule {
  return { cost, print: (a) => call(`Math.${name}`, a()) }
}

function helper(name: string, cost = 40): Rule {
  return { cost, print: (a) => call(helperName(name), a()), helper: name }
}

function helper2(name: string, cost: number): Rule {
  return { cost, print: (a, b) => call(helperName(name), a(), b()), helper: name }
}

function helper3(name: string, cost: number): Rule {
  return { cost, print: (a, b, c) => call(helperName(name), a(), b(), c()), helper: name }
}

/** The local name of a function of `f`. */
export function helperName(name: string): string {
  return `f_${name}`
}

/** How every elementwise operation is written. */
export const rules: { readonly [K in ElementwiseOp]: Rule } = {
  neg: { cost: 1, print: (a) => negated(a()) },
  exp: helper('exp', 20),
  expm1: maths('expm1', 20),
  log: maths('log', 20),
  log1p: helper('log1p', 20),
  sqrt: maths('sqrt', 8),
  square: { cost: 1, print: (a) => infix(a(), '*', a()) },
  abs: maths('abs', 1),
  sign: maths('sign', 2),
  floor: maths('floor', 1),
  ceil: maths('ceil', 1),
  round: maths('round', 2),
  sin: maths('sin', 20),
  cos: maths('cos', 20),
  tan: maths('tan', 20),
  asin: maths('asin', 20),
  acos: maths('acos', 20),
  atan: maths('atan', 20),
  sinh: maths('sinh', 20),
  cosh: maths('cosh', 20),
  tanh: maths('tanh', 20),
  sigmoid: helper('sigmoid', 24),
  softplus: helper('softplus'),
  logcosh: helper('logcosh'),
  lgamma: helper('lgamma'),
  digamma: helper('digamma'),
  trigamma: helper('trigamma'),
  erf: helper('erf'),
  erfc: helper('erfc'),
  log_erfc: helper('log_erfc'),
  add: { cost: 1, print: (a, b) => infix(a(), '+', b()) },
  sub: { cost: 1, print: (a, b) => infix(a(), '-', b()) },
  mul: { cost: 1, print: (a, b) => infix(a(), '*', b()) },
  div: { cost: 5, print: (a, b) => infix(a(), '/', b()) },
  pow: { cost: 80, print: (a, b) => power(a, b), helper: 'pow' },
  min: { cost: 2, print: (a, b) => call('Math.min', a(), b()) },
  max: { cost: 2, print: (a, b) => call('Math.max', a(), b()) },
  less: { cost: 1, print: (a, b) => truth(infix(a(), '<', b())) },
  less_equal: { cost: 1, print: (a, b) => truth(infix(a(), '<=', b())) },
  equal: { cost: 1, print: (a, b) => truth(infix(a(), '===', b())) },
  xlogy: helper2('xlogy', 24),
  log_bessel_i: helper2('log_bessel_i', 80),
  log1p_square: helper2('log1p_square', 40),
  log_gamma_p: helper2('log_gamma_p', 400),
  log_gamma_q: helper2('log_gamma_q', 400),
  log_gamma_p_by_shape: helper2('log_gamma_p_by_shape', 400),
  log_gamma_q_by_shape: helper2('log_gamma_q_by_shape', 400),
  log_beta: helper2('log_beta', 80),
  digamma_gap: helper2('digamma_gap', 80),
  log_beta_i: helper3('log_beta_i', 800),
  log_beta_i_by_first: helper3('log_beta_i_by_first', 800),
  log_beta_i_by_second: helper3('log_beta_i_by_second', 800),
  log_von_mises_mass: helper3('log_von_mises_mass', 800),
  log_von_mises_mass_by_kappa: helper3('log_von_mises_mass_by_kappa', 800),
  where: { cost: 1, print: (a, b, c) => choice(condition(a()), b(), c()) },
}

function condition(a: Code): Code {
  return a.test ?? infix(a, '!==', atom('0'))
}

/** Powers that are exact in one operation are written as that operation. */
function power(a: Operand, b: Operand): Code {
  const exponent = b()
  if (exponent.text === '2') return infix(a(), '*', a())
  if (exponent.text === '-1') return infix(one, '/', a())
  return call(helperName('pow'), a(), exponent)
}
