import { expect } from 'vitest'
import { logGammaQ } from '../../src/base/special/log-incomplete-gamma.ts'

/**
 * Pearson's test of `n` draws counted between `edges`, at which the distribution function is `levels`. Parts in which fewer
 * than 20 draws are expected are counted together with the next. It fails below a p-value of 1e-8: with the fixed seeds of
 * the tests that use it, a hundred or so, its false alarms together stay near 1e-6.
 */
export function expectCounts(draw: () => number, edges: readonly number[], levels: readonly number[], n: number): void {
  const counts = new Float64Array(edges.length + 1)
  const sorted = Float64Array.from(edges)
  for (let i = 0; i < n; i += 1) {
    const part = partOf(draw(), sorted)
    counts[part] = (counts[part] as number) + 1
  }
  let [statistic, parts, count, expected] = [0, 0, 0, 0]
  counts.forEach((c, k) => {
    count += c
    expected += n * ((levels[k] ?? 1) - (levels[k - 1] ?? 0))
    if (expected < 20 && k < counts.length - 1) return
    statistic += expected > 0 ? (count - expected) ** 2 / expected : count > 0 ? Number.POSITIVE_INFINITY : 0
    parts += 1
    count = 0
    expected = 0
  })
  expect(logGammaQ((parts - 1) / 2, statistic / 2)).toBeGreaterThan(Math.log(1e-8))
}

/** How many edges lie at or below a draw. A draw that is no number has no part. */
function partOf(x: number, edges: Float64Array): number {
  if (Number.isNaN(x)) throw new Error('a draw is NaN')
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle] as number) <= x) low = middle + 1
    else high = middle
  }
  return low
}
