import { mean, quantile, variance } from '../inference/diagnostics/moments.ts'

/** What is said of one number of a fit. */
export interface FittedRow {
  readonly name: string
  readonly mean: number
  readonly sd: number
  readonly q5: number
  readonly q50: number
  readonly q95: number
}

/** As draws tell, which are put in order. */
export function fittedRow(name: string, draws: Float64Array): FittedRow {
  const sorted = draws.sort()
  const moments = { mean: mean(sorted), sd: Math.sqrt(variance(sorted)) }
  return { name, ...moments, q5: quantile(sorted, 0.05), q50: quantile(sorted, 0.5), q95: quantile(sorted, 0.95) }
}
