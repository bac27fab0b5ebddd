import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { importedShelf } from '../api/store/portable.ts'
import { type Checked, made, unmade } from '../base/diagnostic.ts'
import type { Shelf } from '../memory/store/shelf.ts'
import { readBytes } from './files/bytes.ts'

/** Whether a path is a store that was exported to a file. */
export function isExported(path: string): boolean {
  return extname(path).toLowerCase() === '.store' && statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** The store that was exported to a file. It lies in memory: what is changed there is not kept. */
export function readExported(path: string): Checked<Shelf> {
  const bytes = readBytes(path)
  if (!bytes.ok) return unmade(bytes.diagnostics)
  const shelf = importedShelf(bytes.value)
  return shelf.ok ? made(shelf.value) : unmade(shelf.diagnostics.map((d) => ({ ...d, place: path })))
}
