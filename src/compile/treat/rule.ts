import type { Checked } from '../../base/diagnostic.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import type { ReadingName } from '../../middle/options.ts'
import type { Situation } from '../../middle/situation.ts'

/** What is known of one kind of treatment: a row of `table.ts`. */
export interface TreatmentRule {
  /** The variables that it may be of, in words, for who named another. */
  readonly of: string
  /** What such a variable is called: `discrete state`. */
  readonly noun: string
  takes(variable: EnergyVariable): boolean
  /** Whether params and memories with a prior may be named, which then need no value. */
  readonly eliminates: boolean
  /** What was done to a variable: `x is summed out`. */
  readonly done: string
  /** Readings for which it has no meaning, each with the reason, as the end of a sentence. */
  readonly refusedBy: { readonly [R in ReadingName]?: string }
  readonly pass: TreatmentPass
}

/**
 * The energy with these variables treated, which are of the right kind, move, and were asked for one after the other. What cannot be
 * done is a diagnostic that names the variable.
 */
export type TreatmentPass = (energy: Energy, names: readonly string[], situation: Situation) => Checked<Energy>
