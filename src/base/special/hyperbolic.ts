import { exp, HALF_LN2, halvings, LARGEST, powerOfTwo } from './exponential.ts'
import { LN2_HIGH, LN2_LOW } from './logarithm.ts'

/**
 * exp(x) - 1 and hyperbolic functions with the bits of fdlibm 5.3 (Sun Microsystems 1993, s_expm1.c, e_sinh.c, e_cosh.c, s_tanh.c).
 *
 * ====================================================
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 * ====================================================
 */

/** Up to here exp is finite to fdlibm; up to the second one sinh and cosh are, by halves of the exponent. */
const NEARLY_LARGEST = 709.7822265625
const LARGEST_OF_HALF = 710.4758600739439

/** exp(x) - 1, exact near 0. */
export function expm1(x: number): number {
  const size = Math.abs(x)
  if (size < 5.551115123125783e-17 || Number.isNaN(x)) return x
  if (x <= -40) return -1
  if (x > LARGEST) return Number.POSITIVE_INFINITY
  const k = halvings(x)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const c = high - r - low
  const half = 0.5 * r
  const square = r * half
  const r1 =
    1 +
    square *
      (-0.03333333333333313 +
        square *
          (0.0015873015872548146 + square * (-7.93650757867488e-5 + square * (4.008217827329362e-6 + square * -2.0109921818362437e-7))))
  const t = 3 - r1 * half
  const e = square * ((r1 - t) / (6 - r * t))
  if (k === 0) return r - (r * e - square)
  const e1 = r * (e - c) - c - square
  if (k === -1) return 0.5 * (r - e1) - 0.5
  if (k === 1) return r < -0.25 ? -2 * (e1 - (r + 0.5)) : 1 + 2 * (r - e1)
  if (k <= -2 || k > 56) return k === 1024 ? (1 - (e1 - r)) * 2 * powerOfTwo(1023) - 1 : (1 - (e1 - r)) * powerOfTwo(k) - 1
  const down = powerOfTwo(-k)
  return k < 20 ? (1 - down - (e1 - r)) * powerOfTwo(k) : (r - (e1 + down) + 1) * powerOfTwo(k)
}

export function sinh(x: number): number {
  const size = Math.abs(x)
  const half = x < 0 ? -0.5 : 0.5
  if (size < 22) {
    if (size < 3.725290298461914e-9) return x
    const t = expm1(size)
    return size < 1 ? half * (2 * t - (t * t) / (t + 1)) : half * (t + t / (t + 1))
  }
  if (size < NEARLY_LARGEST) return half * exp(size)
  if (size <= LARGEST_OF_HALF) {
    const w = exp(0.5 * size)
    return half * w * w
  }
  return x * Number.POSITIVE_INFINITY
}

export function cosh(x: number): number {
  const size = Math.abs(x)
  if (size < HALF_LN2) {
    const t = expm1(size)
    const w = 1 + t
    return size < 2.7755575615628914e-17 ? w : 1 + (t * t) / (w + w)
  }
  if (size < 22) {
    const t = exp(size)
    return 0.5 * t + 0.5 / t
  }
  if (size < NEARLY_LARGEST) return 0.5 * exp(size)
  if (size <= LARGEST_OF_HALF) {
    const w = exp(0.5 * size)
    return 0.5 * w * w
  }
  return size > 0 ? Number.POSITIVE_INFINITY : x
}

export function tanh(x: number): number {
  const size = Math.abs(x)
  if (size < 3.725290298461914e-9 || Number.isNaN(x)) return x
  if (size >= 22) return x < 0 ? -1 : 1
  const t = expm1(size >= 1 ? 2 * size : -2 * size)
  const z = size >= 1 ? 1 - 2 / (t + 2) : -t / (t + 2)
  return x < 0 ? -z : z
}
