import type { DiagnosticCode } from './codes.ts'
import { severityOf } from './severity.ts'
import type { Span } from './source.ts'

/** What is wrong with the user's text or data: never thrown, always collected. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: 'error' | 'warning'
  /** One sentence in the user's own names. */
  readonly message: string
  /** Where in the `.amp` file; absent when the trouble is in a data file (see `place`). */
  readonly span?: Span
  /** Where outside the `.amp` file: `data.csv, row 3, column "y"`. */
  readonly place?: string
  readonly expected?: string
  readonly hint?: string
  readonly related?: readonly { readonly span: Span; readonly message: string }[]
}

export type DiagnosticDetails = Omit<Diagnostic, 'code' | 'severity' | 'message'>

/** The one way to make a diagnostic: severity comes from the catalogue. */
export function diagnostic(code: DiagnosticCode, message: string, details: DiagnosticDetails = {}): Diagnostic {
  return { code, severity: severityOf(code), message, ...details }
}

/** A phase's answer: what it could make, and what it has to say. `value` is absent only when errors made it impossible. */
export interface Checked<T> {
  readonly value?: T
  readonly diagnostics: readonly Diagnostic[]
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}
