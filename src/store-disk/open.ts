import { accessSync, constants, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { type Shelf, troubled } from '../memory/store/shelf.ts'
import { copied } from '../memory/store/whole.ts'
import { dataFile } from './data-file.ts'
import { environment } from './environment.ts'
import { DATA, damaged, folderTrouble, makeFolder, reasonOf, unusable } from './folder.ts'
import { LAYOUT, lmdbShelf } from './lmdb-shelf.ts'

export interface DiskOptions {
  /** To be written to, and begun where there is none; otherwise it is only read, beside whoever writes. */
  readonly write?: boolean
  /** All of another store, as `importedShelf` makes it of exported bytes, with which this one begins: its journal included. */
  readonly from?: Shelf
}

/**
 * Opens a folder as the shelf of a store. Diagnostics: AMP801 where there is none, AMP806 where the folder cannot be used or the
 * package lmdb is not installed or, with `from`, a store is there already, AMP807 where its file is damaged.
 */
export async function onDisk(folder: string, { from, write = from !== undefined }: DiskOptions = {}): Promise<Checked<Shelf>> {
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
    const trouble = lengthTrouble(folder, file)
    if (trouble !== undefined) return unmade([trouble])
    const isNew = !existsSync(folder)
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
    const opened = environment(env, folder, lmdb.ABORT, write)
    const layout = opened.table('store').get('layout')
    if (layout !== undefined && Number(layout.toString()) !== LAYOUT) {
      opened.close()
      return unmade([damaged(folder, 'it was written by another version of amp')])
    }
    const shelf = lmdbShelf(opened, folder)
    if (from !== undefined) return begunFrom(from, shelf, folder, isNew)
    if (!write && shelf.head() === undefined) {
      shelf.close()
      return unmade([diagnostic('AMP801', `Nothing was written to ${folder} yet.`, { place: folder, hint: 'amp write begins a store.' })])
    }
    return made(shelf)
  } catch (error) {
    return unmade([unusable(folder, reasonOf(error, existsSync(folder) ? folder : undefined))])
  }
}

/** All of it or, where something is wrong, nothing. */
function begunFrom(from: Shelf, shelf: Shelf, folder: string, isNew: boolean): Checked<Shelf> {
  const done = troubled<boolean | Diagnostic>(
    () => copied(from, shelf),
    (trouble) => trouble,
  )
  if (done === true) return made(shelf)
  shelf.close()
  if (isNew) rmSync(folder, { recursive: true, force: true })
  if (done !== false) return unmade([done])
  const hint = 'A store begins in a folder that is empty or not there.'
  return unmade([diagnostic('AMP806', `${folder} holds a store already.`, { place: folder, hint })])
}

/** What is wrong with the length of the file. */
function lengthTrouble(folder: string, path: string): Diagnostic | undefined {
  const file = dataFile(path, 'r')
  const lengths = file?.lengths()
  file?.close()
  if (file === undefined) return undefined
  if (lengths === undefined) return damaged(folder, 'its file does not begin as one does')
  return lengths.is < lengths.wants ? damaged(folder, `its file has ${lengths.is} bytes of ${lengths.wants}`) : undefined
}
