import { log as logOf } from './logarithm.ts'
import { PER_STEP, POWERS, ROOT_TAILS, ROOTS, ROUNDING, SPLIT, STEP_HIGH, STEP_LOW } from './roots.ts'

/**
 * x to the power y, as `Math.pow` defines it, within 0.51 units in the last place, 0.76 where the result is subnormal.
 * V8 has changed its own power from version to version, and seeded draws must not change with it: nothing else in `src`
 * writes `**` or `Math.pow`.
 *
 * The exponent y log x is kept in two numbers: its rounding would be multiplied by up to 700 in the result.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN
  const size = Math.abs(x)
  if (x < 0 || Object.is(x, -0)) {
    const odd = Math.abs(y % 2) === 1
    if (!odd && !Number.isInteger(y) && Number.isFinite(x) && Number.isFinite(y) && x !== 0) return Number.NaN
    return odd ? -powerOf(size, y) : powerOf(size, y)
  }
  return powerOf(size, y)
}

export function squared(x: number): number {
  return x * x
}

/** For x >= 0, and y not 0. */
function powerOf(x: number, y: number): number {
  if (x === 1) return Number.isFinite(y) ? 1 : Number.NaN
  if (x === 0 || x === Number.POSITIVE_INFINITY || Math.abs(y) > 1e20) return x < 1 === y > 0 ? 0 : Number.POSITIVE_INFINITY
  if (x < 2.2250738585072014e-308) return finitePower(x * 18014398509481984, y, 54 * 512)
  return finitePower(x, y, 0)
}

/** For a normal x / 2^(down/512) that is not 1, and |y| <= 1e20. */
function finitePower(x: number, y: number, down: number): number {
  // x = 2^(n/512) (1 + r + rest), and 2^(n/512) is 2^k over a root.
  const n = logOf(x) * PER_STEP + ROUNDING - ROUNDING
  const steps = n | 0
  const j = -steps & 511
  const z = x * (POWERS[1024 - ((steps + j) >> 9)] as number)
  const root = ROOTS[j] as number
  const product = z * root
  const zHead = z * SPLIT - (z * SPLIT - z)
  const rootHead = root * SPLIT - (root * SPLIT - root)
  const zRest = z - zHead
  const rootRest = root - rootHead
  const lost = zHead * rootHead - product + zHead * rootRest + zRest * rootHead + zRest * rootRest
  const rest0 = lost + z * (ROOT_TAILS[j] as number)
  const r = product - 1 + rest0
  const rest = product - 1 - r + rest0

  // log(1 + r + rest) = r - r^2 / 2 + ..., of which r^2 / 2 takes two numbers: |r| <= log 2 / 1024.
  const half = 0.5 * r * r
  const rHead = r * SPLIT - (r * SPLIT - r)
  const rRest = r - rHead
  const halfLost = 0.5 * rHead * rHead - half + rHead * rRest + 0.5 * rRest * rRest
  const cubes = r * r * r * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * (1 / 7)))))
  const whole = (n - down) * STEP_HIGH
  const a = whole + r
  const aLost = Math.abs(whole) > Math.abs(r) ? whole - a + r : r - a + whole
  const b = a - half
  const bLost = a - b - half
  const small = aLost + bLost + (rest - r * rest - halfLost + cubes + (n - down) * STEP_LOW)
  const log = b + small
  const logLost = b - log + small

  const exponent = y * log
  if (!(Math.abs(exponent) < 760)) return exponent > 0 ? Number.POSITIVE_INFINITY : 0
  const yHead = y * SPLIT - (y * SPLIT - y)
  const logHead = log * SPLIT - (log * SPLIT - log)
  const yRest = y - yHead
  const logRest = log - logHead
  return exponential(exponent, yHead * logHead - exponent + yHead * logRest + yRest * logHead + yRest * logRest + y * logLost)
}

/** exp(x + rest) for |x| < 760. */
function exponential(x: number, rest: number): number {
  const n = x * PER_STEP + ROUNDING - ROUNDING
  const r = x - n * STEP_HIGH - n * STEP_LOW + rest
  const k = n >> 9
  const root = ROOTS[n & 511] as number
  const r2 = r * r
  const q = root + ((ROOT_TAILS[n & 511] as number) + root * (r + r2 * (0.5 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120)))))
  if (k > 1022) return q * (POWERS[2046] as number) * (k > 1025 ? Number.POSITIVE_INFINITY : (POWERS[1024 + k - 1022] as number))
  if (k < -1022) return k < -1080 ? 0 : q * (POWERS[2] as number) * (POWERS[1024 + k + 1022] as number)
  return q * (POWERS[1024 + k] as number)
}
