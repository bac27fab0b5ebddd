import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'

/** The data file of an environment, open. */
export interface DataFile {
  /**
   * How long it is, and how long its newest meta page says that it is (two pages at the start, of which the one with the larger
   * transaction counts). Undefined where the file is none of LMDB's, or not written by a program of this kind.
   */
  lengths(): { readonly is: number; readonly wants: number } | undefined
  /**
   * Makes the file long enough for a transaction that is about to be committed, with nobody else writing: of this many bytes, put
   * at this many keys. LMDB does not write pages at the end that it took and did not need, and a file that is shorter than it says
   * is one that was cut off: reading behind its end ends the process.
   */
  reserve(bytes: number, keys: number): void
  close(): void
}

export function dataFile(path: string, mode: 'r' | 'r+'): DataFile | undefined {
  if (!existsSync(path)) return undefined
  const descriptor = openSync(path, mode)
  const bytes = new Uint8Array(META)
  const view = new DataView(bytes.buffer)
  const meta = (at: number) => {
    bytes.fill(0)
    readSync(descriptor, bytes, 0, META, at)
    const last = view.getBigUint64(LAST_PAGE, true)
    // The meta pages are pages 0 and 1.
    if (view.getUint32(MAGIC.at, true) !== MAGIC.value || last < 1n) return undefined
    return { page: view.getUint32(PAGE_SIZE, true), last, transaction: view.getBigUint64(TRANSACTION, true) }
  }
  const lengths = () => {
    const first = meta(0)
    if (first === undefined) return undefined
    const second = meta(first.page)
    const newest = second !== undefined && second.transaction > first.transaction ? second : first
    return { is: fstatSync(descriptor).size, wants: (Number(newest.last) + 1) * first.page }
  }
  return {
    lengths,
    reserve(written, keys) {
      const now = lengths()
      if (now === undefined) return
      const most = now.wants + Math.min(now.wants, keys * PATH) + PAGES * written
      if (now.is < most + SPARE) ftruncateSync(descriptor, most + 2 * SPARE)
    },
    close: () => closeSync(descriptor),
  }
}

/** A key changes the pages above it, each at most once in a transaction: so many bytes where a tree has eight levels. */
const PATH = 8 * 4096
/** What is put fills at least a third of its pages. */
const PAGES = 3
/** Room for lists of free pages, and so that most transactions find enough. It takes no space on the disk. */
const SPARE = 1 << 20

/** Where the fields of a meta page are (MDB_meta behind a header of 24 bytes). */
const META = 192
const MAGIC = { at: 24, value: 0xbeefc0de } as const
const PAGE_SIZE = 48
const LAST_PAGE = 144
const TRANSACTION = 152
