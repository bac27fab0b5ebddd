import { fold, type Key, Stream } from '../base/random.ts'
import type { Outcome } from './outcome.ts'
import type { Sampler, Tuning } from './sampler.ts'

export interface ChainOptions {
  /** Adapting steps, not kept unless `keepWarmup`; 1000. */
  readonly warmup?: number
  /** Draws to keep; 1000. */
  readonly draws?: number
  /** Steps a draw; 1. */
  readonly thin?: number
  readonly keepWarmup?: boolean
  /** Looked at before every step: when `aborted`, the chain ends with what it has. An `AbortSignal` will do. */
  readonly signal?: { readonly aborted: boolean }
  /** Called every `progressEvery` (100) steps, and at the end. */
  readonly onProgress?: (progress: Progress) => void
  readonly progressEvery?: number
}

export interface Progress {
  readonly chain: number
  readonly step: number
  readonly steps: number
  readonly warmingUp: boolean
  /** Divergent steps after warm-up so far. */
  readonly divergent: number
}

/** One chain, as plain data (it crosses between threads). */
export interface ChainResult {
  readonly chain: number
  readonly dimension: number
  /** How many draws were kept; fewer than asked when interrupted. */
  readonly count: number
  /** [draw, coordinate], row-major. */
  readonly draws: Float64Array
  readonly columns: readonly string[]
  /** [draw, column], row-major: the numbers that tell of each draw's last step. */
  readonly statistics: Float64Array
  /** How many of the draws at the front are from warm-up (0 unless `keepWarmup`). */
  readonly warmupCount: number
  readonly tuning: Tuning
  readonly outcome: Outcome
}

/**
 * Runs chain number `chain` of the run under `key`. It depends on nothing but its arguments, so chains may run in any
 * order and anywhere.
 */
export function runChain(sampler: Sampler, key: Key, chain: number, options: ChainOptions = {}): ChainResult {
  const { warmup = 1000, draws = 1000, thin = 1, keepWarmup = false } = options
  const own = fold(fold(key, 'chain'), chain)
  const stream = new Stream(fold(own, 'steps'))
  const log = recorder(sampler, (keepWarmup ? Math.ceil(warmup / thin) : 0) + draws)
  const report = reporter(sampler, chain, warmup, warmup + draws * thin, options)
  let outcome: Outcome | undefined = sampler.begin(warmup, new Stream(fold(own, 'start')))
  for (let t = 0; outcome === undefined && t < warmup + draws * thin; t += 1) {
    const warming = t < warmup
    if (options.signal?.aborted === true) {
      outcome = interrupted(t, warmup)
      break
    }
    outcome = sampler.step(warming, stream)
    const kept = warming ? keepWarmup && t % thin === 0 : (t - warmup + 1) % thin === 0
    if (outcome === undefined && kept) log.take(warming)
    report(t)
  }
  return { chain, ...log.finish(), tuning: sampler.tuning(), outcome: outcome ?? { kind: 'finished' } }
}

function interrupted(steps: number, warmup: number): Outcome {
  const when = steps < warmup ? `in warm-up, after ${steps} of ${warmup} steps` : `after ${steps - warmup} steps of sampling`
  return { kind: 'interrupted', sentence: `Interrupted ${when}.` }
}

function recorder(sampler: Sampler, rows: number) {
  const dimension = sampler.position.length
  const width = sampler.columns.length
  const draws = new Float64Array(rows * dimension)
  const statistics = new Float64Array(rows * width)
  let count = 0
  let warmupCount = 0
  return {
    take(warming: boolean): void {
      draws.set(sampler.position, count * dimension)
      statistics.set(sampler.statistics, count * width)
      count += 1
      if (warming) warmupCount += 1
    },
    finish: () => ({
      dimension,
      count,
      draws: draws.slice(0, count * dimension),
      columns: sampler.columns,
      statistics: statistics.slice(0, count * width),
      warmupCount,
    }),
  }
}

function reporter(sampler: Sampler, chain: number, warmup: number, steps: number, options: ChainOptions): (t: number) => void {
  const { onProgress, progressEvery = 100 } = options
  const column = sampler.columns.indexOf('divergent__')
  let divergent = 0
  return (t) => {
    const warmingUp = t < warmup
    if (!warmingUp && column >= 0) divergent += sampler.statistics[column] as number
    const due = (t + 1) % progressEvery === 0 || t + 1 === steps
    if (due) onProgress?.({ chain, step: t + 1, steps, warmingUp, divergent })
  }
}
