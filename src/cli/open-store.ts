import { rmSync } from 'node:fs'
import { type Loaded, load } from '../api/load.ts'
import { type OpenStore, openStore } from '../api/store/open.ts'
import { type Diagnostic, diagnostic, hasErrors } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source.ts'
import type { GivenByRole } from '../bind/bound.ts'
import type { Shelf } from '../memory/store/shelf.ts'
import { onDisk } from '../store-disk/open.ts'
import { isExported, readExported } from './exported-store.ts'
import { readSource } from './files/source.ts'
import { isFolder, sourceIn } from './model-or-store.ts'
import { report } from './terminal.ts'

/** A store that a command works on. */
export interface StoreFolder {
  readonly source: SourceFile
  readonly loaded: Loaded
  readonly store: OpenStore
  /** Warnings that were found on the way. */
  readonly before: readonly Diagnostic[]
  /** Closes it; a folder in which no store was begun in the end is not left behind. */
  close(): void
}

export interface OpenFolderOptions {
  readonly write: boolean
  /** The file of the model: to begin with, or to be held against that of the store. */
  readonly model?: string | undefined
  /** What a store begins with. */
  readonly given?: GivenByRole
  /** Under which what its rules read is drawn, of a store that begins. */
  readonly seed?: number | undefined
}

/** Opens a store, to be read alone one that was exported, too; where something is wrong, it is reported, and the exit code is returned. */
export async function openFolder(path: string, { write, model, given, seed }: OpenFolderOptions): Promise<StoreFolder | number> {
  const blank: SourceFile = { name: path, text: '' }
  const isNew = !isFolder(path)
  const own = model === undefined ? undefined : readSource(model)
  if (own !== undefined && !own.ok) return report(own.diagnostics, blank)
  if (isNew && write && own === undefined) return report([modelless(path)], blank)
  const shelf = !write && isExported(path) ? readExported(path) : await onDisk(path, { write })
  if (!shelf.ok) return report(shelf.diagnostics, blank)
  const close = (): void => {
    const isBegun = shelf.value.head() !== undefined
    shelf.value.close()
    if (isNew && !isBegun) rmSync(path, { recursive: true, force: true })
  }
  const source = own?.value ?? sourceOf(shelf.value, path)
  const loaded = source === undefined ? undefined : load(source)
  const store = loaded?.ok
    ? openStore(loaded.value, given, { shelf: shelf.value, time: new Date().toISOString(), ...(seed === undefined ? {} : { seed }) })
    : undefined
  const before = source === undefined ? [modelless(path)] : [...(loaded?.diagnostics ?? []), ...(store?.diagnostics ?? [])]
  if (source === undefined || !loaded?.ok || !store?.ok || hasErrors(before)) {
    close()
    return report(before, source ?? blank)
  }
  return { source, loaded: loaded.value, store: store.value, before, close }
}

function sourceOf(shelf: Shelf, path: string): SourceFile | undefined {
  return shelf.head() === undefined ? undefined : sourceIn(shelf, path)
}

function modelless(path: string): Diagnostic {
  return diagnostic('AMP801', `There is no store ${path} yet, and no model to begin one with.`, {
    place: path,
    expected: '--model FILE',
    hint: `amp write ${path} --model FILE.amp --observed NAME=FILE begins one.`,
  })
}
