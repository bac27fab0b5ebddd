import { type Checked, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { decoded, encoded } from '../../memory/store/codec.ts'
import { emptyDocument, type PatternContent, type StoreDocument, type StorePart } from '../../memory/store/document.ts'
import { inMemory } from '../../memory/store/in-memory.ts'
import type { JournalEntry, Shelf, StoreHead } from '../../memory/store/shelf.ts'

/** A store as one piece of bytes: the same from memory, browsers and disk. */
interface Portable {
  readonly format: 'amp store'
  readonly version: 1
  readonly head: StoreHead
  readonly document: StoreDocument
  readonly journal: readonly JournalEntry[]
  readonly contents: Readonly<Record<string, PatternContent>>
}

export function exportedStore(shelf: Shelf): Uint8Array {
  const document = documentOf(shelf)
  const contents: Record<string, PatternContent> = {}
  for (const page of Object.values(document.patterns))
    for (const { content } of Object.values(page)) if (content !== undefined) contents[content] = shelf.content(content)
  const head = must(shelf.head(), 'head of the store')
  return encoded({ format: 'amp store', version: 1, head, document, journal: [...shelf.journal()], contents } satisfies Portable)
}

/** A shelf in memory with what was exported; AMP807 where the bytes are something else. */
export function importedShelf(bytes: Uint8Array): Checked<Shelf> {
  let read: Partial<Portable> | undefined
  try {
    read = decoded(bytes) as Partial<Portable>
  } catch {
    read = undefined
  }
  const { format, version, head, document, journal, contents } = read ?? {}
  if (
    format !== 'amp store' ||
    version !== 1 ||
    head === undefined ||
    document === undefined ||
    journal === undefined ||
    contents === undefined
  ) {
    return unmade([
      diagnostic('AMP807', 'These bytes are no store that was exported.', { expected: 'what export() of a store gave, whole' }),
    ])
  }
  return made(
    inMemory({ head, document: { ...emptyDocument, ...document }, journal: [...journal], contents: new Map(Object.entries(contents)) }),
  )
}

function documentOf(shelf: Shelf): StoreDocument {
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
