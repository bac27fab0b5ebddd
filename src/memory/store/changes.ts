import { applyPatches, enablePatches, type Patch, produceWithPatches } from 'immer'
import { must } from '../../base/internal-error.ts'
import { contentsAt, type StoreDocument, type StorePath } from './document.ts'
import type { JournalEntry, Shelf, ShelfUpdate, ShelfView, StoreHead, StorePatch } from './shelf.ts'

enablePatches()

/** A document that may be written to, inside a change. */
export type StoreDraft = { [P in keyof StoreDocument]: Record<string, Record<string, StoreDocument[P][string][string]>> }

/** What a change is, but for its number and its patches. */
export type StoreChange = Pick<JournalEntry, 'action' | 'label' | 'first' | 'count' | 'by' | 'time'>

/** The update that a recipe makes of the values at some paths, with its patches as its entry in the journal. */
export function changed(
  view: ShelfView,
  head: StoreHead,
  change: StoreChange,
  paths: readonly StorePath[],
  recipe: (draft: StoreDraft) => void,
): ShelfUpdate {
  const [document, patches, inverse] = produceWithPatches(view.part(paths), (draft) => recipe(draft as unknown as StoreDraft))
  const number = head.changes + 1
  const entry = { ...change, number, patches, inverse }
  return {
    head: { ...head, changes: number, version: head.version + 1 },
    paths: pathsOf(patches),
    document,
    journal: { push: [entry] },
    dropped: [],
  }
}

/** Takes back the last change by its inverse patches; returns it, or undefined where there is none. */
export function undo(shelf: Shelf): JournalEntry | undefined {
  let undone: JournalEntry | undefined
  shelf.transact((view) => {
    const { head } = view
    const last = view.last()
    undone = last
    if (last === undefined) return undefined
    const paths = pathsOf(last.inverse)
    const before = view.part(paths)
    const document = applyPatches(before, last.inverse as readonly Patch[])
    const { changes, version, ...rest } = must(head, 'head')
    return {
      head: { ...rest, changes: changes - 1, version: version + 1 },
      paths,
      document,
      journal: 'pop',
      dropped: contentsAt(before, paths).filter((id) => !contentsAt(document, paths).includes(id)),
    }
  })
  return undone
}

/** Where patches lead: every one is about a whole value. */
function pathsOf(patches: readonly StorePatch[]): readonly StorePath[] {
  return patches.map(({ path: [part, page, key] }) => [part, page, key].map(String) as unknown as StorePath)
}
