import { log as logOf } from '../../../base/special/logarithm.ts'
import {
  abs,
  add,
  argument,
  both,
  call,
  ceil,
  div,
  either,
  eq,
  type Formula,
  type FormulaFunction,
  f,
  gt,
  lt,
  mul,
  neg,
  select,
  sub,
} from './formula.ts'

/** The log of the gamma function and its derivatives, with the bits of `src/base/special/operations.ts`: its steps in its order. */
const x = argument(0)
const { NEGATIVE_INFINITY, NaN: NOT_A_NUMBER, POSITIVE_INFINITY } = Number

const log = (of: Formula): Formula => call('plainLog', of)

/** x raised by whole numbers up to `end`, and what `step` collects at each number below it. */
function raised(end: number, start: number, step: (sum: Formula, z: Formula) => Formula): { readonly z: Formula; readonly sum: Formula } {
  let z: Formula = x
  let sum = f(start)
  for (let k = 0; k < end; k += 1) {
    const below = lt(z, end)
    sum = select(below, step(sum, z), sum)
    z = select(below, add(z, 1), z)
  }
  return { z, sum }
}

export const lgamma: FormulaFunction = logGamma()

function logGamma(): FormulaFunction {
  const { z, sum: product } = raised(10, 1, mul)
  const w = div(1, mul(z, z))
  const inner = add(-691 / 360360, div(w, 156))
  const coefficients = [1 / 1188, -1 / 1680, 1 / 1260, -1 / 360]
  const series = mul(
    w,
    coefficients.reduce<Formula>((sum, c) => add(c, mul(w, sum)), inner),
  )
  const logZ = log(z)
  const stirling = add(add(sub(mul(z, sub(logZ, 1)), mul(0.5, logZ)), 0.9189385332046727), div(add(1 / 12, series), z))
  // Of 1, whose log is slow in pairs, most numbers' product from 10 on.
  const none = eq(product, 1)
  const positive = sub(stirling, select(none, 0, log(select(none, 3, product))))
  const reflected = sub(sub(logOf(Math.PI), log(abs(mul(x, call('sinPi', x))))), call('lgamma', neg(x)))
  return {
    arity: 1,
    cases: [
      { when: both(gt(x, 1e-17), lt(x, POSITIVE_INFINITY)), value: select(either(eq(x, 1), eq(x, 2)), 0, positive) },
      { when: eq(abs(x), POSITIVE_INFINITY), value: f(POSITIVE_INFINITY) },
      { when: lt(abs(x), 1e-17), value: neg(log(abs(x))) },
      { when: lt(x, 0), value: reflected },
    ],
    otherwise: positive,
  }
}

export const digamma: FormulaFunction = derivative()

function derivative(): FormulaFunction {
  const { z, sum: shifted } = raised(10, 0, (sum, at) => add(sum, div(1, at)))
  const w = div(1, mul(z, z))
  const inner = sub(691 / 32760, div(w, 12))
  const series = mul(
    w,
    [1 / 132, 1 / 240, 1 / 252, 1 / 120, 1 / 12].reduce<Formula>((rest, c) => sub(c, mul(w, rest)), inner),
  )
  const s = call('sinPi', x)
  const reflected = sub(call('digamma', sub(1, x)), div(mul(Math.PI, call('sinPi', add(x, 0.5))), s))
  return {
    arity: 1,
    cases: [
      { when: gt(x, 0), value: sub(sub(sub(log(z), div(0.5, z)), series), shifted) },
      { when: eq(x, 0), value: f(NEGATIVE_INFINITY) },
      { when: lt(x, 0), value: select(either(eq(s, 0), eq(x, NEGATIVE_INFINITY)), NOT_A_NUMBER, reflected) },
    ],
    otherwise: x,
  }
}

export const trigamma: FormulaFunction = secondDerivative()

function secondDerivative(): FormulaFunction {
  const { z, sum: shifted } = raised(12, 0, (sum, at) => add(sum, div(1, mul(at, at))))
  const w = div(1, mul(z, z))
  const last = sub(691 / 2730, div(mul(w, 7), 6))
  const series = [5 / 66, 1 / 30, 1 / 42, 1 / 30, 1 / 6].reduce<Formula>((rest, c) => sub(c, mul(w, rest)), last)
  const slope = div(Math.PI, call('sinPi', x))
  const reflected = sub(mul(slope, slope), call('trigamma', sub(1, x)))
  return {
    arity: 1,
    cases: [
      { when: gt(x, 0), value: add(shifted, div(add(add(1, div(0.5, z)), mul(w, series)), z)) },
      { when: eq(x, 0), value: f(POSITIVE_INFINITY) },
      { when: lt(x, 0), value: select(eq(x, NEGATIVE_INFINITY), NOT_A_NUMBER, reflected) },
    ],
    otherwise: x,
  }
}

/** sin(pi x), exact at whole and half numbers. */
export const sinPi: FormulaFunction = { arity: 1, cases: [], otherwise: sineOfTurns() }

function sineOfTurns(): Formula {
  const half = div(x, 2)
  const up = ceil(half)
  const r = sub(x, mul(2, select(gt(sub(up, 0.5), half), sub(up, 1), up)))
  const near = select(gt(abs(r), 0.5), select(gt(r, 0), sub(1, r), sub(-1, r)), r)
  return call('sin', mul(Math.PI, near))
}
