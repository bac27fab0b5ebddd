import type { Diagnostic } from '../base/diagnostic.ts'
import type { Bound } from '../bind/bound.ts'
import { cuesOfGone, type Gone } from './cues-of-gone.ts'

/** What is given in vain, since the variables that it is for are gone from the energy of a program. */
export function unusedCues(bound: Bound, program: Gone): readonly Diagnostic[] {
  return program.responsibilities.length + program.eliminated.length === 0 ? [] : cuesOfGone(bound, program)
}
