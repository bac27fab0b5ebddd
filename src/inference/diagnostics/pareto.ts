/**
 * The shape k of the upper tail of importance weights, from their logs (Vehtari, Simpson, Gelman, Yao and Gabry 2024): that of a
 * generalised Pareto distribution fitted to the largest of them. NaN where there are too few (less than 5 in the tail).
 */
export function paretoShape(logWeights: Float64Array): number {
  const sorted = logWeights.slice().sort()
  const n = sorted.length
  const most = sorted[n - 1] as number
  if (!Number.isFinite(most)) return most === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Number.NaN
  const count = Math.floor(Math.min(0.2 * n, 3 * Math.sqrt(n)))
  if (count < 5) return Number.NaN
  const threshold = Math.exp((sorted[n - count - 1] as number) - most)
  const tail = sorted.slice(n - count).map((l) => Math.exp(l - most) - threshold)
  // Weights that are all the same have no tail.
  if ((tail[count - 1] as number) <= 1e-12) return Number.NEGATIVE_INFINITY
  return shapeOf(tail)
}

/** Zhang and Stephens 2009: an average over a grid of the one parameter that is left; then toward 0.5 by a weak prior of ten weights. */
function shapeOf(x: Float64Array): number {
  const n = x.length
  const places = 30 + Math.floor(Math.sqrt(n))
  const quartile = x[Math.floor(n / 4 + 0.5) - 1] as number
  const most = x[n - 1] as number
  const thetas = Float64Array.from({ length: places }, (_, i) => {
    return 1 / most + (1 - Math.sqrt(places / (i + 0.5))) / (3 * quartile)
  })
  const kOf = (theta: number): number => x.reduce((sum, v) => sum + Math.log1p(-theta * v), 0) / n
  const logs = thetas.map((theta) => {
    const k = kOf(theta)
    return n * (Math.log(-theta / k) - k - 1)
  })
  const top = logs.reduce((a, b) => Math.max(a, b))
  const weights = logs.map((l) => Math.exp(l - top))
  const total = weights.reduce((a, b) => a + b, 0)
  const theta = thetas.reduce((sum, t, i) => sum + (t * (weights[i] as number)) / total, 0)
  return (n * kOf(theta) + 5) / (n + 10)
}
