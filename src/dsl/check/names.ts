import { didYouMean as sentence } from '../../base/suggest.ts'

/** The `hint` of a diagnostic about a name: the one that was likely meant, else the other hint. */
export function didYouMean(name: string, candidates: Iterable<string>, otherwise?: string): { hint?: string } {
  const hint = sentence(name, candidates) ?? otherwise
  return hint === undefined ? {} : { hint }
}

/** A row of a table by a name the user wrote: never something inherited, such as `constructor`. */
export function rowOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
