import { Worker } from 'node:worker_threads'
import type { SampledChain } from '../../api/runtime/sample.ts'
import type { ChainsTask } from '../../api/sample.ts'
import { must } from '../../base/internal-error.ts'
import { type ChainResult, joined } from '../../inference/chain.ts'
import { after, type ChainsOptions, openHere, stopped, tell } from './here.ts'
import type { Order, Report, WorkerData } from './messages.ts'

export interface PoolOptions extends ChainsOptions {
  readonly workers: number
  readonly entry: URL
}

/**
 * Every worker takes the next chain that is waiting. One that dies loses the chain it was at from its last report on;
 * another takes its place. Interrupted, chains that were not begun are left out.
 */
export async function runInPool(task: ChainsTask, options: PoolOptions): Promise<readonly SampledChain[]> {
  const count = task.options.chains ?? 4
  const results: (SampledChain | undefined)[] = Array.from({ length: count }, (_, chain) => task.options.resume?.[chain])
  const waiting = results.flatMap((earlier, chain) => (earlier !== undefined && earlier.state === undefined ? [] : [chain]))

  async function thread(): Promise<void> {
    let worker: Worker | undefined
    for (let chain = waiting.shift(); chain !== undefined && !stopped(options); chain = waiting.shift()) {
      worker ??= new Worker(options.entry, { workerData: dataOf(task, options) })
      const { sampled, alive } = await order(worker, chain, task, options)
      results[chain] = after(task.options.resume?.[chain], sampled)
      if (!alive) worker = undefined
    }
    await worker?.terminate()
  }

  await Promise.all(Array.from({ length: Math.min(options.workers, waiting.length) }, thread))
  return results.filter((r) => r !== undefined)
}

function dataOf({ elsewhere, options }: ChainsTask, { stop }: PoolOptions): WorkerData {
  const { signal, onProgress, resume, ...plain } = options
  return { ...must(elsewhere, 'plain data of the task'), options: plain, stop }
}

interface Ran {
  readonly sampled: SampledChain
  readonly alive: boolean
}

function order(worker: Worker, chain: number, task: ChainsTask, options: PoolOptions): Promise<Ran> {
  const stretches: ChainResult[] = []
  return new Promise((resolve) => {
    const end = (ran: Ran): void => {
      worker.off('message', hear).off('error', fall).off('exit', leave)
      resolve(ran)
    }
    const die = (why: string): void => end({ sampled: lost(stretches, why, chain, task, options), alive: false })
    const fall = (error: Error): void => die(error.message)
    const leave = (code: number): void => die(`it ended with code ${code}`)
    const hear = (report: Report): void => {
      if (report.kind === 'done') end({ sampled: report.sampled, alive: true })
      else {
        stretches.push(report.stretch)
        tell(report.stretch, task, options)
      }
    }
    worker.on('message', hear).on('error', fall).on('exit', leave)
    worker.postMessage({ chain, from: task.options.resume?.[chain]?.state } satisfies Order)
  })
}

/** What a dead worker had sent of its chain, from where it can go on. */
function lost(stretches: readonly ChainResult[], why: string, chain: number, task: ChainsTask, options: ChainsOptions): SampledChain {
  const sent = stretches.length > 0 ? joined(stretches) : openHere(task, chain, options).take()
  const sentence = `Its worker thread died after ${sent.state?.step ?? 0} steps (${why}); what it drew later is lost.`
  return { ...task.prepared.generate(sent), outcome: { kind: 'failed', sentence } }
}
