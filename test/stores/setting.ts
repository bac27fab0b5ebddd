import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Loaded, load } from '../../src/api/load.ts'
import { type OpenStore, openStore } from '../../src/api/store/open.ts'
import { importedShelf } from '../../src/api/store/portable.ts'
import { must } from '../../src/base/internal-error.ts'
import type { GivenByRole } from '../../src/bind/bound.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'
import { onDisk } from '../../src/store-disk/open.ts'

export const loadedOf = (text: string): Loaded => must(load({ name: 'm.amp', text }).value, 'model')
export const given = (inputs: Inputs): GivenByRole => must(givenOf(inputs).value, 'inputs')
/** Commits wait for the disk, which is not what most tests are about: in memory they do not. */
const temporary = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
export const newFolder = (): string => join(mkdtempSync(join(temporary, 'amp-store-')), 'store')

/** A store, and the same store again: as a program has it that starts anew. */
export interface Kept {
  readonly store: OpenStore
  again(): Promise<Kept>
}

/** The three ways in which a store is kept. */
export const ways: Readonly<Record<string, (loaded: Loaded, begun?: Inputs) => Promise<Kept>>> = {
  'in memory': async (loaded, begun) => {
    const kept: Kept = { store: must(openStore(loaded, given(begun ?? {})).value, 'store'), again: async () => kept }
    return kept
  },
  'exported and imported': async (loaded, begun) => {
    const kept = (store: OpenStore): Kept => ({
      store,
      again: async () =>
        kept(must(openStore(loaded, undefined, { shelf: must(importedShelf(store.export()).value, 'shelf') }).value, 'store')),
    })
    return kept(must(openStore(loaded, given(begun ?? {})).value, 'store'))
  },
  'on disk': async (loaded, begun) => {
    const folder = newFolder()
    const opened = async (inputs?: Inputs): Promise<Kept> => {
      const shelf = must((await onDisk(folder, { write: true })).value, 'shelf')
      const store = must(openStore(loaded, inputs && given(inputs), { shelf }).value, 'store')
      return {
        store,
        again: async () => {
          store.close()
          return opened()
        },
      }
    }
    return opened(begun ?? {})
  },
}

/** The numbers of a memory as a reading is given them. */
export function numbersOf(store: OpenStore, memory: string): readonly number[] | undefined {
  const value = store.given().value?.fixed.find((item) => item.name === memory)?.value
  return value?.kind === 'numbers' ? Array.from(value.data) : undefined
}
