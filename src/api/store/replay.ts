import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import { type Fading, fadingProgram } from '../../compile/posterior/fading.ts'
import { eachWritten, stillThere } from '../../memory/store/patterns.ts'
import type { JournalEntry, Shelf } from '../../memory/store/shelf.ts'
import type { WritingProgram } from '../../middle/program.ts'
import type { WritingSession } from '../../run/writing-session.ts'
import type { Loaded } from '../load.ts'
import { takenInPart } from './in-part.ts'
import { bindPatterns, sessionFor } from './prepare.ts'
import type { StoreRules } from './rules.ts'

/**
 * The parameters of posteriors as if some patterns had never been written: from the priors on, all others and every fading again, in the
 * order of the journal, with the values that were written. `without`: their numbers.
 */
export function replayed(
  loaded: Loaded,
  rules: StoreRules,
  shelf: Shelf,
  given: GivenByRole,
  without: ReadonlySet<number>,
): Checked<ReadonlyMap<string, Float64Array>> {
  const entries = Array.from(shelf.journal(), ({ action, by, first, count }): ReplayEntry => ({ action, by, first, count }))
  if (entries.some((e) => e.action === 'forget' && e.first === undefined && e.count > 0)) return unmade([notKept()])
  const parameters = loaded.energy.posteriors.flatMap((p) => p.parameters)
  let numbers: ReadonlyMap<string, Float64Array> = new Map()
  const keep = (session: WritingSession): void => {
    numbers = new Map(parameters.map((name) => [name, must(session.numbers().get(name), name).slice()]))
    session.dispose()
  }
  const open = (program: WritingProgram): Checked<WritingSession> => {
    const bound = bindPatterns(loaded, shelf, { ...program, states: [] }, { ...given, observed: [] })
    if (!bound.ok) return unmade(bound.diagnostics)
    const opened = sessionFor(loaded, rules, shelf, program, bound.value, false, { parameters, numbers })
    return opened.ok ? checked(opened.value.session, []) : unmade(opened.diagnostics)
  }
  for (const entry of entries) {
    const done = entry.by === undefined ? patternsOf(entry) : faded(entry, entry.by)
    if (done.length > 0) return unmade(done)
  }
  return checked(numbers, [])

  function patternsOf({ action, first, count }: ReplayEntry): readonly Diagnostic[] {
    if ((action !== 'write' && action !== 'begin') || first === undefined) return []
    const ranges = stillThere(shelf, { first, count }).filter((r) => !without.has(r.first))
    const opened = rules.forget.ok ? open(rules.forget.value) : unmade(rules.forget.diagnostics)
    if (!opened.ok) return opened.diagnostics
    const troubles: Diagnostic[] = []
    eachWritten(shelf, ranges, (_, values) => {
      // What is added is what would be taken out, the other way round.
      const trouble = troubles.length > 0 ? undefined : takenInPart(opened.value, parameters, -1, (name) => must(values[name], name))
      if (trouble !== undefined) troubles.push(trouble)
    })
    keep(opened.value)
    return troubles
  }

  function faded({ action }: ReplayEntry, by: number): readonly Diagnostic[] {
    const program = fadingProgram(loaded.energy, action as Fading)
    if ('stays' in program) return []
    const opened = open(program)
    if (!opened.ok) return opened.diagnostics
    const trouble = opened.value.step(() => Float64Array.of(by))
    keep(opened.value)
    return trouble === undefined ? [] : [trouble]
  }
}

type ReplayEntry = Pick<JournalEntry, 'action' | 'count'> & { readonly by: number | undefined; readonly first: number | undefined }

function notKept(): Diagnostic {
  return diagnostic(
    'AMP810',
    'Patterns that were shown were taken out of the posteriors, and the journal does not have them to go through it again.',
    {
      hint: 'amp undo takes changes back, the last one first.',
    },
  )
}
