import type { FlaggedOptions } from '../middle/options.ts'
import type { ValueOptions } from './values.ts'

export interface SampleCommandOptions extends ValueOptions, FlaggedOptions<'sample'> {
  readonly init: readonly string[]
  readonly workers?: number
  readonly resume?: string
  readonly json?: boolean
  /** Seconds. */
  readonly checkpoint: number
  readonly quiet?: boolean
  readonly all?: boolean
  readonly out?: string
  /** The options that were written out: the others hold their defaults. */
  readonly explicit: ReadonlySet<string>
}
