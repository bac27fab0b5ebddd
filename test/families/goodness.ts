import { expect } from 'vitest'

/**
 * The largest distance between the distribution of draws and `cdf` (Kolmogorov). P(D > 2.9 / sqrt(n)) is at most
 * 2 exp(-2 * 2.9^2) = 1e-7 for a continuous cdf (Massart 1990) and less for a discrete one: the false-alarm rate of every
 * test here. The stream is fixed, so a run cannot flicker.
 */
export function expectDistribution(draws: readonly number[], cdf: (x: number) => number, whole = false): void {
  const sorted = [...draws].sort((a, b) => a - b)
  const n = sorted.length
  let worst = 0
  for (let i = 0; i < n; i += 1) {
    const x = sorted[i] as number
    // Between equal draws the empirical distribution does not stop.
    if (i + 1 === n || (sorted[i + 1] as number) > x) worst = Math.max(worst, Math.abs(cdf(x) - (i + 1) / n))
    if (i === 0 || (sorted[i - 1] as number) < x) worst = Math.max(worst, Math.abs(cdf(whole ? x - 1 : x) - i / n))
  }
  expect(worst).toBeLessThan(2.9 / Math.sqrt(n))
}
