import { must } from '../../base/internal-error.ts'
import { contentsAt, emptyDocument, type StoreDocument, type StorePart, type StorePath } from './document.ts'
import type { Shelf } from './shelf.ts'

/** All that a store holds besides the numbers of its patterns. */
export function documentOf(shelf: Shelf): StoreDocument {
  const parts = Object.keys(emptyDocument) as readonly StorePart[]
  return Object.fromEntries(
    parts.map((part) => {
      const pages: Record<string, Record<string, unknown>> = {}
      for (const [[, page, key], value] of shelf.values(part)) {
        pages[page] ??= {}
        must(pages[page], 'page')[key] = value
      }
      return [part, pages]
    }),
  ) as unknown as StoreDocument
}

/** Where its values are. */
export function pathsOf(document: StoreDocument): readonly StorePath[] {
  return (Object.keys(document) as readonly StorePart[]).flatMap((part) =>
    Object.entries(document[part]).flatMap(([page, values]) => Object.keys(values).map((key): StorePath => [part, page, key])),
  )
}

/** Puts all of a store, its journal included, on a shelf that has none; false where a store is there by now. */
export function copied(from: Shelf, to: Shelf): boolean {
  const head = must(from.head(), 'head of the store')
  const document = documentOf(from)
  const paths = pathsOf(document)
  const staged: string[] = []
  let done = false
  try {
    for (const id of contentsAt(document, paths)) staged.push(to.stage(from.content(id), id))
    done = to.transact((view) =>
      view.head === undefined ? { head, paths, document, journal: { push: [...from.journal()] }, dropped: [] } : undefined,
    )
  } finally {
    if (!done) to.unstage(staged)
  }
  return done
}
