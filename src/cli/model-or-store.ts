import { statSync } from 'node:fs'
import type { Loaded } from '../api/load.ts'
import { openStore } from '../api/store/open.ts'
import { type Checked, checked, made, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { SourceFile } from '../base/source.ts'
import type { GivenByRole } from '../bind/bound.ts'
import type { Shelf } from '../memory/store/shelf.ts'
import { isExported, readExported } from './exported-store.ts'
import { readSource } from './files/source.ts'
import { interruptible } from './interrupts.ts'

/** A model from its file, or from a store, in its folder or exported to a file, which holds its text and its memories. */
export interface ModelOrStore {
  readonly source: SourceFile
  readonly shelf?: Shelf
}

export async function readModel(path: string): Promise<Checked<ModelOrStore>> {
  if (isExported(path)) {
    const shelf = readExported(path)
    return shelf.ok ? made({ source: sourceIn(shelf.value, path), shelf: shelf.value }) : unmade(shelf.diagnostics)
  }
  if (!isFolder(path)) {
    const source = interruptible('reading the model')(() => readSource(path))
    return source.ok ? made({ source: source.value }) : unmade(source.diagnostics)
  }
  const { onDisk } = await import('../store-disk/open.ts')
  const shelf = await onDisk(path)
  if (!shelf.ok) return unmade(shelf.diagnostics)
  return made({ source: sourceIn(shelf.value, path), shelf: shelf.value })
}

/** The model that a store was begun with. */
export function sourceIn(shelf: Shelf, path: string): SourceFile {
  const { name, text } = must(shelf.head(), 'head of the store').about.model
  return { name: `${path} (model ${name})`, text }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** What is given, with what a store has. */
export function withStore({ shelf }: ModelOrStore, loaded: Loaded | undefined, given: Checked<GivenByRole>): Checked<GivenByRole> {
  if (shelf === undefined || loaded === undefined || !given.ok) return given
  const store = openStore(loaded, undefined, { shelf })
  const both = store.ok ? store.value.given(given.value) : unmade(store.diagnostics)
  shelf.close()
  const diagnostics = [...given.diagnostics, ...both.diagnostics]
  return both.ok ? checked(both.value, diagnostics) : unmade(diagnostics)
}
