import type { Checked } from '../base/diagnostic.ts'
import { checked } from '../base/diagnostic.ts'
import { readings } from '../compile/readings.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import type { Law } from '../verify/law.ts'
import { laws, type Untested, untested } from '../verify/laws/all.ts'
import { type LawResult, type RunOptions, runLaw } from '../verify/run.ts'
import { showCase } from '../verify/show-case.ts'
import { openSubject, type SubjectOptions } from '../verify/subject.ts'
import { forbiddenCode } from './backend.ts'
import { type Busy, plainly } from './busy.ts'
import type { Loaded } from './load.ts'

export interface VerifyOptions extends Partial<RunOptions>, SubjectOptions {
  /** Which laws, by their numbers in the charter; all that can be tested. */
  readonly laws?: readonly number[]
  /** How the work is run; as it is. */
  readonly busy?: Busy
}

export interface Verification {
  readonly laws: readonly (LawResult & { readonly shown?: readonly string[] })[]
  /** A reading that the model does not have, and why. */
  readonly missing: readonly { readonly reading: 'retrieval' | 'sampling'; readonly why: string }[]
  readonly notes: readonly string[]
  /** Laws of the charter that no model is tested for, and why. */
  readonly untested: readonly Untested[]
  /** Statements of the model that neither reading has a use for, so that no law is about them. */
  readonly unused: readonly Unused[]
}

/** Tests the laws of the two readings on random cases of a model; what fails comes with a minimal counterexample. */
export async function verify(loaded: Loaded, options: VerifyOptions = {}): Promise<Checked<Verification>> {
  const subject = await openSubject(loaded, options)
  const wanted = (law: Law): boolean => options.laws?.includes(law.number) ?? true
  const { busy = plainly, runs = 30, seed = 1 } = options
  const results = laws.filter(wanted).map((law) => {
    const result = busy(() => runLaw(law, subject, { runs, seed }))
    return result.counterexample === undefined ? result : { ...result, shown: showCase(loaded.energy, result.counterexample.example) }
  })
  const missing = (['retrieval', 'sampling'] as const).flatMap((reading) => {
    const there = subject[reading]
    return 'why' in there ? [{ reading, why: there.why }] : []
  })
  const observed = [...subject.situation.observed]
  const notes = observed.length === 0 ? [] : [`Observed in every case, since they cannot move: ${observed.join(', ')}.`]
  return checked(
    {
      laws: results,
      missing,
      notes,
      untested: untested.filter((l) => options.laws?.includes(l.number) ?? true),
      // Learning has no laws here.
      unused: unusedBy(
        Object.entries(readings).flatMap(([name, reading]) => (name === 'learn' ? [] : [reading])),
        loaded.model,
      ),
    },
    forbiddenCode(),
  )
}
