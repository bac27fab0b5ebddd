import { type Draws, statistic } from '../draws/draws.ts'
import { eBfmi } from './bfmi.ts'
import { differentModes } from './modes.ts'
import type { SummaryRow } from './summary.ts'

export interface SamplingWarning {
  readonly kind: 'divergences' | 'tree_depth' | 'low_e_bfmi' | 'r_hat' | 'ess' | 'swaps'
  /** What was seen and what to do. */
  readonly sentence: string
}

/**
 * The checks that Stan and ArviZ make of finished chains, as sentences; none when all is well. The variables `last` are named
 * after all others: what was summed out follows what the others do.
 */
export function warnings(
  draws: Draws,
  rows: readonly SummaryRow[],
  maxDepth = 10,
  last: ReadonlySet<string> = new Set(),
): SamplingWarning[] {
  return [divergences(draws), treeDepth(draws, maxDepth), lowBfmi(draws), highRHat(draws, rows, last), lowEss(draws, rows, last)].filter(
    (w) => w !== undefined,
  )
}

/** Whether a row is an element of one of these variables. */
function isOf(names: ReadonlySet<string>, { name }: SummaryRow): boolean {
  return names.has(name.replace(/\[.*$/, ''))
}

/** The worst first, and those named last after all others. */
function byUrgency(rows: readonly SummaryRow[], last: ReadonlySet<string>, order: (a: SummaryRow, b: SummaryRow) => number) {
  return [...rows].sort((a, b) => Number(isOf(last, a)) - Number(isOf(last, b)) || order(a, b))
}

function divergences(draws: Draws): SamplingWarning | undefined {
  const steps = statistic(draws, 'divergent__') ?? []
  const count = total(steps, (d) => d > 0)
  if (count === 0) return undefined
  const sentence = `${count} of ${total(steps, () => true)} transitions were divergent: part of the posterior is too curved to be explored, and results may be biased. Raise the target acceptance towards 1, or reparametrise the model (non-centred, for a scale and the values it scales).`
  return { kind: 'divergences', sentence }
}

function treeDepth(draws: Draws, maxDepth: number): SamplingWarning | undefined {
  const depths = statistic(draws, 'treedepth__') ?? []
  const count = total(depths, (d) => d >= maxDepth)
  if (count === 0) return undefined
  const sentence = `${count} of ${total(depths, () => true)} transitions reached the maximum tree depth (${maxDepth}): the draws are valid but inefficient. Raise the tree depth, or give the states similar scales and weaker correlations (a dense metric helps with the latter).`
  return { kind: 'tree_depth', sentence }
}

function lowBfmi(draws: Draws): SamplingWarning | undefined {
  const low = (statistic(draws, 'energy__') ?? []).map(eBfmi).flatMap((b, i) => (b < 0.3 ? [`chain ${i + 1}: ${b.toFixed(2)}`] : []))
  if (low.length === 0) return undefined
  const sentence = `The energy changes too slowly (E-BFMI below 0.3 in ${low.join(', ')}): the tails may be poorly explored. Run longer, or reparametrise the model (non-centred, where one scale governs many states).`
  return { kind: 'low_e_bfmi', sentence }
}

function highRHat(draws: Draws, rows: readonly SummaryRow[], last: ReadonlySet<string>): SamplingWarning | undefined {
  const high = rows.filter((r) => r.r_hat > 1.01)
  const bad = byUrgency(high, last, (a, b) => b.r_hat - a.r_hat)
  const worst = bad[0]
  if (worst === undefined) return undefined
  const sentence = `The chains disagree about ${some(bad)} (R-hat above 1.01; worst ${worst.name}, ${factor(worst.r_hat)}): do not use these draws.${differentModes(draws, bad)} Run longer. If they still disagree, look for several modes (order exchangeable components) or for a state that the data do not inform.`
  return { kind: 'r_hat', sentence }
}

/** With the digits that tell it from the threshold. */
function factor(rHat: number): string {
  if (!Number.isFinite(rHat)) return 'infinite: no chain moves'
  return rHat >= 1000 ? 'above 1000' : rHat.toFixed(rHat < 1.1 ? 3 : 2)
}

function lowEss(draws: Draws, rows: readonly SummaryRow[], last: ReadonlySet<string>): SamplingWarning | undefined {
  const wanted = 100 * draws.chains.length
  const least = (r: SummaryRow) => Math.min(r.ess_bulk, r.ess_tail)
  const low = rows.filter((r) => least(r) < wanted)
  const bad = byUrgency(low, last, (a, b) => least(a) - least(b))
  const worst = bad[0]
  if (worst === undefined) return undefined
  const sentence = `The effective sample size is below 100 per chain for ${some(bad)} (lowest: ${worst.name}, ${Math.floor(least(worst))} of ${wanted}): means and quantiles are unreliable. Draw more.`
  return { kind: 'ess', sentence }
}

function some(rows: readonly SummaryRow[]): string {
  const names = rows.slice(0, 3).map((r) => r.name)
  return rows.length > 3 ? `${names.join(', ')} and ${rows.length - 3} more` : names.join(', ')
}

function total(chains: readonly Float64Array[], test: (x: number) => boolean): number {
  return chains.reduce((n, c) => n + c.reduce((m, x) => m + (test(x) ? 1 : 0), 0), 0)
}
