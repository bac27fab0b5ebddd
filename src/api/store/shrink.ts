import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../../base/diagnostic.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import type { PatternRange } from '../../memory/store/document.ts'
import { eachWritten, type Forgotten } from '../../memory/store/patterns.ts'
import { type GrowWork, openGrowth } from './grow.ts'
import { storedElements } from './grown.ts'
import { bindPatterns } from './prepare.ts'

/** A memory over an axis that grows without some patterns: each is taken back from the element that took it. Others stay where they are. */
export function withoutPatterns(
  work: GrowWork,
  given: GivenByRole,
  ranges: readonly PatternRange[],
): Checked<Pick<Forgotten, 'numbers' | 'lengths'>> {
  const { loaded, program, shelf } = work
  const bound = bindPatterns(loaded, shelf, { ...program, states: [], memories: [], growing: {} }, { ...given, observed: [] })
  if (!bound.ok) return unmade(bound.diagnostics)
  const opened = openGrowth(work, bound.value, 'map')
  if (!opened.ok) return unmade(opened.diagnostics)
  const { growing, prior } = opened.value
  const lost: number[] = []
  // The last first, as undoing would.
  eachWritten(shelf, [...ranges].reverse(), (number, values) => {
    for (const { name } of program.states) growing.state(name)?.set(values[name] ?? [])
    if (!growing.back(values[program.picker]?.[0] ?? 0)) lost.push(number)
  })
  const left = storedElements(program, growing.elements(), prior)
  growing.dispose()
  const [first] = lost
  return first === undefined ? checked(left, [...bound.diagnostics, ...opened.diagnostics]) : unmade([elsewhere(program.axis, first)])
}

function elsewhere(axis: string, pattern: number): Diagnostic {
  return diagnostic(
    'AMP810',
    `Pattern ${pattern} was shared out among elements of "${axis}", or its element was merged with another since.`,
    {
      hint: 'Take back the last change: amp undo.',
    },
  )
}
