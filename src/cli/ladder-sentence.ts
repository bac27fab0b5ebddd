import type { SampleResult } from '../api/sample.ts'
import { counted } from '../base/counted.ts'

/** The ladders of replica exchange, how well neighbours swap on them, and how often replicas went all the way. */
export function ladderSentence(tuning: SampleResult['tuning']): readonly string[] {
  const ladders = tuning.flatMap(({ ladder }) => ladder ?? [])
  const [first] = ladders
  if (first === undefined || first.temperatures.length < 2) return []
  const { temperatures } = first
  const ends = `from ${temperatures[0]} to ${temperatures.at(-1)}`
  const rates = ladders.flatMap((l) => l.swapRates).filter((r) => !Number.isNaN(r))
  const trips = ladders.reduce((sum, l) => sum + l.roundTrips, 0)
  const barrier = Math.max(...ladders.map((l) => l.barrier))
  const swaps =
    rates.length === 0
      ? ''
      : `; neighbours swap ${percent(Math.min(...rates))} to ${percent(Math.max(...rates))} % of the time, ${counted(trips, 'round trip')}, communication barrier ${barrier.toFixed(1)}`
  return [`Each chain is a ladder of ${temperatures.length} temperatures ${ends}${swaps}.`]
}

function percent(rate: number): number {
  return Math.round(100 * rate)
}
