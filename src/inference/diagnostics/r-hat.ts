import { mean, variance } from './moments.ts'
import { computable, foldedNormalised, rankNormalised, sorted } from './split.ts'

/**
 * Rank-normalised split R-hat, the larger of the bulk's and the folded draws' (Vehtari, Gelman, Simpson, Carpenter &
 * Bürkner 2021). Infinite when each half of a chain keeps to one number and they are not the same. NaN when it has no
 * value: one number repeated, fewer than four draws, draws that are not finite.
 */
export function rHat(chains: readonly Float64Array[]): number {
  if (!computable(chains)) return Number.NaN
  const draws = sorted(chains)
  return rHatRanked(rankNormalised(draws), foldedNormalised(draws))
}

/**
 * The same from the normal scores of the halves and of their distances from the median. Where all are equally far from
 * it, as spins that are up as often as down, the distances say nothing, and the bulk alone counts.
 */
export function rHatRanked(scores: readonly Float64Array[], folded: readonly Float64Array[]): number {
  const spread = basicRHat(folded)
  return Number.isNaN(spread) ? basicRHat(scores) : Math.max(basicRHat(scores), spread)
}

/** Potential scale reduction of chains as they are (Gelman & Rubin 1992; Gelman et al. 2013, section 11.4). */
export function basicRHat(chains: readonly Float64Array[]): number {
  const n = chains[0]?.length ?? 0
  const between = n * variance(chains.map(mean))
  const within = mean(chains.map(variance))
  return Math.sqrt((between / within + n - 1) / n)
}
