import { existsSync, mkdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openStore } from '../../src/api/store/open.ts'
import { importedShelf } from '../../src/api/store/portable.ts'
import { diagnostic } from '../../src/base/diagnostic.ts'
import { must } from '../../src/base/internal-error.ts'
import { encoded } from '../../src/memory/store/codec.ts'
import { ShelfTrouble } from '../../src/memory/store/shelf.ts'
import { documentOf } from '../../src/memory/store/whole.ts'
import { onDisk } from '../../src/store-disk/open.ts'
import { given, loadedOf, newFolder, numbersOf } from './setting.ts'

const loaded = loadedOf(`memory xi[pattern, pixel]
memory T[pixel] = 0
param gain from normal(0, 1)
state x[pixel]
write xi[pattern = new] = x
write T = T + gain * x
forget T = T - gain * x
energy sum[pixel]((x - T)^2) - logsumexp[pattern](sum[pixel](xi * x))`)

/** Writes with a label, of several and of one, something forgotten, something undone. */
async function begun() {
  const store = must(openStore(loaded, undefined, { seed: 7, time: '2024-01-01T00:00:00Z' }).value, 'store')
  const x = (rows: readonly (readonly number[])[]) => given({ observed: { x: rows.map((row) => [...row]) } })
  await store.write(x([[0.1, -0], [1 / 3, 5e-324]]), { label: 'two', time: '2024-01-02T00:00:00Z' }) // biome-ignore format: rows
  await store.write(x([[2, 3]]))
  store.forget(given({}), { label: '1' })
  await store.write(x([[7, 7]]))
  store.undo()
  return store
}

const codesOf = ({ diagnostics }: { readonly diagnostics: readonly { readonly code: string }[] }) => diagnostics.map((d) => d.code)
const shelfOf = (bytes: Uint8Array) => must(importedShelf(bytes).value, 'shelf')

it('brings all of a store to disk, to the bit: numbers, history, what is undone, and what comes next', async () => {
  const store = await begun()
  const bytes = store.export()
  const folder = newFolder()
  must((await onDisk(folder, { from: shelfOf(bytes) })).value, 'shelf').close()
  const disk = must((await onDisk(folder, { write: true })).value, 'shelf')
  const again = must(openStore(loaded, undefined, { shelf: disk }).value, 'store')
  expect(Buffer.from(again.export()).equals(Buffer.from(bytes))).toBe(true)
  expect(again.contents()).toEqual(store.contents())
  const next = given({ observed: { x: [4, 5] } })
  expect((await again.write(next)).value).toEqual((await store.write(next)).value)
  for (;;) {
    expect(again.history()).toEqual(store.history())
    for (const memory of ['xi', 'T']) expect(numbersOf(again, memory)).toEqual(numbersOf(store, memory))
    const undone = store.undo()
    expect(again.undo().value).toEqual(undone.value)
    if (!undone.ok) break
  }
  again.close()
})

it('refuses bytes of which any one has changed, or leaves the store as it is', async () => {
  const store = await begun()
  const bytes = store.export()
  let refused = 0
  const places = Array.from({ length: 80 }, (_, i) => Math.floor((i * bytes.length) / 80))
  for (const place of places) {
    const other = bytes.slice()
    other[place] = (other[place] as number) ^ 0x11
    const shelf = importedShelf(other)
    if (shelf.ok) expect(documentOf(shelf.value)).toEqual(documentOf(shelfOf(bytes)))
    else {
      expect(codesOf(shelf)).toEqual(['AMP807'])
      refused += 1
    }
  }
  // But for bytes between text and numbers, which hold nothing.
  expect(refused).toBeGreaterThanOrEqual(79)
  for (const length of [0, 3, 4, 100, bytes.length - 8, bytes.length - 1])
    expect(codesOf(importedShelf(bytes.slice(0, length)))).toEqual(['AMP807'])
})

it('reads what was exported before there was a digest, where all of it is there', async () => {
  const shelf = shelfOf((await begun()).export())
  const document = documentOf(shelf)
  const head = must(shelf.head(), 'head')
  const journal = [...shelf.journal()]
  const contents = Object.fromEntries(Object.values(document.patterns).flatMap((page) => Object.values(page).map(({ content = '' }) => [content, shelf.content(content)]))) // biome-ignore format: one
  const first = { format: 'amp store', version: 1, head, document, journal, contents }
  const [id = ''] = Object.keys(contents)
  expect(documentOf(shelfOf(encoded(first)))).toEqual(document)
  expect(codesOf(importedShelf(encoded({ ...first, contents: { ...contents, [id]: undefined } })))).toEqual(['AMP807'])
  expect(codesOf(importedShelf(encoded({ ...first, journal: journal.slice(1) })))).toEqual(['AMP807'])
  expect(codesOf(importedShelf(encoded({ ...first, document: { patterns: null } })))).toEqual(['AMP807'])
  expect(codesOf(importedShelf(encoded({ ...first, version: 3 })))).toEqual(['AMP807'])
})

it('begins where no store is, and leaves nothing behind otherwise', async () => {
  const from = shelfOf((await begun()).export())
  const folder = newFolder()
  must((await onDisk(folder, { from })).value, 'shelf').close()
  expect(codesOf(await onDisk(folder, { from }))).toEqual(['AMP806'])
  const kept = must((await onDisk(folder)).value, 'shelf')
  expect(documentOf(kept)).toEqual(documentOf(from))
  kept.close()
  const broken = { ...from, content: () => { throw new ShelfTrouble(diagnostic('AMP807', 'no such numbers')) } } // biome-ignore format: one
  const other = newFolder()
  expect(codesOf(await onDisk(other, { from: broken }))).toEqual(['AMP807'])
  expect(existsSync(other)).toBe(false)
  mkdirSync(other)
  must((await onDisk(other, { from })).value, 'shelf').close()
})
