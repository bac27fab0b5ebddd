import { log as logOf } from '../base/special/logarithm.ts'
import { pow } from '../base/special/pow.ts'

/** A derivative measured from values alone. */
export interface Slope {
  readonly value: number
  /** How far it may be off, from the differences themselves and the rounding of the values. */
  readonly error: number
  /** The function has a kink here (or is not finite nearby), so there is no derivative to measure. */
  readonly unclear: boolean
}

/** Around the cube root of the rounding unit, where truncation and rounding of a central difference meet. */
export const STEP = pow(2, -13)

/** How much of its magnitude a value may be off by rounding. */
const ROUNDING = pow(2, -49)

/**
 * The derivative at 0 of `f`: central differences at h and h/2, Richardson-extrapolated, so that the error is of order
 * h^4 and below the difference of the two. `scale`: the magnitudes whose rounding `f` carries.
 *
 * At a kink the second difference over h does not halve with h.
 */
export function slopeOf(f: (t: number) => number, scale: number, h = STEP): Slope {
  const [down2, down, here, up, up2] = [f(-h), f(-h / 2), f(0), f(h / 2), f(h)] as [number, number, number, number, number]
  if (![down2, down, here, up, up2].every(Number.isFinite)) return { value: Number.NaN, error: Infinity, unclear: true }
  const wide = (up2 - down2) / (2 * h)
  const narrow = (up - down) / h
  const noise = (ROUNDING * scale) / h
  const [bendWide, bendNarrow] = [Math.abs(up2 + down2 - 2 * here) / h, Math.abs(up + down - 2 * here) / (h / 2)]
  return {
    value: (4 * narrow - wide) / 3,
    error: 2 * Math.abs(wide - narrow) + noise,
    unclear: bendNarrow > 0.75 * bendWide && bendNarrow > 16 * noise,
  }
}

/** Whether a derivative that was computed is the one that was measured. `tolerance`: relative. */
export function matches(found: number, slope: Slope, tolerance: number): boolean {
  return Math.abs(found - slope.value) <= tolerance * Math.max(1, Math.abs(slope.value)) + slope.error
}

export function along(y: Float64Array, direction: ArrayLike<number>, t: number): Float64Array {
  return y.map((v, i) => v + t * (direction[i] as number))
}

export function unitVector(length: number, at: number): Float64Array {
  const e = new Float64Array(length)
  e[at] = 1
  return e
}

/** log |det|, by elimination with pivots; minus infinity where singular. */
export function logDeterminant(matrix: readonly Float64Array[]): number {
  const rows: Float64Array[] = matrix.map((r) => r.slice())
  let log = 0
  for (let k = 0; k < rows.length; k += 1) {
    const best = rows.slice(k).reduce((b, r, i) => (Math.abs(r[k] as number) > Math.abs(rows[b]?.[k] ?? 0) ? k + i : b), k)
    const [a, b] = [rows[k] as Float64Array, rows[best] as Float64Array]
    rows[k] = b
    rows[best] = a
    const pivot = b[k] as number
    log += logOf(Math.abs(pivot))
    if (pivot === 0) return -Infinity
    for (const r of rows.slice(k + 1)) {
      const factor = (r[k] as number) / pivot
      for (let j = k; j < r.length; j += 1) r[j] = (r[j] as number) - factor * (b[j] as number)
    }
  }
  return log
}
