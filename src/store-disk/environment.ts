import { join } from 'node:path'
import type { Database, RootDatabase } from 'lmdb'
import { InternalError } from '../base/internal-error.ts'
import { isShelfTrouble, ShelfTrouble } from '../memory/store/shelf.ts'
import { dataFile } from './data-file.ts'
import { DATA, reasonOf, unusable } from './folder.ts'

export type DiskKey = string | number | (string | number)[]
export type DiskTable = Database<Buffer, DiskKey>

/** An LMDB environment: tables of bytes, which change in transactions. */
export interface DiskEnvironment {
  table(name: string): DiskTable
  /**
   * All that `work` puts and removes or, where it returns `abort` or throws, nothing; nobody else writes meanwhile. It is on disk
   * once this returns. An error of LMDB or of the disk is thrown as the trouble of a shelf.
   */
  transaction(work: () => unknown): void
  readonly abort: unknown
  put(table: DiskTable, key: DiskKey, bytes: Uint8Array): void
  remove(table: DiskTable, key: DiskKey): void
  readonly isWritten: boolean
  close(): void
}

export function environment(env: RootDatabase, folder: string, abort: unknown, isWritten: boolean): DiskEnvironment {
  const file = isWritten ? dataFile(join(folder, DATA), 'r+') : undefined
  let [bytes, keys] = [0, 0]
  const transaction = (work: () => unknown): void => {
    ;[bytes, keys] = [0, 0]
    try {
      env.transactionSync(() => {
        const done = work()
        if (done !== abort) file?.reserve(bytes, keys)
        return done
      })
    } catch (error) {
      throw isShelfTrouble(error) || error instanceof InternalError ? error : new ShelfTrouble(unusable(folder, reasonOf(error, folder)))
    }
  }
  if (isWritten) {
    // The places of readers that have ended.
    env.readerCheck()
    // Room for the tables.
    transaction(() => undefined)
  }
  return {
    table: (name) => env.openDB({ name, encoding: 'binary' }),
    transaction,
    abort,
    put(table, key, value) {
      bytes += value.byteLength
      keys += 1
      table.putSync(key, Buffer.from(value.buffer, value.byteOffset, value.byteLength))
    },
    remove(table, key) {
      keys += 1
      table.removeSync(key)
    },
    isWritten,
    close() {
      file?.close()
      void env.close()
    },
  }
}
