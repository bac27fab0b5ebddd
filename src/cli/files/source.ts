import type { Checked } from '../../base/diagnostic.ts'
import { made, unmade } from '../../base/diagnostic.ts'
import type { SourceFile } from '../../base/source.ts'
import { readBytes } from './bytes.ts'
import { textOf } from './text.ts'

/** An `.amp` file; `-` is standard input. */
export function readSource(path: string): Checked<SourceFile> {
  const bytes = readBytes(path)
  if (bytes.value === undefined) return unmade(bytes.diagnostics)
  const name = path === '-' ? 'standard input' : path
  const text = textOf(bytes.value, name)
  return text.value === undefined ? unmade(text.diagnostics) : made({ name, text: text.value })
}
