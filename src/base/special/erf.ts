/**
 * The error function and its logarithms. Accuracy of the logarithms: 1e-12 relative. Their coefficients: scripts/special-coefficients.py.
 */
import { exp } from './exponential.ts'
import { log, log1p } from './logarithm.ts'
import { withoutLowerWord } from './words.ts'

/** Of log(erfc(x)) + x^2 + log(3 + x) in 7 / (3 + x) - 1, for x >= 0.5. */
export const LOG_ERFC_TAIL = [
  -0.041868163047693197, 0.6546382489012338, 0.14657691450078844, 0.01992268436931311, -0.0063983202370458195, -0.005022338759957201,
  -0.0009027973825373522, 0.0005230966466942789, 0.0003413691625448484, 1.2375282083121033e-5, -6.203781758769625e-5,
  -2.0439006184567546e-5, 6.539842886915008e-6, 5.6798079339000344e-6, 1.3996026578277464e-7, -1.039135099000734e-6, -2.559909821171797e-7,
  1.3228838988776322e-7, 6.905464401785828e-8, -9.74851509842823e-9, -1.1104294046117347e-8, 1.455996355441467e-10, 9.258019895598884e-10,
]

/** log(erfc(x)) + x^2 for x >= 0.5, by a polynomial in 3 / (3 + x). */
export function logErfcTail(x: number): number {
  return polynomial(7 / (3 + x) - 1, LOG_ERFC_TAIL) - log(3 + x)
}

/**
 * Coefficients of fdlibm's s_erf.c, of rational functions that are divided, from the constant term on: near 0 in x^2, around 1 in |x| - 1,
 * up to 1 / 0.35 and behind it in 1 / x^2.
 *
 * ====================================================
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 * ====================================================
 */
export const ERF_NEAR = [
  [0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -2.3763016656650163e-5],
  [1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164, -3.960228278775368e-6],
] as const
export const ERF_AT_ONE = 0.8450629115104675
export const ERF_AROUND_ONE = [
  [
    -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175, -0.11089469428239668, 0.035478304325618236,
    -0.002166375594868791,
  ],
  [1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905, 0.011984499846799107],
] as const
export const ERFC_MIDDLE = [
  [
    -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347, -184.60509290671104,
    -81.2874355063066, -9.814329344169145,
  ],
  [
    1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783, 108.63500554177944,
    6.570249770319282, -0.0604244152148581,
  ],
] as const
export const ERFC_FAR = [
  [
    -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896, -1025.0951316110772,
    -483.5191916086514,
  ],
  [
    1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644, 474.52854120695537,
    -22.44095244658582,
  ],
] as const

/** Where one of them ends and the next begins. */
export const ERF_ENDS = { near: 0.84375, aroundOne: 1.25, middle: 1 / 0.35, beyond: 28 } as const

function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = coefficients.at(-1) as number
  for (let k = coefficients.length - 2; k >= 0; k -= 1) sum = (coefficients[k] as number) + x * sum
  return sum
}

function ratio(x: number, [above, below]: readonly [readonly number[], readonly number[]]): number {
  return polynomial(x, above) / polynomial(x, below)
}

/** The error function, within a unit in the last place. */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (size < ERF_ENDS.near) return x + x * ratio(x * x, ERF_NEAR)
  if (size < ERF_ENDS.aroundOne) return withSign(ERF_AT_ONE + ratio(size - 1, ERF_AROUND_ONE), x)
  return withSign(1 - tail(size), x)
}

/** 1 - erf(x), without cancellation. */
export function erfc(x: number): number {
  const size = Math.abs(x)
  if (size < ERF_ENDS.near) {
    const y = ratio(x * x, ERF_NEAR)
    return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y)
  }
  if (size < ERF_ENDS.aroundOne) {
    const above = ratio(size - 1, ERF_AROUND_ONE)
    return x > 0 ? 1 - ERF_AT_ONE - above : 1 + (ERF_AT_ONE + above)
  }
  return x > 0 ? tail(x) : 2 - tail(-x)
}

function withSign(value: number, x: number): number {
  return x < 0 ? -value : value
}

/** erfc(x) from 1.25 on: exp(-x^2), the square taken in two parts so that its rounding does not grow in the exponent, over x times a correction. */
function tail(x: number): number {
  if (x >= ERF_ENDS.beyond) return 0
  const correction = ratio(1 / (x * x), x < ERF_ENDS.middle ? ERFC_MIDDLE : ERFC_FAR)
  const head = withoutLowerWord(x)
  return (exp(-head * head - 0.5625) * exp((head - x) * (head + x) + correction)) / x
}

/** log(erfc(x)), without underflow: about -x^2 - log(x sqrt(pi)) for large x. */
export function logErfc(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY
  return x < 0.5 ? log1p(-erf(x)) : logErfcTail(x) - x * x
}
