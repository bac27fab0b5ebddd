import { InternalError, must } from '../../base/internal-error.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { Executable } from '../../middle/executable.ts'
import * as ports from '../../middle/ports.ts'
import type { SamplingProgram } from '../../middle/program.ts'
import type { LogDensity } from './density.ts'

/**
 * The log density of a sampling program's coordinates: all its states' coordinates, in the program's order, as one flat
 * vector. Here minus the energy becomes the log density. Other inputs (data, `temperature`, discrete states) are read
 * as they stand in the executable.
 */
export function fromProgram(program: SamplingProgram, executable: Executable): LogDensity {
  const coordinates = runs(program.states.map((s) => buffer(executable.inputs, ports.coordinate(s.name))))
  const gradients = runs(program.states.map((s) => buffer(executable.outputs, ports.gradient(s.name))))
  const energy = buffer(executable.outputs, ports.energy)
  const terms = program.terms.map((name) => ({ name, value: executable.outputs.get(ports.term(name)) }))
  const dimension = coordinates.reduce((sum, run) => sum + run.length, 0)
  return {
    dimension,
    evaluate(q, gradient) {
      scatter(q, coordinates)
      executable.run()
      gatherNegated(gradients, gradient)
      return -(energy[0] as number)
    },
    terms: () => terms.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value: value[0] as number }])),
  }
}

/**
 * Buffers for `ExecutableOptions`: every coordinate a view of one flat vector and every gradient of another, so that an
 * evaluation moves two vectors and not two per state.
 */
export function flatBuffers(program: SamplingProgram, sizes: Sizes): Map<string, Float64Array> {
  const buffers = new Map<string, Float64Array>()
  const lengths = program.states.map((s) => count(s.coordinateAxes, sizes))
  const total = lengths.reduce((sum, n) => sum + n, 0)
  for (const port of [ports.coordinate, ports.gradient]) {
    const flat = new Float64Array(total)
    let offset = 0
    program.states.forEach((s, i) => {
      const length = lengths[i] as number
      buffers.set(port(s.name), flat.subarray(offset, offset + length))
      offset += length
    })
  }
  return buffers
}

/** How many numbers axes of these sizes hold. */
export function count(axes: readonly string[], sizes: Sizes): number {
  return axes.reduce((product, axis) => product * must(sizes[axis], `size of axis ${axis}`), 1)
}

export function buffer(buffers: ReadonlyMap<string, Float64Array>, name: string): Float64Array {
  return must(buffers.get(name), `buffer of ${name}`)
}

/** Views that follow each other in one block of memory, joined. */
function runs(views: readonly Float64Array[]): Float64Array[] {
  const joined: Float64Array[] = []
  for (const view of views) {
    const before = joined.at(-1)
    if (before !== undefined && before.buffer === view.buffer && before.byteOffset + before.byteLength === view.byteOffset) {
      joined[joined.length - 1] = new Float64Array(view.buffer, before.byteOffset, before.length + view.length)
    } else joined.push(view)
  }
  return joined
}

function scatter(from: Float64Array, to: readonly Float64Array[]): void {
  let at = 0
  for (const run of to) for (let i = 0; i < run.length; i += 1) run[i] = from[at++] as number
  if (at !== from.length) throw new InternalError('a state vector of the wrong length')
}

function gatherNegated(from: readonly Float64Array[], to: Float64Array): void {
  let at = 0
  for (const run of from) for (let i = 0; i < run.length; i += 1) to[at++] = -(run[i] as number)
}
