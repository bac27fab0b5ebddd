import { POWERS } from './roots.ts'
import { upperWord } from './words.ts'

/**
 * Logarithms with the bits of fdlibm 5.3 (Sun Microsystems 1993, e_log.c and s_log1p.c).
 *
 * ====================================================
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 * ====================================================
 */

/** log 2 in two parts, of which the first has so few digits that multiples up to 2^11 are exact. */
export const LN2_HIGH = 0.6931471803691238
export const LN2_LOW = 1.9082149292705877e-10

/** (log((1 + s) / (1 - s)) - 2 s) / s for z = s^2. */
function logSeries(z: number): number {
  return (
    z *
    (0.6666666666666735 +
      z *
        (0.3999999999940942 +
          z *
            (0.2857142874366239 +
              z * (0.22222198432149784 + z * (0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586))))))
  )
}

export function log(x: number): number {
  if (!(x >= 2.2250738585072014e-308 && x < Number.POSITIVE_INFINITY)) {
    if (x === 0) return Number.NEGATIVE_INFINITY
    return x > 0 && x < 1 ? logOfNormal(x * 18014398509481984, 54) : x < 0 ? Number.NaN : x
  }
  return logOfNormal(x, 0)
}

/** log(x / 2^down). */
function logOfNormal(x: number, down: number): number {
  const head = upperWord(x)
  const digits = head & 0xfffff
  const e = (head >> 20) - 1023 + ((digits + 0x95f64) >> 20)
  const f = x * (POWERS[1024 - e] as number) - 1
  const k = e - down
  const [high, low] = [k * LN2_HIGH, k * LN2_LOW]
  if (((digits + 2) & 0xfffff) < 3) return high - (f * f * (0.5 - 0.3333333333333333 * f) - low - f)
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const even = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const series = even + odd
  if (digits <= 0x61479 || digits >= 0x6b852) return high - (s * (f - series) - low - f)
  const half = 0.5 * f * f
  return high - (half - (s * (half + series) + low) - f)
}

export function log1p(x: number): number {
  const size = Math.abs(x)
  if (!(x > -1 && x < Number.POSITIVE_INFINITY)) return x === -1 ? Number.NEGATIVE_INFINITY : x < -1 ? Number.NaN : x
  if (size < 1.862645149230957e-9) return size < 5.551115123125783e-17 ? x : x - x * x * 0.5
  let [f, k, c, digits] = [x, 0, 0, 1]
  // fdlibm compares upper words: between these two x is taken as it is.
  if (!(x > -0.292893648147583 && x < 0.4142136573791504)) {
    const u = x < 9007199254740992 ? 1 + x : x
    const head = upperWord(u)
    digits = head & 0xfffff
    k = (head >> 20) - 1023
    c = x < 9007199254740992 ? (k > 0 ? 1 - (u - x) : x - (u - 1)) / u : 0
    const up = digits < 0x6a09e ? 0 : 1
    k += up
    f = u * (POWERS[1024 - k] as number) - 1
    // What is left of the upper word, as fdlibm has it: 0 where f is tiny.
    digits = up === 0 ? digits : (0x100000 - digits) >> 2
    if (k === 0) c = 0
  }
  const half = 0.5 * f * f
  if (digits === 0) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + (c + k * LN2_LOW)
    const r = half * (1 - 0.6666666666666666 * f)
    return k === 0 ? f - r : k * LN2_HIGH - (r - (k * LN2_LOW + c) - f)
  }
  const s = f / (2 + f)
  const r = logSeries(s * s)
  return k === 0 ? f - (half - s * (half + r)) : k * LN2_HIGH - (half - (s * (half + r) + (k * LN2_LOW + c)) - f)
}

/** Within 2 units in the last place. */
export function log10(x: number): number {
  return log(x) / Math.LN10
}
