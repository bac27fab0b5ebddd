import { must } from '../base/internal-error.ts'
import type { DrawnState } from '../inference/samplers/drawn-state.ts'
import { open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import type { Run } from './run.ts'
import type { SamplingParts } from './sampling.ts'

/** What is asked of a run. */
export type ExactRun = Pick<Run<SamplingParts>, 'parts' | 'target' | 'sizes' | 'fixed'>

/** Where blocks that draw values, and not coordinates, find and leave what moves. */
export interface ValueSetting {
  /** Buffers of inputs and outputs that all executables of the run work in. */
  readonly shared: ReadonlyMap<string, Float64Array>
  /** All coordinates, which other blocks move, too; and the places in it of each state's. */
  readonly coordinates: Float64Array
  readonly placesOf: (state: string) => Int32Array
  /** 1 for the coordinates that stay. */
  readonly held: Uint8Array
}

export interface DrawnValues {
  /** Where the values are of all that is given and all that moves, by name. */
  readonly known: ReadonlyMap<string, Float64Array>
  readonly states: readonly DrawnState[]
  /** Works the values of all states out from their coordinates. */
  show(): void
}

/** The values of some states, which are written where everybody reads them, and their coordinates found from them. */
export function drawnValues(run: ExactRun, names: readonly string[], { shared, coordinates, placesOf, held }: ValueSetting): DrawnValues {
  const { program, inverses, values } = run.parts
  const known = new Map(run.fixed)
  for (const { name } of [...program.states, ...program.discrete]) known.set(name, must(shared.get(ports.value(name)), name))
  const states = names.map((name): DrawnState => {
    const places = placesOf(name)
    const own = must(known.get(name), name)
    const stays = held.subarray(places[0] ?? 0, (places[0] ?? 0) + places.length)
    const inverse = inverses.find((i) => i.name === name)
    if (inverse === undefined) return { name, places, held: stays, coordinates: own, invert: () => undefined }
    const executable = open(run, inverse.graph, new Map(known).set(ports.value(name), own))
    const found = must(executable.outputs.get(ports.coordinate(name)), name)
    return { name, places, held: stays, coordinates: found, invert: () => executable.run() }
  })
  const show = open(run, must(values, 'values of states'), shared)
  const inputs = program.states.map((s) => ({ buffer: show.inputs.get(ports.coordinate(s.name)), places: placesOf(s.name) }))
  return {
    known,
    states,
    show() {
      for (const { buffer, places } of inputs) buffer?.set(coordinates.subarray(places[0] ?? 0, (places[0] ?? 0) + places.length))
      show.run()
    },
  }
}
