import { load } from '../../api/load.ts'
import { openStore } from '../../api/store/open.ts'
import { counted } from '../../base/counted.ts'
import { onDisk } from '../../store-disk/open.ts'
import { readExported } from '../exported-store.ts'
import { sourceIn } from '../model-or-store.ts'
import { print, report } from '../terminal.ts'

/** Begins a store with all of one that was exported to a file, its journal included. */
export async function importStore(file: string, path: string, options: { readonly json?: boolean }): Promise<number> {
  const blank = { name: file, text: '' }
  const shelf = readExported(file)
  if (!shelf.ok) return report(shelf.diagnostics, blank)
  const source = sourceIn(shelf.value, file)
  const loaded = load(source)
  if (!loaded.ok) return report(loaded.diagnostics, source)
  const store = openStore(loaded.value, undefined, { shelf: shelf.value })
  if (!store.ok) return report(store.diagnostics, source)
  const disk = await onDisk(path, { from: shelf.value })
  if (!disk.ok) return report(disk.diagnostics, blank)
  disk.value.close()
  const { patterns, changes } = store.value.contents()
  const text = `Began ${path} with all of ${file}: ${counted(patterns, 'pattern')}, ${counted(changes, 'change')}.`
  print(options.json === true ? JSON.stringify({ patterns, changes }, null, 2) : text)
  return 0
}
