import { squared } from '../../base/special/pow.ts'

/** Plain moments of a series. */
export function mean(x: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < x.length; i += 1) sum += x[i] as number
  return sum / x.length
}

/** With n - 1 below; in two passes. Of one number repeated it is 0, whatever the mean was rounded to. */
export function variance(x: ArrayLike<number>): number {
  const centre = mean(x)
  let sum = 0
  let differs = false
  for (let i = 0; i < x.length; i += 1) {
    sum += squared((x[i] as number) - centre)
    differs ||= x[i] !== x[0]
  }
  return differs ? sum / (x.length - 1) : 0
}

/** All chains in one series. */
export function pooled(chains: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(chains.reduce((n, c) => n + c.length, 0))
  let at = 0
  for (const chain of chains) {
    out.set(chain, at)
    at += chain.length
  }
  return out
}

/** Linear interpolation between order statistics, (n - 1) p + 1 (type 7 of Hyndman & Fan 1996; R's and NumPy's default). */
export function quantile(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p
  const below = Math.floor(at)
  const low = sorted[below] as number
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number
  return at === below ? low : low + (at - below) * (high - low)
}
