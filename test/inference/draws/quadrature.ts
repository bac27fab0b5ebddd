import { erfc } from '../../../src/base/special/erf.ts'

/** A distribution function of one number. */
export type Cdf = (x: number) => number

/** Of the density exp(log) / Z on [low, high], from its values at so many places (trapezoids). */
export function cdfOf(log: (x: number) => number, low: number, high: number, places = 800): Cdf {
  const step = (high - low) / places
  const logs = Float64Array.from({ length: places + 1 }, (_, i) => log(low + i * step))
  const top = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const heights = logs.map((v) => Math.exp(v - top))
  const mass = new Float64Array(places + 1)
  for (let i = 1; i <= places; i += 1) mass[i] = (mass[i - 1] as number) + ((heights[i - 1] as number) + (heights[i] as number)) / 2
  const total = mass[places] as number
  return (x) => {
    const at = Math.min(places, Math.max(0, (x - low) / step))
    const i = Math.min(places - 1, Math.floor(at))
    return ((mass[i] as number) + (at - i) * ((mass[i + 1] as number) - (mass[i] as number))) / total
  }
}

export function normalCdf(mean: number, sd: number): Cdf {
  return (x) => erfc(-(x - mean) / sd / Math.SQRT2) / 2
}

/** sqrt(n) times the greatest distance of the draws' distribution from `cdf` (Kolmogorov and Smirnov). */
export function distance(draws: readonly number[], cdf: Cdf): number {
  const n = draws.length
  const most = [...draws]
    .sort((a, b) => a - b)
    .reduce((d, x, i) => {
      const p = cdf(x)
      return Math.max(d, Math.abs(p - i / n), Math.abs(p - (i + 1) / n))
    }, 0)
  return Math.sqrt(n) * most
}

/** P(distance > 3.5) is below 2 exp(-2 * 3.5^2) = 5e-11 for every n (Massart 1990). */
export const FARTHEST = 3.5
