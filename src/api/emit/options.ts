import type { OptionsOf } from '../../middle/options.ts'

export type Reading = 'retrieve' | 'sample'

/** With `prior` the module exports `prior` besides `sample`. */
export interface EmitOptions extends OptionsOf<'sample', 'compiled'>, OptionsOf<'retrieve', 'compiled'> {
  readonly target?: ModuleTarget
  /** States that will be observed whole. */
  readonly observed?: ReadonlySet<string>
}

/** What an emitted module computes with. */
export type ModuleTarget = 'kernel' | 'tfjs'
