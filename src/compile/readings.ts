import type { StatementKind } from './unused.ts'

/** What a reading makes of a model, in one row. */
export interface ReadingRow {
  /** Which statements it uses besides those that add a term to E; a command says which of the others a model has. */
  readonly uses: readonly StatementKind[]
}

export const readings: Readonly<Record<'retrieve' | 'sample', ReadingRow>> = {
  retrieve: { uses: [] },
  sample: { uses: [] },
}
