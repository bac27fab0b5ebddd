import { type Checked, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { digestOf } from '../../base/digest.ts'
import { must } from '../../base/internal-error.ts'
import { decoded, encoded } from '../../memory/store/codec.ts'
import { contentsAt, emptyDocument, type PatternContent, type StoreDocument } from '../../memory/store/document.ts'
import { inMemory } from '../../memory/store/in-memory.ts'
import type { JournalEntry, Shelf, StoreHead } from '../../memory/store/shelf.ts'
import { documentOf, pathsOf } from '../../memory/store/whole.ts'

/** A store as plain data: the same from memory, browsers and disk. */
interface Portable {
  readonly head: StoreHead
  readonly document: StoreDocument
  readonly journal: readonly JournalEntry[]
  readonly contents: Readonly<Record<string, PatternContent>>
}

/** Its bytes, with a digest of them. */
interface Sealed {
  readonly format: 'amp store'
  readonly version: 2
  readonly digest: string
  readonly store: Float64Array
}

export function exportedStore(shelf: Shelf): Uint8Array {
  const document = documentOf(shelf)
  const contents = Object.fromEntries(contentsAt(document, pathsOf(document)).map((id) => [id, shelf.content(id)]))
  const head = must(shelf.head(), 'head of the store')
  const bytes = encoded({ head, document, journal: [...shelf.journal()], contents } satisfies Portable)
  // A multiple of 8, as all that is encoded.
  const store = new Float64Array(bytes.buffer)
  return encoded({ format: 'amp store', version: 2, digest: digestOf(store), store } satisfies Sealed)
}

/** A shelf in memory with what was exported; AMP807 where the bytes are something else, or not as they were. */
export function importedShelf(bytes: Uint8Array): Checked<Shelf> {
  const read = portableIn(bytes)
  if (typeof read === 'string') return unmade([diagnostic('AMP807', read, { expected: 'what export() of a store gave, whole' })])
  const { head, document, journal, contents } = read
  const whole = { ...emptyDocument, ...document }
  return made(inMemory({ head, document: whole, journal: [...journal], contents: new Map(Object.entries(contents)) }))
}

/** What the bytes hold, or why it is none. */
function portableIn(bytes: Uint8Array): Portable | string {
  const none = 'These bytes are no store that was exported.'
  const outer = parsed(bytes)
  if (outer?.format !== 'amp store') return none
  // The first version had no digest.
  if (outer.version !== 1 && outer.version !== 2) return 'These bytes are a store that another version of amp exported.'
  const { store, digest } = outer
  if (outer.version === 2 && !(store instanceof Float64Array && digestOf(store) === digest)) return damaged
  const inner = store instanceof Float64Array ? parsed(new Uint8Array(store.buffer, store.byteOffset, store.byteLength)) : outer
  return attempted(() => isWhole(inner ?? {})) === true ? (inner as unknown as Portable) : damaged
}

const damaged = 'These bytes are a store that was exported, but not as they were then.'

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const value = attempted(() => decoded(bytes))
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

/** Whether each part is there, and the numbers of each pattern. */
function isWhole({ head, document, journal, contents }: Partial<Portable>): boolean {
  if (head === undefined || document === undefined || contents === undefined || !Array.isArray(journal)) return false
  return journal.length === head.changes && contentsAt(document, pathsOf(document)).every((id) => Object.hasOwn(contents, id))
}

/** Undefined where bytes that are no store have parts of other kinds. */
function attempted<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
