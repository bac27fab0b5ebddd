import type { LadderReport } from '../samplers/sampler.ts'
import type { SamplingWarning } from './warnings.ts'

/** Neighbours that swap less often than this pass hardly anything on. */
const SELDOM = 0.1

/** A warning where neighbours on some ladder swap too seldom, or no replica came down from its hottest end, for that end to help. */
export function swapWarnings(ladders: readonly LadderReport[]): readonly SamplingWarning[] {
  const all = ladders.flatMap(({ temperatures, swapRates }, chain) =>
    swapRates.map((rate, k) => ({ rate, chain, from: temperatures[k] as number, to: temperatures[k + 1] as number })),
  )
  const worst = all.filter((p) => p.rate < SELDOM).sort((a, b) => a.rate - b.rate)[0]
  const trips = ladders.reduce((sum, l) => sum + l.roundTrips, 0)
  const asked = all.some((p) => !Number.isNaN(p.rate))
  if (!asked || (worst === undefined && trips > 0)) return []
  const barrier = Math.max(...ladders.map((l) => l.barrier))
  const seen =
    worst === undefined
      ? 'No replica came back from the hottest temperature to the coldest'
      : `Neighbouring temperatures swap too seldom (chain ${worst.chain + 1}: ${percent(worst.rate)} between T = ${digits(worst.from)} and ${digits(worst.to)}; ${trips} round trips)`
  const sentence = `${seen}: what is found where it is hot hardly reaches the draws. Use ${enough(barrier)} temperatures (the communication barrier is ${barrier.toFixed(1)}), a lower hottest one, or run longer.`
  return [{ kind: 'swaps', sentence }]
}

/** About two for each unit of the barrier, where round trips are the most frequent for the work (Syed et al. 2021, section 4), and a little room. */
function enough(barrier: number): number {
  return Math.ceil(2.5 * barrier) + 2
}

function percent(rate: number): string {
  return `${(100 * rate).toPrecision(2)} %`
}

function digits(temperature: number): string {
  return String(Number(temperature.toPrecision(3)))
}
