import { exp as expOf } from './exponential.ts'
import { LN2_HIGH, LN2_LOW, log1p as log1pOf, log as logOf } from './logarithm.ts'
import { PER_STEP, POWERS, ROOTS, ROUNDING, STEP_HIGH, STEP_LOW } from './roots.ts'
import { NUMBER, UPPER, WORDS } from './words.ts'

/**
 * exp, log and log1p for inner loops, within 2 units in the last place: a table, and a short polynomial for what is left.
 * Engines write what is as short as this in line, and so need no call for a number. The plus before other functions says to them
 * that these give numbers too, which need no object then.
 */

/** exp x = 2^(n/512) exp r with |r| <= log 2 / 1024: r^5 / 120 no longer counts. */
export function exp(x: number): number {
  if (!(Math.abs(x) < 708)) return +expOf(x)
  const n = x * PER_STEP + ROUNDING - ROUNDING
  const r = x - n * STEP_HIGH - n * STEP_LOW
  const k = n | 0
  const root = ROOTS[k & 511] as number
  const r2 = r * r
  return (POWERS[(k >> 9) + 1024] as number) * (root + root * (r + r2 * (0.5 + r * (1 / 6) + r2 * (1 / 24))))
}

/** 1 / (1 + j/256), and its logarithm with the sign turned. */
export const INVERSES = Float64Array.from({ length: 257 }, (_, j) => 256 / (256 + j))
export const LOGS = Float64Array.from({ length: 257 }, (_, j) => log1pOf(j / 256))

/** log(1 + x) = log(1 + j/256) + log(1 + r) with |r| <= 1/512: r^7 / 7 no longer counts. Only 0 <= x <= 1 is quick. */
export function log1p(x: number): number {
  if (!(x >= 0 && x <= 1)) return +log1pOf(x)
  const n = x * 256 + ROUNDING - ROUNDING
  const j = n | 0
  const r = (x - n / 256) * (INVERSES[j] as number)
  const r2 = r * r
  return (LOGS[j] as number) + (r - r2 * (0.5 - r * (1 / 3) + r2 * (0.25 - r * 0.2 + r2 * (1 / 6))))
}

/** 1 / (j/256) and log(j/256), from j = 192 on. */
export const LOG_INVERSES = Float64Array.from({ length: 193 }, (_, k) => 256 / (192 + k))
export const LOG_VALUES = Float64Array.from({ length: 193 }, (_, k) => logOf((192 + k) / 256))

/** log x = k log 2 + log(j/256) + log(1 + r) with |r| <= 1/384: r^7 / 7 no longer counts. Only normal x are quick. */
export function log(x: number): number {
  if (!(x >= 2.2250738585072014e-308 && x <= Number.MAX_VALUE)) return +logOf(x)
  NUMBER[0] = x
  const k = (((WORDS[UPPER] as number) + 0x80000) >> 20) - 1023
  const z = x * (POWERS[1024 - k] as number)
  const n = z * 256 + ROUNDING - ROUNDING
  const j = (n | 0) - 192
  const r = (z - n / 256) * (LOG_INVERSES[j] as number)
  const r2 = r * r
  const rest = r - r2 * (0.5 - r * (1 / 3) + r2 * (0.25 - r * 0.2 + r2 * (1 / 6)))
  return k * LN2_HIGH + (LOG_VALUES[j] as number) + (k * LN2_LOW + rest)
}
