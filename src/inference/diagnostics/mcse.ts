import { squared } from '../../base/special/pow.ts'
import { essMean, essQuantile, essSd } from './ess.ts'
import { mean, pooled, variance } from './moments.ts'
import { betaQuantile } from './quantiles.ts'

/** Monte Carlo standard errors (Vehtari et al. 2021, section 4), in the units of the draws. */
export function mcseMean(chains: readonly Float64Array[]): number {
  return Math.sqrt(variance(pooled(chains)) / essMean(chains))
}

/** Of the standard deviation: delta method on the fourth moment. */
export function mcseSd(chains: readonly Float64Array[]): number {
  const all = pooled(chains)
  const centre = mean(all)
  const squares = all.map((x) => squared(x - centre))
  const second = mean(squares)
  const fourth = mean(squares.map((s) => s * s))
  return Math.sqrt((fourth - second * second) / essSd(chains) / second / 4)
}

/** Of a quantile: half the distance between the order statistics one standard error of its probability apart. */
export function mcseQuantile(chains: readonly Float64Array[], p: number): number {
  const size = essQuantile(chains, p)
  if (Number.isNaN(size)) return Number.NaN
  const sorted = pooled(chains).sort()
  const at = (probability: number) => betaQuantile(probability, size * p + 1, size * (1 - p) + 1) * sorted.length - 1
  const low = sorted[Math.floor(Math.max(at(0.1586553), 0))] as number
  const high = sorted[Math.ceil(Math.min(at(0.8413447), sorted.length - 1))] as number
  return (high - low) / 2
}
