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

/** A phase's answer: what it made, or why errors made that impossible; `ok` says which. Warnings come along with either. */
export type Checked<T> = Made<T> | Unmade

export interface Made<T> {
  readonly ok: true
  readonly value: T
  /** Warnings only. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface Unmade {
  readonly ok: false
  readonly value?: undefined
  /** At least one error. */
  readonly diagnostics: readonly Diagnostic[]
}

export function made<T>(value: T, diagnostics: readonly Diagnostic[] = []): Made<T> {
  return { ok: true, value, diagnostics }
}

export function unmade(diagnostics: readonly Diagnostic[]): Unmade {
  return { ok: false, diagnostics }
}

/** What was made, unless an error is among what is to be said of it. */
export function checked<T>(value: T, diagnostics: readonly Diagnostic[]): Checked<T> {
  return hasErrors(diagnostics) ? unmade(diagnostics) : made(value, diagnostics)
}

/** The next phase, with the diagnostics of both; errors end it. (A module that exports `then` cannot be imported dynamically.) */
export function andThen<A, B>(before: Checked<A>, next: (value: A) => Checked<B>): Checked<B> {
  if (!before.ok) return unmade(before.diagnostics)
  const after = next(before.value)
  return { ...after, diagnostics: [...before.diagnostics, ...after.diagnostics] }
}

/** Whether there is an error among diagnostics; of an answer that has none, the value is there. */
export function hasErrors(checked: Checked<unknown>): checked is Unmade
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean
export function hasErrors(found: Checked<unknown> | readonly Diagnostic[]): boolean {
  const diagnostics = 'diagnostics' in found ? found.diagnostics : found
  return diagnostics.some((d) => d.severity === 'error')
}
