import { availableParallelism } from 'node:os'
import { type Busy, plainly } from '../api/busy.ts'
import type { ChainsTask, RunChains } from '../api/sample.ts'
import { defaults } from '../middle/options.ts'
import { beginHere, type ChainsOptions, openChains, runHere, stepsInAll } from './here.ts'
import { type KeptDraws, keeping } from './kept.ts'
import { type PoolOptions, runInPool } from './pool.ts'

export interface WorkersOptions extends Omit<ChainsOptions, 'kept'>, Pick<PoolOptions, 'restarts' | 'onRestart'> {
  /** How many threads. Left out: as many as there are chains and processors, if that pays. */
  readonly workers?: number | undefined
  /** The worker's code. */
  readonly entry?: URL
  /** Runs what this thread does at a stretch. */
  readonly busy?: Busy
  /** Called when this thread begins to listen to signals, with what the chains will have drawn. */
  readonly onListening?: (kept: KeptDraws) => void
}

/** Starting a worker thread and compiling its kernels takes about as long, in milliseconds. */
const START = 150
/** How long this thread samples by itself to learn how long all chains would take, in milliseconds. */
const TRIAL = 50
/** No longer than this, in milliseconds, the chains run in this thread, since meanwhile it hears signals only now and then. */
const HERE = 600

const built = new URL('./worker.js', import.meta.url)

/**
 * Runs chains in worker threads, so that this one hears signals whatever they do. A chain's random numbers are its own and
 * its state can be handed over, so the draws do not depend on where it runs. The first chain begins in this thread; where at
 * the speed seen all will soon be done, and workers would not save more time than their start takes, it stays here.
 */
export function runChainsIn(options: WorkersOptions): RunChains {
  const { workers, entry = built, busy = plainly } = options
  return async (task) => {
    const kept = keeping(task.options.resume)
    const all = { ...options, entry, kept }
    const most = Math.min(workers ?? availableParallelism(), task.options.chains ?? defaults.chains)
    const left = workers !== undefined && workers > 1 ? Number.POSITIVE_INFINITY : busy(() => trial(task, all))
    options.onListening?.(kept)
    const soon = left < HERE / 2 && left * (1 - 1 / most) < START
    if (!(soon && (await runHere(task, all, HERE)))) await runInPool(task, { ...all, workers: most })
    return kept.all()
  }
}

/** Samples the first chain for a while; about how long all would take one thread from there, in milliseconds. */
function trial(task: ChainsTask, options: ChainsOptions): number {
  const before = stepsLeft(task, options)
  const started = performance.now()
  beginHere(task, options, TRIAL)
  const left = stepsLeft(task, options)
  return ((performance.now() - started) / Math.max(1, before - left)) * left
}

function stepsLeft(task: ChainsTask, options: ChainsOptions): number {
  return openChains(task, options).reduce((sum, chain) => sum + stepsInAll(task) - (options.kept.last(chain)?.state?.step ?? 0), 0)
}
