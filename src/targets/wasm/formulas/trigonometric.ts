import {
  abs,
  add,
  argument,
  bits,
  both,
  eq,
  type Formula,
  type FormulaFunction,
  f,
  gt,
  imported,
  lt,
  mul,
  neg,
  polynomial,
  real,
  right,
  SIGN,
  select,
  sub,
  trunc,
  UPPER_WORD,
  wholeAnd,
  wholeGt,
  wholeOf,
  wholeSub,
  wholeXor,
} from './formula.ts'

/**
 * Sines and cosines with the bits of `src/base/special/trigonometric.ts` (fdlibm 5.3, Sun Microsystems 1993, k_sin.c, k_cos.c,
 * e_rem_pio2.c), which larger numbers are left to.
 *
 * ====================================================
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 * ====================================================
 */
const x = argument(0)
const size = abs(x)

/** From here on what is left of a quarter turn takes more digits than three parts of it have. */
const LARGE = 823549.75
const AN_EIGHTH = 0.7853981852531433
/** A quarter turn in parts of 33 digits, each with what is left after it. */
const PARTS = [
  [1.5707963267341256, 6.077100506506192e-11],
  [6.077100506303966e-11, 2.0222662487959506e-21],
  [2.0222662487111665e-21, 8.4784276603689e-32],
] as const

interface Rest {
  readonly turns: Formula
  readonly rest: Formula
  readonly low: Formula
}

/** Quarter turns of |x|, and what is left of it in two parts; all with the sign of x. */
function quarters(): Rest {
  const n = select(gt(size, AN_EIGHTH), trunc(add(mul(size, 0.6366197723675814), 0.5)), 0)
  const [first, second, third] = PARTS
  const r1 = sub(size, mul(n, first[0]))
  const w1 = mul(n, first[1])
  const one = sub(r1, w1)
  const next = (before: Formula, [part, left]: readonly [number, number]): readonly [Formula, Formula] => {
    const w = mul(n, part)
    const r = sub(before, w)
    return [r, sub(mul(n, left), sub(sub(before, r), w))]
  }
  const [r2, w2] = next(r1, second)
  const two = sub(r2, w2)
  const [r3, w3] = next(r2, third)
  const closer = lt(abs(one), mul(size, 3.0517578125e-5))
  const closest = both(closer, lt(abs(two), mul(size, 3.552713678800501e-15)))
  const chosen = (a: Formula, b: Formula, c: Formula): Formula => select(closest, c, select(closer, b, a))
  const r = chosen(r1, r2, r3)
  const w = chosen(w1, w2, w3)
  const rest = sub(r, w)
  const signed = (value: Formula): Formula => real(wholeXor(bits(value), wholeAnd(bits(x), f(SIGN))))
  const turns = wholeOf(n)
  return {
    turns: wholeAnd(select(lt(x, 0), wholeSub(f(0n), turns), turns), f(3n)),
    rest: signed(rest),
    low: signed(sub(sub(r, rest), w)),
  }
}

const S = [0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-6, -2.5050760253406863e-8, 1.58969099521155e-10]
const FIRST = -0.16666666666666632
const C = [
  0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7, 2.087572321298175e-9, -1.1359647557788195e-11,
]
/** 2^-27, below which x and 1 are all that is left. */
const TINY = 7.450580596923828e-9

function sineNear(a: Formula, y: Formula): Formula {
  const z = mul(a, a)
  const v = mul(z, a)
  const r = polynomial(z, S)
  const alone = add(a, mul(v, add(FIRST, mul(z, r))))
  const withTail = sub(a, sub(sub(mul(z, sub(mul(0.5, y), mul(v, r))), y), mul(v, FIRST)))
  return select(lt(abs(a), TINY), a, select(eq(y, 0), alone, withTail))
}

function cosineNear(a: Formula, y: Formula): Formula {
  const near = abs(a)
  const z = mul(a, a)
  const r = mul(z, polynomial(z, C))
  const half = mul(0.5, z)
  const last = sub(mul(z, r), mul(a, y))
  const q = select(gt(near, 0.78125), 0.28125, mul(0.25, real(wholeAnd(bits(near), f(UPPER_WORD)))))
  const ordinary = sub(sub(1, q), sub(sub(half, q), last))
  return select(lt(near, TINY), 1, select(lt(near, 0.29999923706054688), sub(1, sub(half, last)), ordinary))
}

const { turns, rest, low } = quarters()
const odd = wholeGt(wholeAnd(turns, f(1n)), f(0n))
const ofSine = select(odd, cosineNear(rest, low), sineNear(rest, low))
const ofCosine = select(odd, sineNear(rest, low), cosineNear(rest, low))
const ordinary = lt(size, LARGE)

export const sin: FormulaFunction = {
  arity: 1,
  cases: [{ when: ordinary, value: select(wholeGt(f(2n), turns), ofSine, neg(ofSine)) }],
  otherwise: imported('sin', x),
}

/** 1 in the second and the third of four quarters, where the cosine is negative. */
const negative = wholeAnd(wholeXor(turns, right(turns, 1)), f(1n))

export const cos: FormulaFunction = {
  arity: 1,
  cases: [{ when: ordinary, value: select(wholeGt(negative, f(0n)), neg(ofCosine), ofCosine) }],
  otherwise: imported('cos', x),
}
