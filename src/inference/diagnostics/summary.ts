import { type Draws, series } from '../draws.ts'
import { essBulk, essTail } from './ess.ts'
import { mcseMean, mcseSd } from './mcse.ts'
import { mean, pooled, quantile, variance } from './moments.ts'
import { rHat } from './r-hat.ts'

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

export function summary(draws: Draws): SummaryRow[] {
  return draws.names.map((name) => summaryRow(name, series(draws, name)))
}

export function summaryRow(name: string, chains: readonly Float64Array[]): SummaryRow {
  const all = pooled(chains)
  const sorted = all.slice().sort()
  return {
    name,
    mean: mean(all),
    sd: Math.sqrt(variance(all)),
    mcse_mean: mcseMean(chains),
    mcse_sd: mcseSd(chains),
    q5: quantile(sorted, 0.05),
    q50: quantile(sorted, 0.5),
    q95: quantile(sorted, 0.95),
    ess_bulk: essBulk(chains),
    ess_tail: essTail(chains),
    r_hat: rHat(chains),
  }
}
