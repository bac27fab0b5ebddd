/**
 * The catalogue of diagnostics: every code once, with what it means and how to mend it.
 * Codes are grouped by the phase that finds them: 1xx text, 2xx names, 3xx axes, 4xx types and supports,
 * 5xx data, 6xx readings that do not exist or cannot run yet, 7xx options and files, 8xx numbers.
 */
export interface CodeEntry {
  readonly severity: 'error' | 'warning'
  readonly title: string
  /** Two or three sentences for `amp explain`. */
  readonly explanation: string
  /** A small program (or command) that provokes it, and its mend. */
  readonly example?: string
  readonly mend?: string
}

function entry(severity: 'error' | 'warning', title: string, explanation: string, example?: string, mend?: string): CodeEntry {
  return { severity, title, explanation, ...(example === undefined ? {} : { example }), ...(mend === undefined ? {} : { mend }) }
}

export const catalogue = {
  AMP101: entry('error', 'unexpected character', 'The text holds a character that is not part of the language.'),
  AMP102: entry('error', 'unexpected token', 'The statement does not read as the grammar wants it here.'),
} satisfies Record<string, CodeEntry>

export type DiagnosticCode = keyof typeof catalogue
