import { mean, pooled, quantile, variance } from './moments.ts'
import { computable, rankNormalised, split } from './split.ts'

/**
 * Rank-normalised split R-hat, the larger of the bulk's and the folded draws' (Vehtari, Gelman, Simpson, Carpenter &
 * Bürkner 2021). NaN when it has no value: one number repeated, fewer than four draws, draws that are not finite.
 */
export function rHat(chains: readonly Float64Array[]): number {
  if (!computable(chains)) return Number.NaN
  const halves = split(chains)
  return Math.max(basicRHat(rankNormalised(halves)), basicRHat(rankNormalised(folded(halves))))
}

/** Potential scale reduction of chains as they are (Gelman & Rubin 1992; Gelman et al. 2013, section 11.4). */
export function basicRHat(chains: readonly Float64Array[]): number {
  const n = chains[0]?.length ?? 0
  const between = n * variance(chains.map(mean))
  const within = mean(chains.map(variance))
  return Math.sqrt((between / within + n - 1) / n)
}

function folded(chains: readonly Float64Array[]): Float64Array[] {
  const median = quantile(pooled(chains).sort(), 0.5)
  return chains.map((c) => c.map((x) => Math.abs(x - median)))
}
