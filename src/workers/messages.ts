import type { Preparation } from '../api/sample.ts'
import type { RunSampleOptions, SampledChain } from '../run/sampling.ts'

/** What a worker is started with. `stop` is one shared number: not 0 asks every chain to end. */
export interface WorkerData extends Preparation {
  readonly options: RunSampleOptions
  readonly stop: Int32Array
}

/** To a worker: run this chain, from its start or from where it was. */
export interface Order {
  readonly chain: number
  readonly after: Pick<SampledChain, 'state' | 'sums'> | undefined
}

/** From a worker: what was drawn since the last report, several times a second, and whether the chain ended with it. */
export interface StretchReport {
  readonly stretch: SampledChain
  readonly ended: boolean
}
