import { must } from '../../base/internal-error.ts'
import { emptyDocument, type PatternContent, type StoreDocument, type StoreParts, valueAt, valuesOf, withPages } from './document.ts'
import type { JournalEntry, Shelf, StoreHead } from './shelf.ts'

/** A store as a value: what a shelf in memory is at some time, and what export and import carry. */
export interface StoreState {
  readonly head: StoreHead | undefined
  readonly document: StoreDocument
  readonly journal: readonly JournalEntry[]
  readonly contents: ReadonlyMap<string, PatternContent>
}

/** A shelf in memory, in browsers as elsewhere. Documents are immutable: a change makes a new one. */
export function inMemory(from?: StoreState): Shelf {
  let state: StoreState = from ?? { head: undefined, document: emptyDocument, journal: [], contents: new Map() }
  const contents = new Map(state.contents)
  let staged = 0
  const fresh = (): string => {
    do staged += 1
    while (contents.has(String(staged)))
    return String(staged)
  }
  return {
    head: () => state.head,
    value: (path) => valueAt(state.document, path),
    values: (part) => valuesOf(state.document, part),
    blockBefore: (number) => blockBefore(state.document, number),
    content: (id) => must(contents.get(id), `content ${id}`),
    stage(content, own) {
      const id = own ?? fresh()
      contents.set(id, content)
      return id
    },
    unstage(ids) {
      for (const id of ids) contents.delete(id)
    },
    journal: () => state.journal,
    transact(work) {
      const { head, document, journal } = state
      const update = work({ head, last: () => journal.at(-1), part: (paths) => withPages(document, paths) })
      if (update === undefined) return false
      const entries =
        update.journal === 'keep' ? journal : update.journal === 'pop' ? journal.slice(0, -1) : pushed(journal, update.journal.push)
      state = { head: update.head, document: update.document, journal: entries, contents }
      for (const id of update.dropped) contents.delete(id)
      return true
    },
    close() {},
  }
}

/** In place: journals are long, and nobody keeps an old one. */
function pushed(journal: readonly JournalEntry[], entries: readonly JournalEntry[]): readonly JournalEntry[] {
  for (const entry of entries) (journal as JournalEntry[]).push(entry)
  return journal
}

function blockBefore(document: StoreDocument, number: number): StoreParts['patterns'] | undefined {
  const pages = Object.entries(document.patterns)
  for (let i = pages.length - 1; i >= 0; i -= 1) {
    const keys = Object.keys(pages[i]?.[1] ?? {})
    for (let k = keys.length - 1; k >= 0; k -= 1) if (Number(keys[k]) <= number) return pages[i]?.[1][keys[k] as string]
  }
  return undefined
}
