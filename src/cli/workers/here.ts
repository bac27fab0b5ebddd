import { setImmediate } from 'node:timers/promises'
import { followed } from '../../api/runtime/resume.ts'
import type { SampledChain } from '../../api/runtime/sample.ts'
import type { ChainsTask } from '../../api/sample.ts'
import { type ChainResult, type ChainRun, joined } from '../../inference/chain.ts'

export interface ChainsOptions {
  /** One number; not 0: every chain shall end with what it has. */
  readonly stop: Int32Array
  /** Called a few times a second for each chain. */
  readonly onProgress?: ((progress: ChainProgress) => void) | undefined
}

export interface ChainProgress {
  readonly chain: number
  /** Steps taken, warm-up included. */
  readonly step: number
  readonly warmingUp: boolean
  /** Divergent steps after warm-up. */
  readonly divergent: number
}

/** How long a stretch is, in milliseconds: interrupts are heard and progress is told between stretches. */
const STRETCH = 100

/** All chains in this thread, one after the other. Interrupted, it returns the chains that were begun. */
export async function runHere(task: ChainsTask, options: ChainsOptions): Promise<readonly SampledChain[]> {
  const chains: SampledChain[] = []
  for (let chain = 0; chain < (task.options.chains ?? 4); chain += 1) {
    const earlier = task.options.resume?.[chain]
    if (chain > 0 && earlier === undefined && stopped(options)) break
    if (earlier !== undefined && earlier.state === undefined) chains.push(earlier)
    else {
      const run = openHere(task, chain, options)
      const stretches: ChainResult[] = []
      for (let going = true; going; await setImmediate()) {
        going = advanceFor(run, STRETCH)
        stretches.push(run.take())
        tell(stretches.at(-1), task, options)
      }
      chains.push(after(earlier, task.prepared.generate(joined(stretches))))
    }
  }
  return chains
}

/** A first stretch of a chain in this thread, after what there was of it. */
export function stretchOf(task: ChainsTask, chain: number, options: ChainsOptions, milliseconds: number): SampledChain {
  const earlier = task.options.resume?.[chain]
  if (earlier !== undefined && earlier.state === undefined) return earlier
  const run = openHere(task, chain, options)
  advanceFor(run, milliseconds)
  return after(earlier, task.prepared.generate(run.take()))
}

export function after(earlier: SampledChain | undefined, later: SampledChain): SampledChain {
  return earlier === undefined ? later : followed(earlier, later)
}

export function openHere({ prepared, options }: ChainsTask, chain: number, { stop }: ChainsOptions): ChainRun {
  return prepared.open(chain, { ...options, signal: signalOf(stop) }, options.resume?.[chain]?.state)
}

export function signalOf(stop: Int32Array): { readonly aborted: boolean } {
  return {
    get aborted() {
      return Atomics.load(stop, 0) !== 0
    },
  }
}

export function stopped({ stop }: ChainsOptions): boolean {
  return Atomics.load(stop, 0) !== 0
}

/** Takes a chain's steps until the time is over; whether it goes on. The clock costs less than any step. */
export function advanceFor(run: ChainRun, milliseconds: number): boolean {
  const end = performance.now() + milliseconds
  while (run.advance(1)) if (performance.now() >= end) return true
  return false
}

export function tell(stretch: ChainResult | undefined, task: ChainsTask, { onProgress }: ChainsOptions): void {
  if (stretch?.state === undefined) return
  const { step, divergent } = stretch.state
  onProgress?.({ chain: stretch.chain, step, warmingUp: step < warmupOf(task), divergent })
}

/** How many steps a chain takes. */
export function stepsInAll(task: ChainsTask): number {
  const { draws = 1000, thin = 1 } = task.options
  return warmupOf(task) + draws * thin
}

/** Independent draws need none. */
function warmupOf({ prepared, options }: ChainsTask): number {
  return prepared.sampler === 'exact' ? 0 : (options.warmup ?? 1000)
}
