import { log as logOf } from '../../../base/special/logarithm.ts'
import {
  add,
  argument,
  both,
  call,
  div,
  eq,
  type Formula,
  type FormulaFunction,
  f,
  ge,
  gt,
  lt,
  max,
  min,
  mul,
  select,
  sub,
} from './formula.ts'

/** The log of the beta function, and differences of digamma, with the bits of `src/base/special/log-beta.ts`: its steps in its order. */
const a = argument(0)
const b = argument(1)
const { NaN: NOT_A_NUMBER, NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number

const log = (of: Formula): Formula => call('plainLog', of)
const log1p = (of: Formula): Formula => call('plainLog1p', of)
const lgamma = (of: Formula): Formula => call('lgamma', of)

/** c[0] - w (c[1] - w (c[2] - ... - w / last)). */
function alternating(w: Formula, coefficients: readonly number[], last: number): Formula {
  return coefficients.reduceRight<Formula>((rest, c) => sub(c, rest === w ? div(w, last) : mul(w, rest)), w)
}

/** The log of the gamma function less Stirling's formula, from 10 on. */
function stirlingError(at: Formula): Formula {
  const w = div(1, mul(at, at))
  return div(alternating(w, [1 / 12, 1 / 360, 1 / 1260, 1 / 1680, 1 / 1188, 691 / 360360], 156), at)
}

export const logBeta: FormulaFunction = betaLog()

function betaLog(): FormulaFunction {
  const [small, large] = [min(a, b), max(a, b)]
  const whole = add(small, large)
  const h = div(small, large)
  const corrections = sub(add(stirlingError(small), stirlingError(large)), stirlingError(whole))
  const halfLog = mul(0.5, sub(logOf(2 * Math.PI), log(large)))
  const far = sub(add(add(corrections, halfLog), mul(sub(small, 0.5), log(div(h, add(1, h))))), mul(large, log1p(h)))
  const slope = sub(mul(sub(whole, 0.5), log1p(h)), small)
  const gap = add(add(slope, mul(small, log(large))), sub(stirlingError(whole), stirlingError(large)))
  const finite = lt(large, POSITIVE_INFINITY)
  return {
    arity: 2,
    cases: [
      { when: both(ge(small, 10), finite), value: far },
      { when: both(gt(small, 0), both(ge(large, 10), finite)), value: sub(lgamma(small), gap) },
      { when: both(gt(small, 0), finite), value: sub(add(lgamma(small), lgamma(large)), lgamma(whole)) },
      { when: eq(small, 0), value: f(POSITIVE_INFINITY) },
      { when: gt(small, 0), value: f(NEGATIVE_INFINITY) },
    ],
    otherwise: f(NOT_A_NUMBER),
  }
}

export const digammaGap: FormulaFunction = gapOfDigamma()

function gapOfDigamma(): FormulaFunction {
  let at: Formula = a
  let sum = f(0)
  for (let k = 0; k < 10; k += 1) {
    const below = lt(at, 10)
    sum = select(below, add(sum, div(div(b, add(at, b)), at)), sum)
    at = select(below, add(at, 1), at)
  }
  const logMinusDigamma = (z: Formula): Formula => {
    const w = div(1, mul(z, z))
    return add(div(0.5, z), mul(w, alternating(w, [1 / 12, 1 / 120, 1 / 252, 1 / 240, 1 / 132, 691 / 32760], 12)))
  }
  const long = add(add(sum, log1p(div(b, at))), sub(logMinusDigamma(at), logMinusDigamma(add(at, b))))
  const short = add(sum, mul(b, call('trigamma', add(at, mul(0.5, b)))))
  const inside = both(both(gt(a, 0), lt(a, POSITIVE_INFINITY)), both(gt(b, 0), lt(b, POSITIVE_INFINITY)))
  return {
    arity: 2,
    cases: [
      { when: both(inside, ge(b, mul(3e-6, at))), value: long },
      { when: inside, value: short },
      { when: both(ge(a, 0), eq(b, 0)), value: f(0) },
      { when: both(eq(a, POSITIVE_INFINITY), both(ge(b, 0), lt(b, POSITIVE_INFINITY))), value: f(0) },
      { when: both(both(ge(a, 0), lt(a, POSITIVE_INFINITY)), ge(b, 0)), value: f(POSITIVE_INFINITY) },
    ],
    otherwise: f(NOT_A_NUMBER),
  }
}
