import { quarters, rest, restLow } from './trigonometric.ts'
import { withoutLowerWord } from './words.ts'

/**
 * The tangent with the bits of fdlibm 5.3 (Sun Microsystems 1993, k_tan.c) up to 8e5.
 *
 * ====================================================
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 * ====================================================
 */

/** An eighth of a turn, in two parts. */
const EIGHTH = 0.7853981633974483
const EIGHTH_LOW = 3.061616997868383e-17

export function tan(x: number): number {
  return tanNear(quarters(x) & 1, rest, restLow)
}

/** `odd`: minus one over the tangent. */
function tanNear(odd: number, angle: number, tail: number): number {
  const size = Math.abs(angle)
  if (size < 3.725290298461914e-9) return odd === 0 ? angle : minusInverse(angle + tail, angle, tail)
  const large = size >= 0.6743354797363281
  const [x, y] = large ? [EIGHTH - size + (EIGHTH_LOW - (angle < 0 ? -tail : tail)), 0] : [angle, tail]
  const z = x * x
  const w = z * z
  const r =
    0.13333333333320124 +
    w *
      (0.021869488294859542 +
        w * (0.0035920791075913124 + w * (0.0005880412408202641 + w * (7.817944429395571e-5 + w * -1.8558637485527546e-5))))
  const v =
    z *
    (0.05396825397622605 +
      w *
        (0.0088632398235993 +
          w * (0.0014562094543252903 + w * (0.0002464631348184699 + w * (7.140724913826082e-5 + w * 2.590730518636337e-5)))))
  const s = z * x
  const series = y + z * (s * (r + v) + y) + 0.3333333333333341 * s
  const found = x + series
  if (!large) return odd === 0 ? found : minusInverse(found, x, series)
  const one = odd === 0 ? 1 : -1
  const result = one - 2 * (x - ((found * found) / (found + one) - series))
  return angle < 0 ? -result : result
}

/** -1 / (x + tail), without the rounding of the sum. */
function minusInverse(sum: number, x: number, tail: number): number {
  const z = withoutLowerWord(sum)
  const left = tail - (z - x)
  const a = -1 / sum
  const t = withoutLowerWord(a)
  return t + a * (1 + t * z + t * left)
}
