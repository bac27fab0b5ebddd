import type { DiagnosticCode } from '../../base/codes.ts'
import type { Diagnostic, DiagnosticDetails } from '../../base/diagnostic.ts'
import { diagnostic } from '../../base/diagnostic.ts'

/** What the checker has to say so far. */
export interface Report {
  readonly found: Diagnostic[]
  readonly seen: Set<string>
}

export function newReport(): Report {
  return { found: [], seen: new Set() }
}

/** Adds a diagnostic, once: a def's body is checked for every kind of call, but its mistakes are said a single time. */
export function tell(report: Report, code: DiagnosticCode, message: string, details: DiagnosticDetails = {}): undefined {
  const key = keyOf(code, message, details)
  if (report.seen.has(key)) return undefined
  report.seen.add(key)
  report.found.push(diagnostic(code, message, details))
  return undefined
}

function keyOf(code: DiagnosticCode, message: string, { span }: DiagnosticDetails): string {
  return `${code} ${span?.start} ${span?.end} ${message}`
}

/** Forgets what was said since `found` had that length: it came from a trial that is done again, knowing more. */
export function takeBack(report: Report, length: number): void {
  for (const d of report.found.splice(length)) report.seen.delete(keyOf(d.code, d.message, d))
}

/** In the order of the text. */
export function inOrder(found: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...found].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0) || (a.span?.end ?? 0) - (b.span?.end ?? 0))
}
