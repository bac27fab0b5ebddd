import { must } from '../../base/internal-error.ts'
import type { Shelf } from '../../memory/store/shelf.ts'

/** So many numbers are put aside together (half a MiB). */
const BLOCK = 65_536

/** Patterns on their way into a store: put aside block by block, so that a stream of any length takes little memory. */
export interface PatternBlocks {
  add(rows: ReadonlyMap<string, Float64Array>, values: ReadonlyMap<string, Float64Array>): void
  count(): number
  /** All blocks, the last one too. */
  finish(): readonly { readonly count: number; readonly content?: string }[]
  /** A change refers to them now. */
  keep(): void
  /** What no change refers to is taken back. */
  close(): void
}

/** `appends`: memories that get a row of each pattern; `keeps`: states whose values are kept beside them. */
export function openBlocks(shelf: Shelf, appends: readonly string[], keeps: readonly string[]): PatternBlocks {
  const done: { readonly count: number; readonly content?: string }[] = []
  let [all, held] = [0, 0]
  let isKept = false
  const columns = new Map<string, Float64Array>()
  const widths = new Map<string, number>()
  const key = (kind: string, name: string): string => `${kind} ${name}`
  let capacity = 0

  const put = (id: string, value: Float64Array): void => {
    let column = columns.get(id) ?? new Float64Array(value.length)
    if (column.length < (held + 1) * value.length) {
      const wider = new Float64Array(Math.min(capacity, 2 * held) * value.length)
      wider.set(column)
      column = wider
    }
    columns.set(id, column)
    column.set(value, held * value.length)
    widths.set(id, value.length)
  }
  const side = (kind: string, names: readonly string[]): Record<string, Float64Array> =>
    Object.fromEntries(
      names.map((name) => {
        const id = key(kind, name)
        return [name, must(columns.get(id), name).slice(0, must(widths.get(id), name) * held)]
      }),
    )
  const flush = (): void => {
    if (held === 0) return
    const isEmpty = appends.length + keeps.length === 0
    done.push(
      isEmpty ? { count: held } : { count: held, content: shelf.stage({ rows: side('row', appends), written: side('state', keeps) }) },
    )
    held = 0
  }
  return {
    add(rows, values) {
      if (capacity === 0) {
        const width = [...appends.map((n) => must(rows.get(n), n)), ...keeps.map((n) => must(values.get(n), n))]
        const numbers = width.reduce((sum, v) => sum + v.length, 0)
        capacity = numbers === 0 ? Number.MAX_SAFE_INTEGER : Math.max(1, Math.floor(BLOCK / numbers))
      }
      for (const name of appends) put(key('row', name), must(rows.get(name), name))
      for (const name of keeps) put(key('state', name), must(values.get(name), name))
      held += 1
      all += 1
      if (held === capacity) flush()
    },
    count: () => all,
    finish() {
      flush()
      return done
    },
    keep() {
      isKept = true
    },
    close() {
      if (!isKept) shelf.unstage(done.flatMap((b) => b.content ?? []))
    },
  }
}
