import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Checked, diagnostic, made, unmade } from '../base/diagnostic.ts'
import type { Shelf } from '../memory/store/shelf.ts'
import { DATA, damaged, folderTrouble, makeFolder, reasonOf, unusable } from './folder.ts'
import { lengthen, lengthsOf } from './length.ts'
import { LAYOUT, lmdbShelf, tidied } from './lmdb-shelf.ts'

export interface DiskOptions {
  /** To be written to, and begun where there is none; otherwise it is only read, beside whoever writes. */
  readonly write?: boolean
}

/**
 * Opens a folder as the shelf of a store. Diagnostics: AMP801 where there is none, AMP806 where the folder cannot be used or the
 * package lmdb is not installed, AMP807 where its file is damaged.
 */
export async function onDisk(folder: string, { write = false }: DiskOptions = {}): Promise<Checked<Shelf>> {
  const trouble = folderTrouble(folder, write)
  if (trouble !== undefined) return unmade([trouble])
  const lmdb = await import('lmdb').catch(() => undefined)
  if (lmdb === undefined) {
    const hint = 'npm install lmdb. Without it stores live in memory, and are kept by export and import.'
    return unmade([diagnostic('AMP806', 'A store on disk needs the package lmdb, which is not installed.', { hint })])
  }
  const file = join(folder, DATA)
  try {
    if (write && existsSync(folder)) accessSync(folder, constants.W_OK)
    if (write && existsSync(file)) accessSync(file, constants.W_OK)
    const lengths = lengthsOf(file)
    if (existsSync(file) && lengths === undefined) return unmade([damaged(folder, 'its file does not begin as one does')])
    const isShort = lengths !== undefined && lengths.is < lengths.wants
    if (isShort && (lengths.wants - lengths.is > SLACK || !write)) {
      return unmade([damaged(folder, `its file has ${lengths.is} bytes of ${lengths.wants}`)])
    }
    if (isShort) lengthen(file)
    if (write) makeFolder(folder)
    const env = lmdb.open({
      path: folder,
      noSubdir: false,
      encoding: 'binary',
      overlappingSync: false,
      maxDbs: 16,
      cache: false,
      readOnly: !write,
    })
    const own = env.openDB<Buffer, string>({ name: 'store', encoding: 'binary' })
    const layout = own.get('layout')
    if (layout !== undefined && Number(layout.toString()) !== LAYOUT)
      return unmade([damaged(folder, 'it was written by another version of amp')])
    if (write) tidied(env)
    const shelf = lmdbShelf(env, folder, lmdb.ABORT)
    if (!write && shelf.head() === undefined)
      return unmade([diagnostic('AMP801', `Nothing was written to ${folder} yet.`, { place: folder, hint: 'amp write begins a store.' })])
    return made(shelf)
  } catch (error) {
    return unmade([unusable(folder, reasonOf(error, existsSync(folder) ? folder : undefined))])
  }
}

/** Pages at the end that were never needed may be missing; more than this is a file that was cut off. */
const SLACK = 65_536
