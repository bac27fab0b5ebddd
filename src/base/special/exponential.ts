import { LN2_HIGH, LN2_LOW } from './logarithm.ts'
import { POWERS } from './roots.ts'

/**
 * The exponential with the bits of fdlibm 5.3 (Sun Microsystems 1993, e_exp.c).
 *
 * ====================================================
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 * ====================================================
 */

/** fdlibm compares upper halves of numbers: this is the first number that is above log(2) / 2 to it. */
export const HALF_LN2 = 0.3465735912322998
const TWO_TO_MINUS_1000 = 9.332636185032189e-302
/** Above it exp is infinite. */
export const LARGEST = 709.782712893384

/** 2^k for k from -1024 to 1023. */
export function powerOfTwo(k: number): number {
  return POWERS[1024 + k] as number
}

/** The whole number nearest to x / log 2, up to rounding; 0 where |x| is at most log(2) / 2. */
export function halvings(x: number): number {
  return Math.abs(x) < HALF_LN2 ? 0 : Math.trunc(x * Math.LOG2E + (x < 0 ? -0.5 : 0.5))
}

export function exp(x: number): number {
  const size = Math.abs(x)
  if (!(size < LARGEST)) {
    if (Number.isNaN(x) || x === Number.POSITIVE_INFINITY) return x
    if (x > 0 && size > LARGEST) return Number.POSITIVE_INFINITY
    if (x < -745.1332191019411) return 0
  }
  if (size < 3.725290298461914e-9) return 1 + x
  if (x === 1) return Math.E
  const k = halvings(x)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const t = r * r
  const c =
    r -
    t *
      (0.16666666666666602 +
        t * (-0.0027777777777015593 + t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))))
  const y = 1 - (low - (r * c) / (2 - c) - high)
  if (k > 1023) return y * 2 * powerOfTwo(k - 1)
  return k >= -1021 ? y * powerOfTwo(k) : y * powerOfTwo(k + 1000) * TWO_TO_MINUS_1000
}
