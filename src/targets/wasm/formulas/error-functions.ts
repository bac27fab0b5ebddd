import { ERF_AROUND_ONE, ERF_AT_ONE, ERF_ENDS, ERF_NEAR, ERFC_FAR, ERFC_MIDDLE, LOG_ERFC_TAIL } from '../../../base/special/erf.ts'
import {
  abs,
  add,
  argument,
  bits,
  call,
  div,
  eq,
  type Formula,
  type FormulaFunction,
  f,
  ge,
  gt,
  lt,
  mul,
  neg,
  polynomial,
  real,
  select,
  sub,
  UPPER_WORD,
  wholeAnd,
} from './formula.ts'

/** The error functions, with the bits of `src/base/special/erf.ts`: its steps in its order. */
const x = argument(0)
const size = abs(x)
const { near, aroundOne, middle, beyond } = ERF_ENDS

const ratio = (at: Formula, [above, below]: readonly [readonly number[], readonly number[]]): Formula =>
  div(polynomial(at, above), polynomial(at, below))

const nearZero = ratio(mul(x, x), ERF_NEAR)
const around = ratio(sub(size, 1), ERF_AROUND_ONE)

function tail(coefficients: readonly [readonly number[], readonly number[]]): Formula {
  const correction = ratio(div(1, mul(size, size)), coefficients)
  const head = real(wholeAnd(bits(size), f(UPPER_WORD)))
  const first = call('plainExp', sub(mul(neg(head), head), 0.5625))
  const second = call('plainExp', add(mul(sub(head, size), add(head, size)), correction))
  return div(mul(first, second), size)
}

const withSign = (value: Formula): Formula => select(lt(x, 0), neg(value), value)
const ofTail = (value: Formula): Formula => select(gt(x, 0), value, sub(2, value))

export const erf: FormulaFunction = {
  arity: 1,
  cases: [
    { when: lt(size, near), value: add(x, mul(x, nearZero)) },
    { when: lt(size, aroundOne), value: withSign(add(ERF_AT_ONE, around)) },
    { when: lt(size, middle), value: withSign(sub(1, tail(ERFC_MIDDLE))) },
    { when: ge(size, beyond), value: withSign(f(1)) },
  ],
  otherwise: withSign(sub(1, tail(ERFC_FAR))),
}

export const erfc: FormulaFunction = {
  arity: 1,
  cases: [
    {
      when: lt(size, near),
      value: select(lt(x, 0.25), sub(1, add(x, mul(x, nearZero))), sub(0.5, add(sub(x, 0.5), mul(x, nearZero)))),
    },
    {
      when: lt(size, aroundOne),
      value: select(gt(x, 0), sub(sub(1, ERF_AT_ONE), around), add(1, add(ERF_AT_ONE, around))),
    },
    { when: lt(size, middle), value: ofTail(tail(ERFC_MIDDLE)) },
    { when: ge(size, beyond), value: ofTail(f(0)) },
  ],
  otherwise: ofTail(tail(ERFC_FAR)),
}

export const logErfc: FormulaFunction = {
  arity: 1,
  cases: [
    { when: ge(x, 0.5), value: select(eq(x, Number.POSITIVE_INFINITY), Number.NEGATIVE_INFINITY, sub(logTail(), mul(x, x))) },
    { when: lt(x, 0.5), value: call('plainLog1p', neg(call('erf', x))) },
  ],
  otherwise: x,
}

function logTail(): Formula {
  return sub(polynomial(sub(div(7, add(3, x)), 1), LOG_ERFC_TAIL), call('plainLog', add(3, x)))
}
