import type { Diagnostic } from '../base/diagnostic.ts'
import { hasErrors } from '../base/diagnostic.ts'
import { render } from '../base/render.ts'
import type { SourceFile } from '../base/source.ts'

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Where the result itself takes standard output. */
export function printAside(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Diagnostics go to standard error, rendered at their places; returns the exit code they call for. */
export function report(diagnostics: readonly Diagnostic[], source: SourceFile): 0 | 1 {
  if (diagnostics.length > 0) process.stderr.write(`${render(diagnostics, source, { color: wantsColor() })}\n`)
  return hasErrors(diagnostics) ? 1 : 0
}

export function wantsColor(): boolean {
  return process.stderr.isTTY === true && process.env.NO_COLOR === undefined
}
