import type { ChainFailure } from '../chains/outcome.ts'
import type { NoiseSource } from '../density/density.ts'
import type { NutsState } from '../samplers/nuts.ts'
import type { SamplerState } from '../samplers/sampler.ts'
import type { WindowSizes } from './windows.ts'

/** How step size and metric are found while a chain warms up. */
export interface Adaptation {
  /** After a warm-up step: the step size for the next one. */
  learn(acceptance: number, state: NutsState, stream: NoiseSource): number | ChainFailure
  /** The step size to keep. */
  settled(): number
  state(): SamplerState
  resume(state: SamplerState): void
}

export interface AdaptationOptions {
  readonly warmup: number
  readonly targetAcceptance: number
  /** The step size before anything is known; the first dual averaging is centred on ten times it, as in Stan. */
  readonly stepSize: number
  readonly windows?: WindowSizes
}
