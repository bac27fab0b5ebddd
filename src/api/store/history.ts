import { must } from '../../base/internal-error.ts'
import type { JournalEntry, Shelf, StorePatch } from '../../memory/store/shelf.ts'

/** A change that a store went through, as its patches tell it. */
export interface PastChange extends Omit<JournalEntry, 'patches' | 'inverse'> {
  /** Memories of constant size that it changed: how many numbers, and by how much at most. */
  readonly numbers: readonly { readonly memory: string; readonly changed: number; readonly most: number }[]
}

/** Every change that was not undone, the first one first. */
export function storeHistory(shelf: Shelf): readonly PastChange[] {
  return Array.from(shelf.journal(), pastChange)
}

export function pastChange({ patches, inverse, ...entry }: JournalEntry): PastChange {
  const found = new Map<string, { changed: number; most: number }>()
  for (const patch of patches) {
    if (patch.path[0] !== 'numbers') continue
    const memory = String(patch.path[1])
    const so = found.get(memory) ?? { changed: 0, most: 0 }
    const [now, before] = [patch.value as Float64Array, valueBefore(patch, inverse)]
    now.forEach((v, i) => {
      const by = Math.abs(v - (before?.[i] ?? 0))
      if (by > 0) so.changed += 1
      so.most = Math.max(so.most, by)
    })
    found.set(memory, so)
  }
  return { ...entry, numbers: [...found].map(([memory, so]) => ({ memory, ...so })) }
}

/** What stood where a patch puts something; undefined where nothing did. */
function valueBefore({ path }: StorePatch, inverse: readonly StorePatch[]): Float64Array | undefined {
  const back = must(
    inverse.find((p) => p.path.every((step, i) => step === path[i])),
    'inverse patch',
  )
  return back.value as Float64Array | undefined
}
