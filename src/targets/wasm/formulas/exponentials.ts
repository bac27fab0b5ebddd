import { PER_STEP, STEP_HIGH, STEP_LOW } from '../../../base/special/roots.ts'
import {
  abs,
  add,
  argument,
  both,
  call,
  div,
  either,
  eq,
  type Formula,
  type FormulaFunction,
  f,
  ge,
  gt,
  le,
  left,
  lookUp,
  lt,
  mul,
  neg,
  polynomial,
  powerOfTwo,
  ROUNDING,
  real,
  right,
  select,
  sub,
  trunc,
  wholeAdd,
  wholeAnd,
  wholeOf,
  withSignOf,
} from './formula.ts'

/**
 * Exponentials with the bits of the kernel: `exp` is that of `src/base/special/tabulated.ts`; the others are those of fdlibm
 * (Sun Microsystems 1993, e_exp.c, s_expm1.c and s_tanh.c), as in `src/base/special/`.
 *
 * ====================================================
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 * ====================================================
 */
const x = argument(0)
const size = abs(x)

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const PER_LN2 = Math.LOG2E
/** fdlibm compares upper halves of numbers: this is the first number that is above log(2) / 2 to it. */
const HALF_LN2 = 0.3465735912322998
/** 2^-28 and 2^-54, below which 1 + x and x are all that is left. */
const TINY = 3.725290298461914e-9
const LEAST = 5.551115123125783e-17
/** Above it exp is infinite. */
const LARGEST = 709.782712893384

export const exp: FormulaFunction = { arity: 1, cases: [{ when: lt(size, 708), value: tabulated() }], otherwise: call('plainExp', x) }

function tabulated(): Formula {
  const shifted = add(mul(x, PER_STEP), ROUNDING)
  const n = sub(shifted, ROUNDING)
  const r = sub(sub(x, mul(n, STEP_HIGH)), mul(n, STEP_LOW))
  const k = wholeOf(mul(x, PER_STEP))
  const root = lookUp('ROOTS', wholeAnd(k, 511n))
  const r2 = mul(r, r)
  const rest = add(r, mul(r2, add(add(0.5, mul(r, 1 / 6)), mul(r2, 1 / 24))))
  return mul(real(left(right(wholeAdd(k, BigInt(1023 * 512)), 9), 52)), add(root, mul(root, rest)))
}

/** x = k log(2) + high - low, k whole. */
function reduced(): { readonly k: Formula; readonly high: Formula; readonly low: Formula } {
  const k = select(lt(size, HALF_LN2), 0, trunc(add(mul(x, PER_LN2), withSignOf(x, f(0.5)))))
  return { k, high: sub(x, mul(k, LN2_HIGH)), low: mul(k, LN2_LOW) }
}

const P = [0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6, 4.1381367970572385e-8]

export const plainExp: FormulaFunction = plain()

function plain(): FormulaFunction {
  const { k, high, low } = reduced()
  const r = sub(high, low)
  const t = mul(r, r)
  const c = sub(r, mul(t, polynomial(t, P)))
  const y = sub(1, sub(sub(low, div(mul(r, c), sub(2, c))), high))
  const whole = wholeOf(k)
  const ordinary = select(eq(x, 1), Math.E, mul(y, powerOfTwo(whole)))
  const large = mul(mul(y, 2), powerOfTwo(wholeAdd(whole, -1n)))
  const small = mul(mul(y, powerOfTwo(wholeAdd(whole, 1000n))), 9.332636185032189e-302)
  return {
    arity: 1,
    cases: [
      { when: both(lt(size, 708), ge(size, TINY)), value: ordinary },
      { when: lt(size, TINY), value: add(1, x) },
      { when: gt(x, LARGEST), value: f(Number.POSITIVE_INFINITY) },
      { when: lt(x, -745.1332191019411), value: f(0) },
    ],
    otherwise: select(gt(x, 0), large, small),
  }
}

const Q = [-0.03333333333333313, 0.0015873015872548146, -7.93650757867488e-5, 4.008217827329362e-6, -2.0109921818362437e-7]

export const expm1: FormulaFunction = minusOne()

function minusOne(): FormulaFunction {
  const { k, high, low } = reduced()
  const r = sub(high, low)
  const c = sub(sub(high, r), low)
  const half = mul(0.5, r)
  const square = mul(r, half)
  const r1 = add(1, mul(square, polynomial(square, Q)))
  const t = sub(3, mul(r1, half))
  const e = mul(square, div(sub(r1, t), sub(6, mul(r, t))))
  const e1 = sub(sub(mul(r, sub(e, c)), c), square)
  const whole = wholeOf(k)
  const power = powerOfTwo(whole)
  const down = powerOfTwo(wholeOf(neg(k)))
  const far = sub(1, sub(e1, r))
  const ordinary = select(
    eq(k, 0),
    sub(r, sub(mul(r, e), square)),
    select(
      eq(k, -1),
      sub(mul(0.5, sub(r, e1)), 0.5),
      select(
        eq(k, 1),
        select(lt(r, -0.25), mul(-2, sub(e1, add(r, 0.5))), add(1, mul(2, sub(r, e1)))),
        select(
          either(le(k, -2), gt(k, 56)),
          sub(mul(far, power), 1),
          select(lt(k, 20), mul(sub(sub(1, down), sub(e1, r)), power), mul(add(sub(r, add(e1, down)), 1), power)),
        ),
      ),
    ),
  )
  return {
    arity: 1,
    cases: [
      { when: both(lt(size, 40), ge(size, LEAST)), value: ordinary },
      { when: lt(size, LEAST), value: x },
      { when: lt(x, 0), value: f(-1) },
      { when: gt(x, LARGEST), value: f(Number.POSITIVE_INFINITY) },
    ],
    otherwise: sub(mul(mul(far, 2), powerOfTwo(wholeAdd(whole, -1n))), 1),
  }
}

export const tanh: FormulaFunction = {
  arity: 1,
  cases: [
    { when: both(lt(size, 22), ge(size, TINY)), value: hyperbolic() },
    { when: lt(size, TINY), value: x },
    { when: ge(size, 22), value: withSignOf(x, f(1)) },
  ],
  otherwise: x,
}

function hyperbolic(): Formula {
  const outside = ge(size, 1)
  const double = mul(2, size)
  const t = call('expm1', select(outside, double, neg(double)))
  return withSignOf(x, select(outside, sub(1, div(2, add(t, 2))), div(neg(t), add(t, 2))))
}

/** As `src/base/special/operations.ts` has it. */
export const sigmoid: FormulaFunction = { arity: 1, cases: [], otherwise: logistic() }

function logistic(): Formula {
  const e = call('plainExp', neg(size))
  return div(select(ge(x, 0), 1, e), add(1, e))
}

/** Up to here exp is finite to fdlibm; up to the second one sinh and cosh are, by halves of the exponent. */
const NEARLY_LARGEST = 709.7822265625
const LARGEST_OF_HALF = 710.4758600739439

export const sinh: FormulaFunction = hyperbolicSine()

function hyperbolicSine(): FormulaFunction {
  const half = select(lt(x, 0), -0.5, 0.5)
  const t = call('expm1', size)
  const quotient = div(t, add(t, 1))
  const near = mul(half, sub(mul(2, t), div(mul(t, t), add(t, 1))))
  const w = call('plainExp', mul(0.5, size))
  return {
    arity: 1,
    cases: [
      { when: both(lt(size, 22), ge(size, TINY)), value: select(lt(size, 1), near, mul(half, add(t, quotient))) },
      { when: lt(size, TINY), value: x },
      { when: lt(size, NEARLY_LARGEST), value: mul(half, call('plainExp', size)) },
      { when: le(size, LARGEST_OF_HALF), value: mul(mul(half, w), w) },
    ],
    otherwise: mul(x, Number.POSITIVE_INFINITY),
  }
}

export const cosh: FormulaFunction = hyperbolicCosine()

function hyperbolicCosine(): FormulaFunction {
  const t = call('expm1', size)
  const one = add(1, t)
  const near = select(lt(size, 2.7755575615628914e-17), one, add(1, div(mul(t, t), add(one, one))))
  const e = call('plainExp', size)
  const w = call('plainExp', mul(0.5, size))
  return {
    arity: 1,
    cases: [
      { when: both(ge(size, HALF_LN2), lt(size, 22)), value: add(mul(0.5, e), div(0.5, e)) },
      { when: lt(size, HALF_LN2), value: near },
      { when: lt(size, NEARLY_LARGEST), value: mul(0.5, e) },
      { when: le(size, LARGEST_OF_HALF), value: mul(mul(0.5, w), w) },
      { when: gt(size, 0), value: f(Number.POSITIVE_INFINITY) },
    ],
    otherwise: x,
  }
}

/** As `src/base/special/operations.ts` has it. */
export const logcosh: FormulaFunction = { arity: 1, cases: [{ when: gt(size, 1), value: farFromZero() }], otherwise: nearZero() }

function farFromZero(): Formula {
  return sub(add(size, call('plainLog1p', call('plainExp', mul(-2, size)))), Math.LN2)
}

function nearZero(): Formula {
  const s = call('sinh', div(size, 2))
  return call('plainLog1p', mul(mul(2, s), s))
}
