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
  ne,
  neg,
  polynomial,
  ROUNDING,
  real,
  realOf,
  right,
  select,
  sub,
  wholeAdd,
  wholeAnd,
  wholeGt,
  wholeOf,
  wholeOr,
  wholeSub,
} from './formula.ts'

/**
 * Logarithms with the bits of the kernel: `log` and `log1p` are those of `src/base/special/tabulated.ts`; `plainLog` and `plainLog1p` are those of
 * fdlibm (Sun Microsystems 1993, e_log.c and s_log1p.c), as in `src/base/special/`.
 *
 * ====================================================
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 * ====================================================
 */
const x = argument(0)

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
/** Of (log((1 + s) / (1 - s)) - 2 s) / s^3 in s^2. */
const L = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805, 0.15313837699209373,
  0.14798198605116586,
] as const

/** 2^-29 and 2^-54, below which x - x^2 / 2 and x are all that is left. */
const TINY = 1.862645149230957e-9
const LEAST = 5.551115123125783e-17
const SMALLEST_NORMAL = 2.2250738585072014e-308
const MANTISSA = 0xfffffffffffffn
const ONE = 0x3ff0000000000000n

/** What is above the point of a number's digits, as fdlibm asks it: the upper 20 of 52. */
function upper(digits: Formula): Formula {
  return right(digits, 32)
}

export const log: FormulaFunction = {
  arity: 1,
  cases: [{ when: both(ge(x, SMALLEST_NORMAL), lt(x, Number.POSITIVE_INFINITY)), value: tabulatedLog() }],
  otherwise: call('plainLog', x),
}

function tabulatedLog(): Formula {
  const k = wholeSub(right(wholeAdd(bitsOf(x), 0x8000000000000n), 52), 1023n)
  const z = real(wholeSub(bitsOf(x), left(k, 52)))
  const n = sub(add(mul(z, 256), ROUNDING), ROUNDING)
  const j = wholeSub(wholeOf(mul(z, 256)), 192n)
  const r = mul(sub(z, div(n, 256)), lookUp('LOG_INVERSES', j))
  const r2 = mul(r, r)
  const inner = add(sub(0.5, mul(r, 1 / 3)), mul(r2, add(sub(0.25, mul(r, 0.2)), mul(r2, 1 / 6))))
  const e = realOf(k)
  return add(add(mul(e, LN2_HIGH), lookUp('LOG_VALUES', j)), add(mul(e, LN2_LOW), sub(r, mul(r2, inner))))
}

export const plainLog: FormulaFunction = logarithm()

function logarithm(): FormulaFunction {
  const at = (y: Formula, down: number): { readonly far: Formula; readonly ordinary: Formula; readonly near: Formula } => {
    const digits = wholeAnd(bitsOf(y), MANTISSA)
    const head = upper(digits)
    const up = wholeAnd(wholeAdd(head, 0x95f64n), 0x100000n)
    const k = realOf(wholeAdd(wholeSub(right(bitsOf(y), 52), BigInt(1023 + down)), right(up, 20)))
    const g = sub(real(wholeOr(digits, wholeSub(f(ONE), left(up, 32)))), 1)
    const s = div(g, add(2, g))
    const z = mul(s, s)
    const w = mul(z, z)
    const t1 = mul(w, add(L[1], mul(w, add(L[3], mul(w, L[5])))))
    const t2 = mul(z, add(L[0], mul(w, add(L[2], mul(w, add(L[4], mul(w, L[6])))))))
    const R = add(t2, t1)
    const half = mul(mul(0.5, g), g)
    const [high, low] = [mul(k, LN2_HIGH), mul(k, LN2_LOW)]
    const middle = both(wholeGt(head, f(0x61479n)), wholeGt(f(0x6b852n), head))
    const one = sub(high, sub(sub(half, add(mul(s, add(half, R)), low)), g))
    const other = sub(high, sub(sub(mul(s, sub(g, R)), low), g))
    const nearR = mul(mul(g, g), sub(0.5, mul(0.3333333333333333, g)))
    return {
      far: both(wholeGt(head, f(0n)), wholeGt(f(0xffffen), head)),
      ordinary: select(middle, one, other),
      near: sub(high, sub(sub(nearR, low), g)),
    }
  }
  const normal = at(x, 0)
  const scaled = at(mul(x, 18014398509481984), 54)
  const inRange = both(ge(x, SMALLEST_NORMAL), lt(x, Number.POSITIVE_INFINITY))
  return {
    arity: 1,
    cases: [
      { when: both(inRange, normal.far), value: normal.ordinary },
      { when: inRange, value: normal.near },
      { when: eq(x, 0), value: f(Number.NEGATIVE_INFINITY) },
      { when: lt(x, 0), value: f(Number.NaN) },
      { when: lt(x, SMALLEST_NORMAL), value: select(scaled.far, scaled.ordinary, scaled.near) },
    ],
    otherwise: x,
  }
}

function bitsOf(y: Formula): Formula {
  return { kind: 'done', op: 'bits', of: [y] }
}

export const log1p: FormulaFunction = {
  arity: 1,
  cases: [{ when: both(ge(x, 0), le(x, 1)), value: tabulated() }],
  otherwise: call('plainLog1p', x),
}

function tabulated(): Formula {
  const n = sub(add(mul(x, 256), ROUNDING), ROUNDING)
  const j = wholeOf(mul(x, 256))
  const r = mul(sub(x, div(n, 256)), lookUp('INVERSES', j))
  const r2 = mul(r, r)
  const inner = add(sub(0.5, mul(r, 1 / 3)), mul(r2, add(sub(0.25, mul(r, 0.2)), mul(r2, 1 / 6))))
  return add(lookUp('LOGS', j), sub(r, mul(r2, inner)))
}

/** fdlibm compares upper halves of numbers: between these two x is taken as it is. */
const [SMALL_BELOW, SMALL_ABOVE] = [-0.292893648147583, 0.4142136573791504]

export const plainLog1p: FormulaFunction = onePlus()

function onePlus(): FormulaFunction {
  const small = both(gt(x, SMALL_BELOW), lt(x, SMALL_ABOVE))
  const huge = ge(x, 9007199254740992)
  const u = select(huge, x, add(1, x))
  const digits = wholeAnd(bitsOf(u), MANTISSA)
  const head = upper(digits)
  const up = wholeAnd(right(wholeAdd(head, BigInt(0x100000 - 0x6a09e)), 20), 1n)
  const k0 = realOf(wholeSub(right(bitsOf(u), 52), 1023n))
  const lost = div(select(gt(k0, 0), sub(1, sub(u, x)), sub(x, sub(u, 1))), u)
  const k = select(small, 0, add(k0, realOf(up)))
  const c = select(either(either(small, huge), eq(k, 0)), 0, lost)
  const g = select(small, x, sub(real(wholeOr(digits, wholeSub(f(ONE), left(up, 52)))), 1))
  const half = mul(mul(0.5, g), g)
  const s = div(g, add(2, g))
  const z = mul(s, s)
  const R = mul(z, polynomial(z, L))
  const [high, low] = [mul(k, LN2_HIGH), add(mul(k, LN2_LOW), c)]
  const ordinary = sub(high, sub(sub(half, add(mul(s, add(half, R)), low)), g))
  const nearR = mul(half, sub(1, mul(0.6666666666666666, g)))
  const near = select(eq(g, 0), add(high, add(c, mul(k, LN2_LOW))), sub(high, sub(sub(nearR, low), g)))
  const far = both(wholeGt(head, f(0n)), wholeGt(f(0xffffdn), head))
  const size = abs(x)
  return {
    arity: 1,
    cases: [
      { when: both(both(both(gt(x, -1), lt(x, Number.POSITIVE_INFINITY)), ge(size, TINY)), either(small, far)), value: ordinary },
      { when: lt(size, LEAST), value: x },
      { when: lt(size, TINY), value: sub(x, mul(mul(x, x), 0.5)) },
      { when: both(gt(x, -1), lt(x, Number.POSITIVE_INFINITY)), value: near },
      { when: eq(x, -1), value: f(Number.NEGATIVE_INFINITY) },
      { when: lt(x, -1), value: f(Number.NaN) },
    ],
    otherwise: x,
  }
}

/** As `src/base/special/operations.ts` has these. */
export const softplus: FormulaFunction = { arity: 1, cases: [], otherwise: logOfOnePlusExp() }

function logOfOnePlusExp(): Formula {
  const l = call('plainLog1p', call('plainExp', neg(abs(x))))
  return select(gt(x, 0), add(x, l), l)
}

const y = argument(1)

export const xlogy: FormulaFunction = { arity: 2, cases: [{ when: ne(x, 0), value: mul(x, call('plainLog', y)) }], otherwise: f(0) }

export const log1pSquare: FormulaFunction = squares()

function squares(): FormulaFunction {
  const d = abs(x)
  const [inside, outside] = [div(d, y), div(y, d)]
  return {
    arity: 2,
    cases: [
      { when: both(ne(x, 0), lt(d, y)), value: call('plainLog1p', mul(inside, inside)) },
      { when: eq(x, 0), value: f(0) },
    ],
    otherwise: add(mul(2, sub(call('plainLog', d), call('plainLog', y))), call('plainLog1p', mul(outside, outside))),
  }
}
