import type { OptionsOf, ReadingName } from '../../middle/options.ts'
import type { EnergyParts } from '../../run/energy.ts'
import type { RetrievalParts } from '../../run/retrieval.ts'
import type { SamplingParts } from '../../run/sampling.ts'

/** Readings that can be compiled to modules: all but fits. */
export type Reading = Exclude<ReadingName, 'fit' | 'learn' | 'simulate' | 'evidence' | 'sweep'>

/** What a reading is made of. */
export type ModuleParts = RetrievalParts | SamplingParts | EnergyParts

/** With `prior` the module exports `prior` besides `sample`. */
export interface EmitOptions extends OptionsOf<'sample', 'compiled'>, OptionsOf<'retrieve', 'compiled'> {
  readonly target?: ModuleTarget
  /** What a module that samples draws by where no option says it; one for `tempering` carries what that needs, which others do not. */
  readonly sampler?: NonNullable<OptionsOf<'sample'>['sampler']>
  /** States that will be observed whole. */
  readonly observed?: ReadonlySet<string>
}

/** What an emitted module computes with. */
export type ModuleTarget = 'kernel' | 'tfjs'
