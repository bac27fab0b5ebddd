import type { LearnProgram } from '../middle/learn-program.ts'
import type { OptionsOf } from '../middle/options.ts'
import type { SamplingState } from '../middle/program.ts'
import type { Presets } from './complete.ts'
import type { StartParts } from './start.ts'

/** What learning runs, with all that gives it values. */
export interface LearnParts extends Omit<Presets, 'startDraws'>, StartParts {
  readonly learn: LearnProgram
  readonly program: { readonly states: readonly SamplingState[]; readonly discrete: readonly [] }
}

export type RunLearnOptions = OptionsOf<'learn', 'run'>
