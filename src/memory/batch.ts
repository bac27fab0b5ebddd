import { landscapeOf } from './landscape.ts'
import type { Machine } from './machine.ts'
import type { RelaxOptions } from './options.ts'
import { type Cue, type Retrieval, retrieve, setOut, type Walk } from './retrieve.ts'

/** The same for all cues, or each cue's own (its clamps, say). */
export type BatchOptions = RelaxOptions | ((cue: number) => RelaxOptions)

/**
 * Retrieves from many cues; the same results as one at a time. On a machine with several rows every run of the graph
 * looks at one point of each cue under way: each goes its own way (steps, halvings and all), and one that has come to
 * rest makes room for the next.
 */
export function retrieveBatch(machine: Machine, cues: readonly Cue[], options: BatchOptions = {}): readonly Retrieval[] {
  const optionsOf = typeof options === 'function' ? options : () => options
  if (machine.rows === 1) return cues.map((cue, k) => retrieve(machine, cue, optionsOf(k)))
  return sideBySide(machine, cues, optionsOf)
}

interface CueRow {
  readonly cue: number
  readonly walk: Walk
  step: ReturnType<Walk['path']['next']>
}

function sideBySide(machine: Machine, cues: readonly Cue[], optionsOf: (cue: number) => RelaxOptions): readonly Retrieval[] {
  const landscape = landscapeOf(machine)
  const results = new Array<Retrieval>(cues.length)
  let waiting = 0
  const start = (row: number): CueRow | undefined => {
    const cue = cues[waiting]
    if (cue === undefined) return undefined
    const walk = setOut(machine, cue, optionsOf(waiting), row)
    waiting += 1
    return { cue: waiting - 1, walk, step: walk.path.next() }
  }
  const rows = Array.from({ length: machine.rows }, (_, row) => start(row))
  while (rows.some((row) => row !== undefined)) {
    landscape.look(rows.map((row) => (row === undefined || row.step.done ? undefined : row.step.value)))
    // Reports read what this run left, so all are taken before any row starts anew.
    rows.forEach((row) => {
      if (row !== undefined) row.step = row.walk.path.next()
    })
    rows.forEach((row, at) => {
      if (row?.step.done !== true) return
      results[row.cue] = row.walk.report(row.step.value)
      rows[at] = start(at)
    })
  }
  return results
}
