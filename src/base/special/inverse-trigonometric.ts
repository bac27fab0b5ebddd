import { withoutLowerWord } from './words.ts'

/**
 * Inverse trigonometric functions with the bits of fdlibm 5.3 (Sun Microsystems 1993, e_asin.c, e_acos.c, s_atan.c, e_atan2.c).
 *
 * ====================================================
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 * ====================================================
 */

/** pi / 2 in two parts, and the half of the first. */
const RIGHT = 1.5707963267948966
const RIGHT_LOW = 6.123233995736766e-17
const EIGHTH = 0.7853981633974483

/** From here on an angle is a right one. */
const TWO_TO_66 = 7.378697629483821e19

/** (asin(s) - s) / s for t = s^2. */
function arcSeries(t: number): number {
  const p =
    t *
    (0.16666666666666666 +
      t *
        (-0.3255658186224009 +
          t * (0.20121253213486293 + t * (-0.04005553450067941 + t * (0.0007915349942898145 + t * 3.479331075960212e-5)))))
  const q = 1 + t * (-2.403394911734414 + t * (2.0209457602335057 + t * (-0.6882839716054533 + t * 0.07703815055590194)))
  return p / q
}

export function asin(x: number): number {
  const size = Math.abs(x)
  if (!(size < 1)) return size === 1 ? x * RIGHT + x * RIGHT_LOW : Number.NaN
  if (size < 0.5) return size < 7.450580596923828e-9 ? x : x + x * arcSeries(x * x)
  const t = (1 - size) * 0.5
  const s = Math.sqrt(t)
  const w = arcSeries(t)
  const found = size >= 0.9749994277954102 ? RIGHT - (2 * (s + s * w) - RIGHT_LOW) : fromHalves(s, t, w)
  return x > 0 ? found : -found
}

function fromHalves(s: number, t: number, w: number): number {
  const head = withoutLowerWord(s)
  const c = (t - head * head) / (s + head)
  return EIGHTH - (2 * s * w - (RIGHT_LOW - 2 * c) - (EIGHTH - 2 * head))
}

export function acos(x: number): number {
  const size = Math.abs(x)
  if (!(size < 1)) return x === 1 ? 0 : x === -1 ? Math.PI + 2 * RIGHT_LOW : Number.NaN
  if (size < 0.5) return size < 6.938893903907228e-18 ? RIGHT + RIGHT_LOW : RIGHT - (x - (RIGHT_LOW - x * arcSeries(x * x)))
  const t = (1 - size) * 0.5
  const s = Math.sqrt(t)
  const w = arcSeries(t)
  if (x < 0) return Math.PI - 2 * (s + (w * s - RIGHT_LOW))
  const head = withoutLowerWord(s)
  return 2 * (head + (w * s + (t - head * head) / (s + head)))
}

/** The angles of 1/2, 1, 3/2 and infinity, each in two parts. */
const ANGLES = [0.4636476090008061, EIGHTH, 0.982793723247329, RIGHT] as const
const ANGLES_LOW = [2.2698777452961687e-17, 3.061616997868383e-17, 1.3903311031230998e-17, RIGHT_LOW] as const

/** (x - atan(x)) / x. */
function angleSeries(x: number): number {
  const z = x * x
  const w = z * z
  const even =
    z *
    (0.3333333333333293 +
      w *
        (0.14285714272503466 +
          w * (0.09090887133436507 + w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))))
  const odd =
    w *
    (-0.19999999999876483 +
      w * (-0.11111110405462356 + w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))))
  return even + odd
}

export function atan(x: number): number {
  const size = Math.abs(x)
  if (!(size < TWO_TO_66)) return Number.isNaN(x) ? x : x > 0 ? RIGHT + RIGHT_LOW : -RIGHT - RIGHT_LOW
  if (size < 0.4375) return size < 7.450580596923828e-9 ? x : x - x * angleSeries(x)
  let near = 3
  let rest = 0
  if (size < 0.6875) {
    near = 0
    rest = (2 * size - 1) / (2 + size)
  } else if (size < 1.1875) {
    near = 1
    rest = (size - 1) / (size + 1)
  } else if (size < 2.4375) {
    near = 2
    rest = (size - 1.5) / (1 + 1.5 * size)
  } else rest = -1 / size
  const found = (ANGLES[near] as number) - (rest * angleSeries(rest) - (ANGLES_LOW[near] as number) - rest)
  return x < 0 ? -found : found
}

/** The angle of the point (x, y), from -pi to pi. */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN
  const [left, lower] = [x < 0 || Object.is(x, -0), y < 0 || Object.is(y, -0)]
  const angle = angleOf(Math.abs(y), Math.abs(x))
  const turned = left && angle !== RIGHT ? Math.PI - (angle - 2 * RIGHT_LOW) : angle
  return lower ? -turned : turned
}

/** In the first quarter. */
function angleOf(y: number, x: number): number {
  if (y === 0) return 0
  if (x === 0) return RIGHT
  if (y === Number.POSITIVE_INFINITY) return x === y ? EIGHTH : RIGHT
  if (x === Number.POSITIVE_INFINITY) return 0
  return y / x > 1e18 ? RIGHT : atan(y / x)
}
