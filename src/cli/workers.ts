import { availableParallelism } from 'node:os'
import type { ChainsTask, RunChains } from '../api/sample.ts'
import { type ChainsOptions, runHere, stepsInAll, stretchOf } from './workers/here.ts'
import { runInPool } from './workers/pool.ts'

export interface WorkersOptions extends ChainsOptions {
  /** How many threads; 1 is this one. Left out: as many as there are chains and processors, if that pays. */
  readonly workers?: number | undefined
  /** The worker's code. */
  readonly entry?: URL
}

/** Starting a worker thread and compiling its kernels takes about as long, in milliseconds. */
const START = 150
/** How long this thread samples by itself to learn how long all chains would take, in milliseconds. */
const TRIAL = 50

const built = new URL('./worker.js', import.meta.url)

/**
 * Runs chains in worker threads. A chain's random numbers are its own and its state can be handed over, so the draws
 * do not depend on where it runs. Unless a number of workers is asked for, the first chain begins in this thread; where
 * at the speed seen the workers would save more time than their start takes, they take over, else all stays here.
 */
export function runChainsIn(options: WorkersOptions): RunChains {
  const { workers, entry = built } = options
  return async (task) => {
    if (task.elsewhere === undefined || workers === 1) return runHere(task, options)
    const chains = task.options.chains ?? 4
    if (workers !== undefined) return runInPool(task, { ...options, entry, workers: Math.min(workers, chains) })
    const most = Math.min(availableParallelism(), chains)
    if (most === 1) return runHere(task, options)
    const { rest, milliseconds } = trial(task, options)
    const saved = milliseconds * (1 - 1 / most)
    return saved < START ? runHere(rest, options) : runInPool(rest, { ...options, entry, workers: most })
  }
}

/** Samples the first chain for a while: what is left to do, and about how long it will take one thread. */
function trial(task: ChainsTask, options: ChainsOptions): { readonly rest: ChainsTask; readonly milliseconds: number } {
  const started = performance.now()
  const first = stretchOf(task, 0, options, TRIAL)
  const { chains = 4, resume = [] } = task.options
  const rest: ChainsTask = { ...task, options: { ...task.options, resume: [first, ...resume.slice(1)] } }
  const taken = stepsBefore(rest, 0) - stepsBefore(task, 0)
  let left = 0
  for (let chain = 0; chain < chains; chain += 1) left += Math.max(0, stepsInAll(task) - stepsBefore(rest, chain))
  return { rest, milliseconds: ((performance.now() - started) / Math.max(1, taken)) * left }
}

function stepsBefore({ options }: ChainsTask, chain: number): number {
  return options.resume?.[chain]?.state?.step ?? 0
}
