import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Database, RootDatabase } from 'lmdb'
import { InternalError, must } from '../base/internal-error.ts'
import { decoded, encoded } from '../memory/store/codec.ts'
import {
  emptyDocument,
  type PatternContent,
  patternPath,
  type StoreDocument,
  type StorePart,
  type StoreParts,
  type StorePath,
  valueAt,
  withPages,
} from '../memory/store/document.ts'
import { isShelfTrouble, type JournalEntry, type Shelf, ShelfTrouble, type ShelfUpdate, type StoreHead } from '../memory/store/shelf.ts'
import { DATA, damaged, reasonOf, unusable } from './folder.ts'
import { lengthen } from './length.ts'

type Bytes = Database<Buffer, string | number | (string | number)[]>

/** Parts whose pages, or keys, are numbers: LMDB keeps those in their order. */
const numbered: Readonly<Record<StorePart, { readonly page: boolean; readonly key: boolean }>> = {
  patterns: { page: true, key: true },
  gone: { page: true, key: true },
  labels: { page: true, key: false },
  numbers: { page: false, key: true },
  sizes: { page: false, key: false },
  names: { page: false, key: false },
}

/** Names of the databases of an environment; the version is that of how they are laid out. */
export const LAYOUT = 1

/** A shelf in an LMDB environment: values by page and key, the numbers of patterns by a name of their own, the journal by number. */
export function lmdbShelf(env: RootDatabase, folder: string, abort: unknown): Shelf {
  const database = (name: string): Bytes => env.openDB({ name, encoding: 'binary' })
  const own = database('store')
  const journal = database('journal')
  const contents = database('contents')
  const staged = database('staged')
  const parts = Object.fromEntries(Object.keys(emptyDocument).map((part) => [part, database(part)])) as Readonly<Record<StorePart, Bytes>>
  const writer = randomUUID()
  let stagings = 0

  const read = (bytes: Uint8Array | undefined): unknown => {
    try {
      return bytes === undefined ? undefined : decoded(bytes)
    } catch {
      throw new ShelfTrouble(damaged(folder, 'its numbers are not as they were written'))
    }
  }
  /** An error of LMDB or of the disk as a diagnostic; nothing of the transaction is kept. */
  const transaction = (work: () => unknown): void => {
    try {
      env.transactionSync(work)
    } catch (error) {
      throw isShelfTrouble(error) || error instanceof InternalError ? error : new ShelfTrouble(unusable(folder, reasonOf(error, folder)))
    }
  }
  const keyOf = ([part, page, key]: StorePath): (string | number)[] => {
    const rule = numbered[part]
    return [rule.page ? Number(page) : page, rule.key ? Number(key) : key]
  }
  const value = (path: StorePath) => read(parts[path[0]].get(keyOf(path))) as StoreParts[StorePart] | undefined
  const head = () => read(own.get('head')) as StoreHead | undefined
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

  const put = ({ head: next, paths, document, journal: entry, dropped }: ShelfUpdate, before: StoreHead | undefined): void => {
    for (const path of paths) {
      const now = valueAt(document, path)
      if (now === undefined) parts[path[0]].removeSync(keyOf(path))
      else parts[path[0]].putSync(keyOf(path), Buffer.from(encoded(now)))
      // What a change refers to is no longer only put aside.
      if (path[0] === 'patterns' && now !== undefined) staged.removeSync((now as StoreParts['patterns']).content ?? '')
    }
    if (entry === 'pop') journal.removeSync(must(before, 'head').changes)
    else if (entry !== 'keep') journal.putSync(entry.push.number, Buffer.from(encoded(entry.push)))
    for (const id of dropped) contents.removeSync(id)
    own.putSync('head', Buffer.from(encoded(next)))
    own.putSync('layout', Buffer.from(String(LAYOUT)))
  }

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
    content: (id) => must(read(contents.getBinaryFast(id)) as PatternContent | undefined, `content ${id}`),
    stage(content) {
      stagings += 1
      const id = `${writer} ${stagings}`
      transaction(() => {
        contents.putSync(id, Buffer.from(encoded(content)))
        staged.putSync(id, Buffer.from(String(process.pid)))
      })
      return id
    },
    unstage(ids) {
      if (ids.length === 0) return
      transaction(() => {
        for (const id of ids) {
          contents.removeSync(id)
          staged.removeSync(id)
        }
      })
    },
    *journal() {
      for (const { value: bytes } of journal.getRange({})) yield read(bytes) as JournalEntry
    },
    transact(work) {
      let isDone = false
      transaction(() => {
        const now = head()
        const update = work({ head: now, last: now === undefined ? undefined : last(now.changes), part: loaded })
        if (update === undefined) return abort
        put(update, now)
        isDone = true
        return undefined
      })
      lengthen(join(folder, DATA))
      return isDone
    },
    close: () => void env.close(),
  }
}

/** Drops what processes put aside that have ended since, and the places of readers that have. */
export function tidied(env: RootDatabase): void {
  env.readerCheck()
  const staged: Bytes = env.openDB({ name: 'staged', encoding: 'binary' })
  const contents: Bytes = env.openDB({ name: 'contents', encoding: 'binary' })
  const left = Array.from(staged.getRange({}), ({ key, value }) => ({ key, process: Number(value.toString()) })).filter(
    (s) => !isRunning(s.process),
  )
  if (left.length === 0) return
  env.transactionSync(() => {
    for (const { key } of left) {
      contents.removeSync(key)
      staged.removeSync(key)
    }
  })
}

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
