import { counted } from '../../base/counted.ts'
import { InternalError, must } from '../../base/internal-error.ts'
import { fold, type Key, Stream, type StreamState } from '../../base/random.ts'
import { defaults, type OptionsOf } from '../../middle/options.ts'
import { type BrokenOff, brokenOff, type Sampler, type SamplerState, type Stop, type Tuning } from '../samplers/sampler.ts'
import type { ChainFailure, ChainOutcome } from './outcome.ts'

export interface ChainOptions extends Pick<OptionsOf<'sample'>, 'warmup' | 'draws' | 'thin' | 'keepWarmup' | 'progressEvery'> {
  /** Looked at before every step and within long ones: when `aborted`, the chain ends with what it has. An `AbortSignal` will do. */
  readonly signal?: Stop
  /** Called every `progressEvery` steps, and at the end. */
  readonly onProgress?: (progress: Progress) => void
}

export interface Progress {
  readonly chain: number
  readonly step: number
  readonly steps: number
  readonly warmingUp: boolean
  /** Divergent steps after warm-up so far. */
  readonly divergent: number
}

/** One chain or a stretch of it, as plain data (it crosses between threads). */
export interface ChainResult {
  readonly chain: number
  readonly dimension: number
  /** How many kept draws of the chain came before these. */
  readonly first: number
  /** How many draws these are; fewer than asked when interrupted. */
  readonly count: number
  /** [draw, coordinate], row-major. */
  readonly draws: Float64Array
  readonly columns: readonly string[]
  /** [draw, column], row-major: the numbers that describe each draw's last step. */
  readonly statistics: Float64Array
  /** How many of the draws at the front are from warm-up (0 unless `keepWarmup`). */
  readonly warmupCount: number
  readonly tuning: Tuning
  readonly outcome: ChainOutcome
  /** Where to go on from; absent after a failure. */
  readonly state: ChainState | undefined
}

/** Everything that the rest of a chain depends on, beside its key, its sampler and its options. */
export interface ChainState {
  /** Steps taken, warm-up included. */
  readonly step: number
  /** Draws kept. */
  readonly kept: number
  readonly divergent: number
  readonly stream: StreamState
  readonly sampler: SamplerState
}

/** A chain that is run stretch by stretch. */
export interface ChainRun {
  /** Takes up to `steps` more steps; false when the chain has ended. */
  advance(steps: number): boolean
  /** What was drawn since the last call. */
  take(): ChainResult
}

/**
 * Runs chain number `chain` of the run under `key`. It depends on nothing but its arguments, so chains may run in any
 * order and anywhere.
 */
export function runChain(sampler: Sampler, key: Key, chain: number, options: ChainOptions = {}, from?: ChainState): ChainResult {
  const run = openChain(sampler, key, chain, options, from)
  while (run.advance(Number.MAX_SAFE_INTEGER));
  return run.take()
}

/** Starts the chain, or goes on `from` where it was: in stretches or at once, here or there, the draws are the same. */
export function openChain(sampler: Sampler, key: Key, chain: number, options: ChainOptions = {}, from?: ChainState): ChainRun {
  const { warmup = defaults.warmup, draws = defaults.draws, thin = defaults.thin, keepWarmup = false } = options
  const own = fold(fold(key, 'chain'), chain)
  const stream = new Stream(fold(own, 'steps'))
  const total = warmup + draws * thin
  const log = recorder(sampler, (keepWarmup ? Math.ceil(warmup / thin) : 0) + draws, from?.kept ?? 0)
  const watch = watcher(sampler, chain, warmup, total, options, from?.divergent ?? 0)
  let t = from?.step ?? 0
  let outcome: ChainOutcome | undefined
  if (from === undefined) outcome = sampler.begin(warmup, new Stream(fold(own, 'start')))
  else {
    stream.restore(from.stream)
    sampler.resume(from.sampler)
  }

  function step(): ChainFailure | BrokenOff | undefined {
    const warming = t < warmup
    const before = stream.state()
    const failure = sampler.step(warming, stream, options.signal)
    if (failure === brokenOff) {
      stream.restore(before)
      return failure
    }
    const kept = warming ? keepWarmup && t % thin === 0 : (t - warmup + 1) % thin === 0
    if (failure === undefined && kept) log.take(warming)
    watch.look(t)
    t += 1
    return failure
  }

  return {
    advance(steps) {
      for (let k = 0; k < steps && outcome === undefined && t < total; k += 1) {
        const end = options.signal?.aborted === true ? brokenOff : step()
        outcome = end?.kind === 'broken off' ? interrupted(t, warmup) : end
      }
      if (outcome === undefined && t >= total) outcome = { kind: 'finished' }
      return outcome === undefined
    },
    take() {
      const state = { step: t, kept: log.kept(), divergent: watch.divergent(), stream: stream.state(), sampler: sampler.state() }
      return {
        chain,
        ...log.finish(),
        tuning: sampler.tuning(),
        outcome: outcome ?? interrupted(t, warmup),
        state: outcome?.kind === 'failed' ? undefined : state,
      }
    },
  }
}

/** Stretches of one chain that follow each other, at least one, as one. */
export function joined(stretches: readonly ChainResult[]): ChainResult {
  const [earliest, latest] = [must(stretches[0], 'stretch'), must(stretches.at(-1), 'stretch')]
  const gap = stretches.findIndex(
    (s, i) => i > 0 && s.first !== (stretches[i - 1] as ChainResult).first + (stretches[i - 1] as ChainResult).count,
  )
  if (gap >= 0) throw new InternalError('stretches of a chain that do not follow each other')
  const total = (of: 'count' | 'warmupCount'): number => stretches.reduce((sum, s) => sum + s[of], 0)
  return {
    ...latest,
    first: earliest.first,
    count: total('count'),
    draws: concatenated(stretches.map((s) => s.draws)),
    statistics: concatenated(stretches.map((s) => s.statistics)),
    warmupCount: total('warmupCount'),
  }
}

export function concatenated(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function interrupted(steps: number, warmup: number): ChainOutcome {
  const when =
    steps < warmup ? `in warm-up, after ${steps} of ${counted(warmup, 'step')}` : `after ${counted(steps - warmup, 'step')} of sampling`
  return { kind: 'interrupted', sentence: `Interrupted ${when}.` }
}

function recorder(sampler: Sampler, rows: number, before: number) {
  const dimension = sampler.position.length
  const width = sampler.columns.length
  const room = Math.max(0, rows - before)
  const draws = new Float64Array(room * dimension)
  const statistics = new Float64Array(room * width)
  let count = 0
  let warm = 0
  let taken = 0
  let warmTaken = 0
  return {
    kept: () => before + count,
    take(warming: boolean): void {
      draws.set(sampler.position, count * dimension)
      statistics.set(sampler.statistics, count * width)
      count += 1
      if (warming) warm += 1
    },
    /** The rows since the last call. */
    finish() {
      const [from, warmFrom] = [taken, warmTaken]
      taken = count
      warmTaken = warm
      return {
        dimension,
        first: before + from,
        count: count - from,
        draws: draws.slice(from * dimension, count * dimension),
        columns: sampler.columns,
        statistics: statistics.slice(from * width, count * width),
        warmupCount: warm - warmFrom,
      }
    },
  }
}

function watcher(sampler: Sampler, chain: number, warmup: number, steps: number, options: ChainOptions, before: number) {
  const { onProgress, progressEvery = defaults.progressEvery } = options
  const column = sampler.columns.indexOf('divergent__')
  let divergent = before
  return {
    divergent: () => divergent,
    look(t: number): void {
      const warmingUp = t < warmup
      if (!warmingUp && column >= 0) divergent += must(sampler.statistics[column], 'divergent__')
      const due = (t + 1) % progressEvery === 0 || t + 1 === steps
      if (due) onProgress?.({ chain, step: t + 1, steps, warmingUp, divergent })
    },
  }
}
