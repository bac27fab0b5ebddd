import { setImmediate } from 'node:timers/promises'
import type { ChainsTask } from '../api/sample.ts'
import type { ChainResult, ChainRun } from '../inference/chains/chain.ts'
import type { Stop } from '../inference/samplers/sampler.ts'
import { defaults } from '../middle/options.ts'
import type { KeptDraws } from './kept.ts'

export interface ChainsOptions {
  /** One number; not 0: every chain shall end with what it has. */
  readonly stop: Int32Array
  readonly kept: KeptDraws
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

/** How long a stretch is, in milliseconds: signals are heard and progress is reported between stretches. */
const STRETCH = 100

/**
 * The chains in this thread, one after the other, for so many milliseconds; whether they ended in that time. Interrupted,
 * those are left out that were not begun.
 */
export async function runHere(task: ChainsTask, options: ChainsOptions, milliseconds: number): Promise<boolean> {
  const signal = until(performance.now() + milliseconds, signalOf(options.stop))
  for (const chain of openChains(task, options)) {
    if (stopped(options) && options.kept.last(chain) === undefined) continue
    const run = openHere(task, chain, options, signal)
    for (let going = true; going; await setImmediate()) {
      going = advanceFor(run, STRETCH)
      keep(run.take(), task, options)
    }
    if (signal.aborted && !stopped(options)) return false
  }
  return true
}

/** The first chain in this thread for so long: a step that takes longer is broken off. */
export function beginHere(task: ChainsTask, options: ChainsOptions, milliseconds: number): void {
  const [chain] = openChains(task, options)
  if (chain === undefined) return
  const run = openHere(task, chain, options, until(performance.now() + milliseconds))
  while (run.advance(Number.MAX_SAFE_INTEGER));
  keep(run.take(), task, options)
}

/** The chains that can go on, or are to be begun. */
export function openChains(task: ChainsTask, { kept }: ChainsOptions): readonly number[] {
  return Array.from({ length: task.options.chains ?? defaults.chains }, (_, chain) => chain).filter((chain) => {
    const last = kept.last(chain)
    return last === undefined || last.state !== undefined
  })
}

function openHere({ prepared, options }: ChainsTask, chain: number, { kept }: ChainsOptions, signal: Stop): ChainRun {
  return prepared.open(chain, { ...options, signal }, kept.last(chain)?.state)
}

function keep(stretch: ChainResult, task: ChainsTask, options: ChainsOptions): void {
  options.kept.add(task.prepared.generate(stretch, options.kept.last(stretch.chain)?.sums))
  tell(stretch.chain, task, options)
}

export function signalOf(stop: Int32Array): Stop {
  return {
    get aborted() {
      return Atomics.load(stop, 0) !== 0
    },
  }
}

/** So many looks are taken at a clock that costs as much as the smallest densities. */
const LOOKS = 8

/** Says stop from a point in time on, and where the other does. */
function until(end: number, other?: Stop): Stop {
  let looks = 0
  let over = false
  return {
    get aborted() {
      looks += 1
      if (!over && (looks % LOOKS === 0 || looks < LOOKS)) over = performance.now() >= end
      return over || other?.aborted === true
    },
  }
}

export function stopped({ stop }: Pick<ChainsOptions, 'stop'>): boolean {
  return Atomics.load(stop, 0) !== 0
}

/** Takes a chain's steps until the time is over; whether it goes on. The clock costs less than any step. */
export function advanceFor(run: ChainRun, milliseconds: number): boolean {
  const end = performance.now() + milliseconds
  while (run.advance(1)) if (performance.now() >= end) return true
  return false
}

export function tell(chain: number, task: ChainsTask, { kept, onProgress }: ChainsOptions): void {
  const state = kept.last(chain)?.state
  if (state !== undefined) onProgress?.({ chain, step: state.step, warmingUp: state.step < warmupOf(task), divergent: state.divergent })
}

/** How many steps a chain takes. */
export function stepsInAll(task: ChainsTask): number {
  const { draws = defaults.draws, thin = defaults.thin } = task.options
  return warmupOf(task) + draws * thin
}

/** Independent draws need none. */
function warmupOf({ prepared, options }: ChainsTask): number {
  return prepared.sampler === 'exact' ? 0 : (options.warmup ?? defaults.warmup)
}
