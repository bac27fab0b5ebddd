import type { DiagnosticCode } from '../base/codes.ts'
import type { Checked, Diagnostic } from '../base/diagnostic.ts'
import { hasErrors, unmade } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source.ts'
import type { Model } from '../middle/model.ts'
import { check } from './check.ts'
import { parse } from './parse.ts'

/**
 * Text to checked model. A text of which some lines do not read is checked as far as it was read, so that all mistakes
 * come in one run; what may only be missing because of those lines is not held against the rest: a name that stands in
 * them may be declared there.
 */
export function analyse(source: SourceFile): Checked<Model> {
  const parsed = parse(source)
  const checked = check(parsed.program, source)
  if (!hasErrors(parsed.diagnostics)) return { ...checked, diagnostics: [...parsed.diagnostics, ...checked.diagnostics] }
  const isCertain = ({ code, span }: Diagnostic): boolean =>
    namesWhatIsMissing.has(code)
      ? span !== undefined && !parsed.unread.has(source.text.slice(span.start, span.end))
      : !followsFromGaps.has(code)
  const certain = checked.diagnostics.filter(isCertain)
  return unmade([...parsed.diagnostics, ...certain].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0)))
}

/** Their place is that of the name that is not there. */
const namesWhatIsMissing: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>(['AMP201', 'AMP202', 'AMP204', 'AMP303'])

/** What a line that did not read may be the cause of: something it would have declared, or used, is missing. */
const followsFromGaps: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  'AMP219',
  'AMP224',
  'AMP225',
  'AMP226',
  'AMP227',
  'AMP316',
  'AMP317',
])
