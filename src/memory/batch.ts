import { landscapeOf } from './landscape.ts'
import type { Machine } from './machine.ts'
import type { RelaxOptions } from './options.ts'
import { type Cue, type Retrieval, setOut, type Walk } from './retrieve.ts'

/** The same for all cues, or each cue's own (its clamps, say). */
export type BatchOptions = RelaxOptions | ((cue: number) => RelaxOptions)

/** Retrieves from many cues; the same results as one at a time. */
export function retrieveBatch(machine: Machine, cues: readonly Cue[], options: BatchOptions = {}): readonly Retrieval[] {
  const results = new Array<Retrieval>(cues.length)
  const path = retrieving(machine, cues, options, (cue, retrieval) => {
    results[cue] = retrieval
  })
  while (!path.next().done);
  return results
}

/** Called with each cue that came to its end. */
export type Keep = (cue: number, retrieval: Retrieval) => void

/**
 * The same, for whoever does something else in between: yields now and then, so that it can be left off. On a machine with
 * several rows every run of the graph looks at one point of each cue under way: each goes its own way (steps, halvings and
 * all), and one that has come to rest makes room for the next.
 */
export function retrieving(machine: Machine, cues: readonly Cue[], options: BatchOptions, keep: Keep): Generator<void, void, void> {
  const optionsOf = typeof options === 'function' ? options : () => options
  return machine.rows === 1 ? inTurn(machine, cues, optionsOf, keep) : sideBySide(machine, cues, optionsOf, keep)
}

/** Looks at so many numbers take far longer than to yield. */
const STRETCH = 1 << 16

function* inTurn(
  machine: Machine,
  cues: readonly Cue[],
  optionsOf: (cue: number) => RelaxOptions,
  keep: Keep,
): Generator<void, void, void> {
  const landscape = landscapeOf(machine)
  const numbers = [...machine.executable.inputs.values()].reduce((sum, { length }) => sum + length, 1)
  let since = 0
  for (const [cue, values] of cues.entries()) {
    const walk = setOut(machine, values, optionsOf(cue), 0)
    let next = walk.path.next()
    while (!next.done) {
      landscape.look([next.value])
      next = walk.path.next()
      since += numbers
      if (since < STRETCH) continue
      since = 0
      if (!next.done) yield
    }
    keep(cue, walk.report(next.value))
  }
}

interface CueRow {
  readonly cue: number
  readonly walk: Walk
  step: ReturnType<Walk['path']['next']>
}

function* sideBySide(
  machine: Machine,
  cues: readonly Cue[],
  optionsOf: (cue: number) => RelaxOptions,
  keep: Keep,
): Generator<void, void, void> {
  const landscape = landscapeOf(machine)
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
      keep(row.cue, row.walk.report(row.step.value))
      rows[at] = start(at)
    })
    yield
  }
}
