import { openFolder } from '../open-store.ts'
import { changeInWords } from '../store-history.ts'
import { print, report } from '../terminal.ts'

/** Takes back the last change of a store. */
export async function undo(path: string, options: { readonly json?: boolean }): Promise<number> {
  const opened = await openFolder(path, { write: true })
  if (typeof opened === 'number') return opened
  const { source, store, before, close } = opened
  const undone = store.undo()
  const code = report([...before, ...undone.diagnostics], source)
  const { patterns, changes } = store.contents()
  close()
  if (!undone.ok) return code
  const text = `Took back change ${undone.value.number}: ${changeInWords(undone.value)}. ${path} holds ${patterns} now.`
  print(options.json === true ? JSON.stringify({ undone: undone.value, patterns, changes }, null, 2) : text)
  return code
}
