/** A row of the catalogue of diagnostics. */
export interface CodeEntry {
  readonly severity: 'error' | 'warning'
  readonly title: string
  /** Two or three sentences for `amp explain`. */
  readonly explanation: string
  /** A small program (or command) that provokes it, and its fix. */
  readonly example?: string
  readonly fix?: string
}

export function error(title: string, explanation: string, example?: string, fix?: string): CodeEntry {
  return row('error', title, explanation, example, fix)
}

export function warning(title: string, explanation: string, example?: string, fix?: string): CodeEntry {
  return row('warning', title, explanation, example, fix)
}

function row(severity: CodeEntry['severity'], title: string, explanation: string, example?: string, fix?: string): CodeEntry {
  return { severity, title, explanation, ...(example === undefined ? {} : { example }), ...(fix === undefined ? {} : { fix }) }
}
