import { Worker } from 'node:worker_threads'
import type { ChainsTask } from '../api/sample.ts'
import type { SampledChain } from '../run/sampling.ts'
import { type ChainsOptions, openChains, stopped, tell } from './here.ts'
import type { Order, StretchReport, WorkerData } from './messages.ts'

export interface PoolOptions extends ChainsOptions {
  readonly workers: number
  readonly entry: URL
  /** How often a chain whose worker dies goes on in another one, from its last report; 3. */
  readonly restarts?: number | undefined
  /** Called when a worker died and its chain goes on in another one. */
  readonly onRestart?: ((chain: number, why: string) => void) | undefined
}

/** Interrupted, a worker that does not answer for so long is ended, in milliseconds: it is in the middle of one evaluation. */
const GRACE = 400

/**
 * Every worker takes the next chain that is waiting. All that workers report is kept; where one dies, its chain goes on in
 * another one from its last report, to the same draws. Interrupted, chains that were not begun are left out.
 */
export async function runInPool(task: ChainsTask, options: PoolOptions): Promise<void> {
  const waiting = [...openChains(task, options)]
  const { restarts = 3 } = options

  async function thread(): Promise<void> {
    let worker: Worker | undefined
    for (let chain = waiting.shift(); chain !== undefined && !stopped(options); chain = waiting.shift()) {
      for (let deaths = 0; ; deaths += 1) {
        worker ??= new Worker(options.entry, { workerData: dataOf(task, options) })
        const why = await order(worker, chain, task, options)
        if (why === undefined) break
        worker = undefined
        if (stopped(options)) break
        if (deaths === restarts) {
          options.kept.add(lost(chain, why, task, options))
          break
        }
        options.onRestart?.(chain, why)
      }
    }
    await worker?.terminate()
  }

  await Promise.all(Array.from({ length: Math.min(options.workers, waiting.length) }, thread))
}

function dataOf({ elsewhere, options }: ChainsTask, { stop }: PoolOptions): WorkerData {
  const { signal, onProgress, resume, ...plain } = options
  return { ...elsewhere, options: plain, stop }
}

/** Has the chain run to its end; why it did not come there, if it did not. */
function order(worker: Worker, chain: number, task: ChainsTask, options: PoolOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const watch = whenStopped(options, () => {
      // What cannot be ended is at least not waited for.
      worker.unref()
      void worker.terminate()
      end('it was interrupted')
    })
    const end = (why: string | undefined): void => {
      watch.end()
      worker.off('message', hear).off('error', fall).off('exit', leave)
      resolve(why)
    }
    const fall = (error: Error): void => {
      void worker.terminate()
      end(error.message)
    }
    const leave = (code: number): void => end(`it ended with code ${code}`)
    const hear = ({ stretch, ended }: StretchReport): void => {
      options.kept.add(stretch)
      tell(chain, task, options)
      if (ended) end(undefined)
    }
    worker.on('message', hear).on('error', fall).on('exit', leave)
    const last = options.kept.last(chain)
    worker.postMessage({ chain, after: last && { state: last.state, sums: last.sums } } satisfies Order)
  })
}

/** Calls back when the run has been interrupted for as long as a worker may take to notice. */
function whenStopped(options: PoolOptions, impatient: () => void): { end(): void } {
  let since: number | undefined
  const timer = setInterval(() => {
    if (!stopped(options)) return
    since ??= performance.now()
    if (performance.now() - since >= GRACE) impatient()
  }, 50)
  return { end: () => clearInterval(timer) }
}

/** The end of a chain whose workers died, from where it can go on. */
function lost(chain: number, why: string, { prepared }: ChainsTask, { kept }: ChainsOptions): SampledChain {
  const last = kept.last(chain)
  const sentence = `Its worker thread died after ${last?.state?.step ?? 0} steps (${why}); its draws so far are kept.`
  const outcome = { kind: 'failed', sentence } as const
  const nothing = new Float64Array(0)
  if (last !== undefined) return { ...last, outcome, draws: { ...last.draws, count: 0, values: nothing, statistics: nothing } }
  const none = { chain, dimension: 0, first: 0, count: 0, draws: nothing, columns: [], statistics: nothing, warmupCount: 0 }
  return prepared.generate({ ...none, tuning: {}, outcome, state: undefined })
}
