import { closeSync, existsSync, openSync, readSync, statSync, truncateSync } from 'node:fs'

/**
 * How long the data file of an environment is, and how long its newest meta page says that it is (two pages at the start, of which
 * the one with the larger transaction counts). Reading behind the end of a file that is mapped ends the process, so a file that
 * was cut off is found before. Undefined where the file is none of LMDB's, or not written by a program of this kind.
 */
export function lengthsOf(file: string): { readonly is: number; readonly wants: number } | undefined {
  if (!existsSync(file)) return undefined
  const is = statSync(file).size
  const bytes = new Uint8Array(META)
  const descriptor = openSync(file, 'r')
  try {
    const view = new DataView(bytes.buffer)
    const meta = (at: number) => {
      bytes.fill(0)
      readSync(descriptor, bytes, 0, META, at)
      if (view.getUint32(MAGIC.at, true) !== MAGIC.value) return undefined
      return {
        page: view.getUint32(PAGE_SIZE, true),
        last: view.getBigUint64(LAST_PAGE, true),
        transaction: view.getBigUint64(TRANSACTION, true),
      }
    }
    const first = meta(0)
    if (first === undefined) return undefined
    const second = meta(first.page)
    const newest = second !== undefined && second.transaction > first.transaction ? second : first
    return { is, wants: (Number(newest.last) + 1) * first.page }
  } finally {
    closeSync(descriptor)
  }
}

/** Pages at the end that no one reads may never have been written: the file is made as long as it says. */
export function lengthen(file: string): void {
  const lengths = lengthsOf(file)
  if (lengths !== undefined && lengths.is < lengths.wants) truncateSync(file, lengths.wants)
}

/** Where the fields of a meta page are (MDB_meta behind a header of 24 bytes). */
const META = 192
const MAGIC = { at: 24, value: 0xbeefc0de } as const
const PAGE_SIZE = 48
const LAST_PAGE = 144
const TRANSACTION = 152
