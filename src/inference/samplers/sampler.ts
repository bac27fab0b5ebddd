import type { Stream } from '../../base/random.ts'
import type { MetricKind } from '../adaptation/metric.ts'
import type { ChainFailure } from '../chains/outcome.ts'

/** A wish to end, looked at between evaluations of the density. */
export interface Stop {
  readonly aborted: boolean
}

/** What a step says that was broken off: nothing of it counts, and the state is that before it. */
export const brokenOff = { kind: 'broken off' } as const
export type BrokenOff = typeof brokenOff

/**
 * One Markov chain's way to move, whatever the algorithm: what the loop in `chain.ts` drives. It owns its buffers and
 * changes them in place.
 */
export interface Sampler {
  /** The present state, one number a coordinate. */
  readonly position: Float64Array
  /** Names of the numbers that describe a step (`lp__`, ...), and those numbers for the last one. */
  readonly columns: readonly string[]
  readonly statistics: Float64Array
  /** Finds where to start; `warmup` is the number of adapting steps that will follow. */
  begin(warmup: number, stream: Stream): ChainFailure | undefined
  /** One draw; adapts while `warming`. A failure ends the chain; a step of many evaluations is broken off when it is to `stop`. */
  step(warming: boolean, stream: Stream, stop?: Stop): ChainFailure | BrokenOff | undefined
  /** All that the next step depends on besides the density: `resume` on a sampler made alike gives the same steps, bit for bit. */
  state(): SamplerState
  /** In place of `begin`. */
  resume(state: SamplerState): void
  /** Puts it at a point, laid out as `position` is, and looks at that; absent of samplers whose state is more than that. */
  place?(position: ArrayLike<number>): void
  /** -E/T at the present point, of samplers that know it. */
  logDensity?(): number
  /** What was adapted, as plain data for the report. */
  tuning(): Tuning
}

/** Numbers by name: plain data, that crosses between threads and goes into files. */
export type SamplerState = Readonly<Record<string, readonly number[]>>

export interface Tuning {
  readonly stepSize?: number
  readonly metric?: MetricKind
  /** The inverse metric, as in `Metric`. */
  readonly inverseMetric?: Float64Array
  /** Of replica exchange. */
  readonly ladder?: LadderReport
}

/** A ladder of temperatures after warm-up, and how replicas went along it. */
export interface LadderReport {
  /** From the coldest, that of the draws. */
  readonly temperatures: readonly number[]
  /** For each two neighbours, the mean probability that they swapped; NaN where they were never asked. */
  readonly swapRates: readonly number[]
  /** How often a replica came back to the coldest from the hottest. */
  readonly roundTrips: number
  /** The sum of what is lacking of the rates to 1: about the number of walls between the ends (Syed et al. 2021, Lambda). */
  readonly barrier: number
}
