import type { SourceFile } from '../base/source.ts'
import type { Analysis } from './analysis.ts'
import { check } from './check.ts'
import { parse } from './parse.ts'

/** Text to checked model. Statements that read are checked beside those that do not, so that all mistakes come in one run. */
export function analyse(source: SourceFile): Analysis {
  const { program, diagnostics } = parse(source)
  return check(program, source, diagnostics)
}
