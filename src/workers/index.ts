import type { RunChains } from '../api/sample.ts'
import { stepsInAll } from './here.ts'
import { runChainsIn } from './run-chains.ts'

export interface InWorkers {
  /** How many threads. Left out: as many as there are chains and processors, if that pays. */
  readonly workers?: number
}

/** How often the option `signal` of a run is looked at, in milliseconds. */
const LOOK = 50

/**
 * For the option `runChains` of `sample`: the chains in worker threads of Node, to the same draws. The options `signal` and
 * `onProgress` of the run mean what they mean in one thread; progress comes a few times a second.
 */
export function inWorkers({ workers }: InWorkers = {}): RunChains {
  return async (task) => {
    const { signal, onProgress } = task.options
    const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const look = (): void => {
      if (signal?.aborted === true) Atomics.store(stop, 0, 1)
    }
    look()
    const timer = signal === undefined ? undefined : setInterval(look, LOOK)
    const steps = stepsInAll(task)
    try {
      return await runChainsIn({ workers, stop, onProgress: onProgress && ((p) => onProgress({ ...p, steps })) })(task)
    } finally {
      clearInterval(timer)
    }
  }
}
