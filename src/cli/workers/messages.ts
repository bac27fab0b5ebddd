import type { RunSampleOptions, SampledChain } from '../../api/runtime/sample.ts'
import type { ChainsTask } from '../../api/sample.ts'
import type { ChainResult, ChainState } from '../../inference/chain.ts'

/** What a worker is started with. `stop` is one shared number: not 0 asks every chain to end. */
export interface WorkerData extends NonNullable<ChainsTask['elsewhere']> {
  readonly options: RunSampleOptions
  readonly stop: Int32Array
}

/** To a worker: run this chain, from its start or from where it was. */
export interface Order {
  readonly chain: number
  readonly from: ChainState | undefined
}

/** From a worker: what was drawn since the last report, several times a second; at its end all that the chain drew there. */
export type Report = { readonly kind: 'stretch'; readonly stretch: ChainResult } | { readonly kind: 'done'; readonly sampled: SampledChain }
