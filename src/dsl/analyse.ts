import type { Checked } from '../base/diagnostic.ts'
import { hasErrors, unmade } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source.ts'
import type { Model } from '../middle/model.ts'
import { check } from './check.ts'
import { parse } from './parse.ts'

/** Text to checked model. Statements that read are checked beside those that do not, so that all mistakes come in one run. */
export function analyse(source: SourceFile): Checked<Model> {
  const parsed = parse(source)
  const checked = check(parsed.program, source)
  const diagnostics = [...parsed.diagnostics, ...checked.diagnostics].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0))
  return hasErrors(parsed.diagnostics) ? unmade(diagnostics) : { ...checked, diagnostics }
}
