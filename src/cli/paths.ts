import { indices } from '../inference/draws/draws.ts'
import type { Retrieved } from '../run/retrieval.ts'
import { elementName, type Labels } from './labels.ts'

/** The ways of retrievals as one table: a column each for the cue, its place on the way, the energy and the elements of states. */
export interface PathColumns {
  readonly names: readonly string[]
  /** How many of the columns are of elements of states: the last. */
  readonly elements: number
  readonly rows: Iterable<Float64Array>
}

/** `cues`: which each is of, from 0; in their order unless said. */
export function pathColumns(retrievals: readonly Retrieved[], labels: Labels, cues?: readonly number[]): PathColumns {
  const first = retrievals.find((r) => r.path.length > 0)?.path[0]
  if (first === undefined) return { names: [], elements: 0, rows: [] }
  const elements = Object.entries(first.states ?? {}).flatMap(([name, { axes, shape }]) =>
    indices(shape).map((at) => elementName(name, axes, at, labels)),
  )
  const names = ['cue', ...Object.keys(first.at ?? {}), 'step', 'flip', 'time', 'energy', ...elements]
  return { names, elements: elements.length, rows: rowsOf(retrievals, names.length, cues) }
}

function* rowsOf(retrievals: readonly Retrieved[], width: number, cues: readonly number[] | undefined): Generator<Float64Array> {
  for (const [r, { path }] of retrievals.entries()) {
    for (const { at = {}, step, flip, time, energy, states = {} } of path) {
      const row = new Float64Array(width)
      const start = [(cues?.[r] ?? r) + 1, ...Object.values(at), step, flip, time, energy]
      row.set(start)
      let place = start.length
      for (const { data } of Object.values(states)) {
        row.set(data, place)
        place += data.length
      }
      yield row
    }
  }
}
