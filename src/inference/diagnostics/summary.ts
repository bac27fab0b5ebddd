import { type Draws, seriesAt } from '../draws/draws.ts'
import { ess, essTailSorted } from './ess.ts'
import { mcseMean, mcseSd } from './mcse.ts'
import { mean, pooled, quantile, variance } from './moments.ts'
import { rHatRanked } from './r-hat.ts'
import { computable, foldedNormalised, rankNormalised, type Sorted, sorted } from './split.ts'

/** One quantity's row; a number that has no value (R-hat of a constant) is NaN. */
export interface SummaryRow {
  readonly name: string
  readonly mean: number
  readonly sd: number
  readonly mcse_mean: number
  readonly mcse_sd: number
  readonly q5: number
  readonly q50: number
  readonly q95: number
  readonly ess_bulk: number
  readonly ess_tail: number
  readonly r_hat: number
}

/** A row for each column but those in `except`. */
export function summary(draws: Draws, except: ReadonlySet<string> = new Set()): SummaryRow[] {
  return draws.names.flatMap((name, at) => (except.has(name) ? [] : [summaryRow(name, seriesAt(draws, at))]))
}

export function summaryRow(name: string, chains: readonly Float64Array[]): SummaryRow {
  const draws = sorted(chains)
  const { all } = draws
  return {
    name,
    ...moments(chains),
    q5: quantile(all, 0.05),
    q50: quantile(all, 0.5),
    q95: quantile(all, 0.95),
    ...(computable(chains) ? mixing(draws) : { ess_bulk: Number.NaN, ess_tail: Number.NaN, r_hat: Number.NaN }),
  }
}

function moments(chains: readonly Float64Array[]): Pick<SummaryRow, 'mean' | 'sd' | 'mcse_mean' | 'mcse_sd'> {
  const all = pooled(chains)
  const sd = Math.sqrt(variance(all))
  // Of one number repeated the mean is that number, not what the sum was rounded to.
  return { mean: sd === 0 ? (all[0] as number) : mean(all), sd, mcse_mean: mcseMean(chains), mcse_sd: mcseSd(chains) }
}

function mixing(draws: Sorted): Pick<SummaryRow, 'ess_bulk' | 'ess_tail' | 'r_hat'> {
  const scores = rankNormalised(draws)
  return { ess_bulk: ess(scores), ess_tail: essTailSorted(draws), r_hat: rHatRanked(scores, foldedNormalised(draws)) }
}
