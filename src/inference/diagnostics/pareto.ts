import { exp } from '../../base/special/exponential.ts'
import { expm1 } from '../../base/special/hyperbolic.ts'
import { log, log1p } from '../../base/special/logarithm.ts'

/**
 * The shape k of the upper tail of importance weights, from their logs (Vehtari, Simpson, Gelman, Yao and Gabry 2024): that of a
 * generalised Pareto distribution fitted to the largest of them. NaN where there are too few (less than 5 in the tail).
 */
export function paretoShape(logWeights: Float64Array): number {
  const tail = tailOf(logWeights.slice().sort())
  return typeof tail === 'number' ? tail : shapeAndScale(tail.excess).shape
}

/**
 * Weights as probabilities, from their logs, the largest of them replaced by what the fitted Pareto distribution expects of them in
 * their order, so that no single one decides (the same authors). Where no tail can be fitted they are as they were. Weights that are 0
 * have the log minus infinity.
 */
export function smoothedWeights(logWeights: Float64Array): Float64Array {
  const order = [...logWeights.keys()].sort((a, b) => (logWeights[a] as number) - (logWeights[b] as number))
  const most = logWeights.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const weights = logWeights.map((l) => exp(l - most))
  const tail = tailOf(Float64Array.from(order, (i) => logWeights[i] as number))
  if (typeof tail !== 'number') {
    const { threshold, excess } = tail
    const { shape, scale } = shapeAndScale(excess)
    const first = order.length - excess.length
    for (let j = 0; j < excess.length; j += 1) {
      const p = (j + 0.5) / excess.length
      const quantile = shape === 0 ? -log1p(-p) : expm1(-shape * log1p(-p)) / shape
      weights[order[first + j] as number] = Math.min(1, threshold + scale * quantile)
    }
  }
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((w) => w / total)
}

interface WeightTail {
  /** Relative to the largest weight. */
  readonly threshold: number
  /** What each weight of the tail has above it, in rising order. */
  readonly excess: Float64Array
}

/** The largest weights, from sorted logs; a shape where there is nothing to fit. */
function tailOf(sorted: Float64Array): WeightTail | number {
  const n = sorted.length
  const most = sorted[n - 1] as number
  if (!Number.isFinite(most)) return most === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Number.NaN
  const count = Math.floor(Math.min(0.2 * n, 3 * Math.sqrt(n)))
  if (count < 5) return Number.NaN
  const threshold = exp((sorted[n - count - 1] as number) - most)
  const excess = sorted.slice(n - count).map((l) => exp(l - most) - threshold)
  // Weights that are all the same have no tail.
  return (excess[count - 1] as number) <= 1e-12 ? Number.NEGATIVE_INFINITY : { threshold, excess }
}

/** Zhang and Stephens 2009: an average over a grid of the one parameter that is left; then toward 0.5 by a weak prior of ten weights. */
function shapeAndScale(x: Float64Array): { readonly shape: number; readonly scale: number } {
  const n = x.length
  const places = 30 + Math.floor(Math.sqrt(n))
  const quartile = x[Math.floor(n / 4 + 0.5) - 1] as number
  const most = x[n - 1] as number
  const thetas = Float64Array.from({ length: places }, (_, i) => {
    return 1 / most + (1 - Math.sqrt(places / (i + 0.5))) / (3 * quartile)
  })
  const kOf = (theta: number): number => x.reduce((sum, v) => sum + log1p(-theta * v), 0) / n
  const logs = thetas.map((theta) => {
    const k = kOf(theta)
    return n * (log(-theta / k) - k - 1)
  })
  const top = logs.reduce((a, b) => Math.max(a, b))
  const weights = logs.map((l) => exp(l - top))
  const total = weights.reduce((a, b) => a + b, 0)
  const theta = thetas.reduce((sum, t, i) => sum + (t * (weights[i] as number)) / total, 0)
  const shape = kOf(theta)
  return { shape: (n * shape + 5) / (n + 10), scale: -shape / theta }
}
