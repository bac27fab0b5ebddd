import { must } from '../base/internal-error.ts'
import { decoded, encoded } from '../memory/store/codec.ts'
import {
  contentsAt,
  emptyDocument,
  patternPath,
  type StoreDocument,
  type StorePart,
  type StoreParts,
  type StorePath,
  valueAt,
  withPages,
} from '../memory/store/document.ts'
import { type JournalEntry, type Shelf, ShelfTrouble, type ShelfUpdate, type StoreAbout, type StoreHead } from '../memory/store/shelf.ts'
import { diskContents } from './contents.ts'
import type { DiskEnvironment, DiskTable } from './environment.ts'
import { damaged } from './folder.ts'

/** Parts whose pages, or keys, are numbers: LMDB keeps those in their order. */
const numbered: Readonly<Record<StorePart, { readonly page: boolean; readonly key: boolean }>> = {
  patterns: { page: true, key: true },
  gone: { page: true, key: true },
  labels: { page: true, key: false },
  numbers: { page: false, key: true },
  sizes: { page: false, key: false },
  names: { page: false, key: false },
  constants: { page: false, key: false },
}

/** Names of the databases of an environment; the version is that of how they are laid out. */
export const LAYOUT = 3

/** A shelf in an LMDB environment: values by page and key, the numbers of patterns by a name of their own, the journal by number. */
export function lmdbShelf(environment: DiskEnvironment, folder: string): Shelf {
  const { put, remove, transaction } = environment
  const own = environment.table('store')
  const journal = environment.table('journal')
  const contents = diskContents(environment)
  const parts = Object.fromEntries(Object.keys(emptyDocument).map((part) => [part, environment.table(part)])) as Readonly<
    Record<StorePart, DiskTable>
  >
  const whole = <T>(reading: () => T): T => {
    try {
      return reading()
    } catch {
      throw new ShelfTrouble(damaged(folder, 'its numbers are not as they were written'))
    }
  }
  const read = (bytes: Uint8Array | undefined): unknown => (bytes === undefined ? undefined : whole(() => decoded(bytes)))
  const keyOf = ([part, page, key]: StorePath): (string | number)[] => {
    const rule = numbered[part]
    return [rule.page ? Number(page) : page, rule.key ? Number(key) : key]
  }
  const value = (path: StorePath) => read(parts[path[0]].get(keyOf(path))) as StoreParts[StorePart] | undefined
  /** It never changes, and may be large. */
  let about: StoreAbout | undefined
  const head = (): StoreHead | undefined => {
    const counts = read(own.get('head')) as Omit<StoreHead, 'about'> | undefined
    if (counts === undefined) return undefined
    about ??= read(own.get('about')) as StoreAbout
    return { about, ...counts }
  }
  const last = (number: number) => read(journal.get(number)) as JournalEntry | undefined

  const loaded = (paths: readonly StorePath[]): StoreDocument => {
    const found: Record<string, Record<string, Record<string, unknown>>> = {}
    for (const path of paths) {
      const now = value(path)
      if (now === undefined) continue
      const [part, page, key] = path
      found[part] ??= {}
      const pages = must(found[part], part)
      pages[page] ??= {}
      must(pages[page], page)[key] = now
    }
    return withPages({ ...emptyDocument, ...found } as unknown as StoreDocument, paths)
  }

  const keep = (update: ShelfUpdate, before: StoreHead | undefined): void => {
    const { head: now, paths, document, journal: entry, dropped } = update
    const { about: begun, ...counts } = now
    for (const path of paths) {
      const value = valueAt(document, path)
      if (value === undefined) remove(parts[path[0]], keyOf(path))
      else put(parts[path[0]], keyOf(path), encoded(value))
    }
    for (const id of contentsAt(document, paths)) contents.refer(id)
    if (entry === 'pop') remove(journal, must(before, 'head').changes)
    else if (entry !== 'keep') for (const one of entry.push) put(journal, one.number, encoded(one))
    for (const id of dropped) contents.drop(id)
    put(own, 'head', encoded(counts))
    if (before !== undefined) return
    put(own, 'about', encoded(begun))
    put(own, 'layout', Buffer.from(String(LAYOUT)))
  }

  if (environment.isWritten) contents.tidy()
  return {
    head() {
      // Reads of one turn of the event loop are of one moment; this begins another.
      own.resetReadTxn()
      return head()
    },
    value,
    *values(part) {
      for (const { key, value: bytes } of parts[part].getRange({})) {
        const [page, name] = (key as readonly (string | number)[]).map(String) as [string, string]
        yield [[part, page, name], read(bytes) as StoreParts[typeof part]]
      }
    },
    blockBefore(number) {
      for (const { value: bytes } of parts.patterns.getRange({ start: keyOf(patternPath('patterns', number)), reverse: true, limit: 1 }))
        return read(bytes) as StoreParts['patterns']
      return undefined
    },
    content: (id) =>
      must(
        whole(() => contents.read(id)),
        `content ${id}`,
      ),
    stage: contents.stage,
    unstage: contents.unstage,
    *journal() {
      for (const { value: bytes } of journal.getRange({})) yield read(bytes) as JournalEntry
    },
    transact(work) {
      let update: ShelfUpdate | undefined
      transaction(() => {
        const now = head()
        update = work({ head: now, last: () => (now === undefined ? undefined : last(now.changes)), part: loaded })
        if (update === undefined) return environment.abort
        keep(update, now)
        return undefined
      })
      if (update === undefined) return false
      for (const id of contentsAt(update.document, update.paths)) contents.referred(id)
      return true
    },
    close: environment.close,
  }
}
