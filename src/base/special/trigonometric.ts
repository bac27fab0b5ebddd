import { POWERS } from './roots.ts'
import { upperWord, withoutLowerWord } from './words.ts'

/**
 * Sines and cosines with the bits of fdlibm 5.3 (Sun Microsystems 1993, k_sin.c, k_cos.c, e_rem_pio2.c) up to 8e5;
 * what larger numbers leave of a quarter turn is worked out in whole numbers.
 *
 * ====================================================
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 * ====================================================
 */

/** The rest of the last angle that was divided by a quarter turn, in two parts. */
export let rest = 0
export let restLow = 0

/** The nearest whole number of quarter turns (its last two bits count), and the rest in `rest`. */
export function quarters(x: number): number {
  const size = Math.abs(x)
  if (size <= 0.7853981852531433) {
    rest = x
    restLow = 0
    return 0
  }
  const n = size < 823549.75 ? ordinaryQuarters(size) : largeQuarters(size)
  if (x > 0) return n
  rest = -rest
  restLow = -restLow
  return -n
}

/** A quarter turn in parts of 33 digits, each with what is left after it (Cody and Waite). */
const PART_1 = 1.5707963267341256
const LEFT_1 = 6.077100506506192e-11
const PART_2 = 6.077100506303966e-11
const LEFT_2 = 2.0222662487959506e-21
const PART_3 = 2.0222662487111665e-21
const LEFT_3 = 8.4784276603689e-32

function ordinaryQuarters(size: number): number {
  const n = Math.trunc(size * 0.6366197723675814 + 0.5)
  let r = size - n * PART_1
  let w = n * LEFT_1
  rest = r - w
  // As many digits cancelled as the first part has to spare, and the second.
  if (Math.abs(rest) < size * 3.0517578125e-5) {
    const t = r
    w = n * PART_2
    r = t - w
    w = n * LEFT_2 - (t - r - w)
    rest = r - w
    if (Math.abs(rest) < size * 3.552713678800501e-15) {
      const u = r
      w = n * PART_3
      r = u - w
      w = n * LEFT_3 - (u - r - w)
      rest = r - w
    }
  }
  restLow = r - rest - w
  return n
}

/** 2 / pi times 2^1152, and pi / 2 times 2^128. */
const PER_QUARTER =
  0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d08n
const QUARTER = 0x1921fb54442d18469898cc51701b839a2n

function largeQuarters(size: number): number {
  if (!(size < Number.POSITIVE_INFINITY)) {
    rest = Number.NaN
    restLow = Number.NaN
    return 0
  }
  const exponent = (upperWord(size) >> 20) - 1075
  const up = exponent > 0 ? exponent : 0
  // Of at most 53 digits, and whole: exact as a number, and so as one of any size.
  const product = (BigInt(size * (POWERS[1024 + up - exponent] as number) * (POWERS[1024 - up] as number)) << BigInt(up)) * PER_QUARTER
  const digits = BigInt(1152 + up - exponent)
  const n = (product + (1n << (digits - 1n))) >> digits
  const left = ((product - (n << digits)) * QUARTER) >> (digits - 132n)
  rest = Number(left)
  restLow = Number(left - BigInt(rest)) * DOWN * DOWN
  rest *= DOWN * DOWN
  return Number(n & 3n)
}

/** 2^-130: what is left has 260 digits after its point. */
const DOWN = 7.346839692639297e-40

export function sin(x: number): number {
  const n = quarters(x) & 3
  const found = (n & 1) === 0 ? sinNear(rest, restLow) : cosNear(rest, restLow)
  return n < 2 ? found : -found
}

export function cos(x: number): number {
  const n = quarters(x) & 3
  const found = (n & 1) === 0 ? cosNear(rest, restLow) : sinNear(rest, restLow)
  return n === 0 || n === 3 ? found : -found
}

/** Of x + y, where |x| is at most an eighth of a turn and y the tail of x. */
function sinNear(x: number, y: number): number {
  if (Math.abs(x) < 7.450580596923828e-9) return x
  const z = x * x
  const v = z * x
  const r =
    0.00833333333332249 +
    z * (-0.0001984126982985795 + z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))
  return y === 0 ? x + v * (-0.16666666666666632 + z * r) : x - (z * (0.5 * y - v * r) - y - v * -0.16666666666666632)
}

function cosNear(x: number, y: number): number {
  const size = Math.abs(x)
  if (size < 7.450580596923828e-9) return 1
  const z = x * x
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z * (2.480158728947673e-5 + z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))))
  if (size < 0.29999923706054688) return 1 - (0.5 * z - (z * r - x * y))
  const q = size > 0.78125 ? 0.28125 : 0.25 * withoutLowerWord(size)
  return 1 - q - (0.5 * z - q - (z * r - x * y))
}
