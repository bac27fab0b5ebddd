import { log10 } from '../../base/special/logarithm.ts'
import { squared } from '../../base/special/pow.ts'
import { autocovariance } from './autocovariance.ts'
import { mean, pooled, quantile, variance } from './moments.ts'
import { computable, rankNormalised, type Sorted, sorted, split } from './split.ts'

/** Effective sample sizes (Vehtari et al. 2021), with the conventions of posterior and ArviZ. NaN where draws are too few or not finite. */
export function essBulk(chains: readonly Float64Array[]): number {
  return computable(chains) ? ess(rankNormalised(sorted(chains))) : Number.NaN
}

/** The smaller of the effective sample sizes of the 5 % and 95 % quantiles. */
export function essTail(chains: readonly Float64Array[]): number {
  return computable(chains) ? essTailSorted(sorted(chains)) : Number.NaN
}

export function essTailSorted(draws: Sorted): number {
  return Math.min(essQuantileSorted(draws, 0.05), essQuantileSorted(draws, 0.95))
}

export function essMean(chains: readonly Float64Array[]): number {
  return computable(chains) ? ess(split(chains)) : Number.NaN
}

/** Of the squared deviations from the mean. */
export function essSd(chains: readonly Float64Array[]): number {
  const centre = mean(pooled(chains))
  return essMean(chains.map((c) => c.map((x) => squared(x - centre))))
}

/** Of the indicator of lying at or below the quantile. */
export function essQuantile(chains: readonly Float64Array[], p: number): number {
  return computable(chains) ? essQuantileSorted(sorted(chains), p) : Number.NaN
}

function essQuantileSorted({ all, halves }: Sorted, p: number): number {
  const q = quantile(all, p)
  return ess(halves.map((c) => c.map((x) => (x <= q ? 1 : 0))))
}

/** Effective sample size of chains as they are: Geyer's initial monotone sequence (Geyer 1992) on the combined autocorrelations. */
export function ess(chains: readonly Float64Array[]): number {
  const total = chains.reduce((n, c) => n + c.length, 0)
  if (spread(chains) < 1e-15) return total
  const paired = pairs(autocorrelation(chains), chains[0]?.length ?? 0)
  let sum = 0
  let least = Number.POSITIVE_INFINITY
  for (const pair of paired.sums) {
    least = Math.min(least, pair)
    sum += least
  }
  // Never more than S log10(S) draws' worth.
  const tau = Math.max(-1 + 2 * sum + paired.rest, 1 / log10(total))
  return total / tau
}

function spread(chains: readonly Float64Array[]): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const c of chains) {
    for (const x of c) {
      low = Math.min(low, x)
      high = Math.max(high, x)
    }
  }
  return high - low
}

/** rho at a lag, from within-chain autocovariances and the variance between chains (Vehtari et al. 2021, eq. 10). */
function autocorrelation(chains: readonly Float64Array[]): (lag: number) => number {
  const n = chains[0]?.length ?? 0
  const covariances = chains.map(autocovariance)
  const at = (lag: number) => mean(covariances.map((c) => c(lag)))
  const within = (at(0) * n) / (n - 1)
  const total = at(0) + (chains.length > 1 ? variance(chains.map(mean)) : 0)
  return (lag) => (lag === 0 ? 1 : 1 - (within - at(lag)) / total)
}

/**
 * Sums of rho at lags (0, 1), (2, 3), ... up to the last pair before the first negative one; of that pair (or of the last
 * there is room for) only the even lag counts, once, where it is positive ("improve the estimate" in ArviZ and posterior).
 */
function pairs(rho: (lag: number) => number, n: number): { sums: number[]; rest: number } {
  const sums: number[] = []
  let even = 1
  let pair = 1 + rho(1)
  for (let t = 2; t < n - 2 && pair > 0; t += 2) {
    sums.push(pair)
    even = rho(t)
    pair = even + rho(t + 1)
  }
  return { sums, rest: pair >= 0 || even > 0 ? even : 0 }
}
