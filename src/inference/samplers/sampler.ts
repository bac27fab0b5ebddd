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
}
