import { must } from '../../base/internal-error.ts'
import { fold, type Key } from '../../base/random.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { Executable } from '../../middle/executable.ts'
import * as ports from '../../middle/ports.ts'
import type { Redraw } from '../samplers/ancestral.ts'
import type { ChainDraws, DrawnVariable } from './draws.ts'

/** More columns for every draw, worked out from those that are there. */
export interface DerivedColumns {
  readonly variables: readonly DrawnVariable[]
  readonly width: number
  /** `row` is the draw so far, `draw` its place in the chain under `key`. */
  write(row: Float64Array, out: Float64Array, key: Key, draw: number): void
}

/** A quantity computed from drawn ones: an executable with the output `value`, and the variables it reads as inputs. */
export interface Quantity {
  readonly name: string
  readonly axes: readonly string[]
  readonly executable: Executable
}

/** `there` tells what a row holds, `elements` which of it counts from 1 outside and from 0 inside. */
export interface DrawnRow {
  readonly there: readonly DrawnVariable[]
  readonly elements: ReadonlySet<string>
}

/** The quantity at every draw. Inputs that are not drawn are read as they stand. */
export function quantityColumns({ name, axes, executable }: Quantity, row: DrawnRow, sizes: Sizes): DerivedColumns {
  const value = must(executable.outputs.get(ports.result), 'value')
  const load = loader(executable, row)
  return {
    variables: [{ name, axes, shape: axes.map((a) => must(sizes[a], `size of ${a}`)) }],
    width: value.length,
    write(values, out) {
      load(values)
      executable.run()
      out.set(value)
    },
  }
}

/** New values of given variables, drawn from the model given each draw, as `NAME_rep`: posterior predictive draws. */
export function predictiveColumns(redraw: Redraw, executable: Executable, row: DrawnRow): DerivedColumns {
  const load = loader(executable, row)
  return {
    variables: redraw.variables.map((v) => ({ ...v, name: `${v.name}_rep` })),
    width: redraw.width,
    write(values, out, key, draw) {
      load(values)
      redraw.draw(fold(fold(key, 'predicted'), draw), out)
    },
  }
}

/** What is known of a variable: `known` is 1 where `values` holds a value, and 0 where it is to be drawn. */
export interface KnownInPart {
  readonly values: Float64Array
  readonly known: Float64Array
}

/** The unknown elements of given variables, drawn from the model given each draw; `parts` in the order of the variables. */
export function completingColumns(redraw: Redraw, executable: Executable, row: DrawnRow, parts: readonly KnownInPart[]): DerivedColumns {
  const load = loader(executable, row)
  return {
    variables: redraw.variables,
    width: redraw.width,
    write(values, out, key, draw) {
      load(values)
      redraw.draw(fold(fold(key, 'completed'), draw), out)
      let at = 0
      for (const { values: given, known } of parts) {
        for (let i = 0; i < known.length; i += 1, at += 1) if (known[i] === 1) out[at] = given[i] as number
      }
    },
  }
}

/** The draws of (a stretch of) a chain with the derived' columns; `first` is the place of the first draw, `key` the chain's. */
export function withDerived(chain: ChainDraws, before: number, derived: readonly DerivedColumns[], key: Key, first: number): ChainDraws {
  if (derived.length === 0) return chain
  const width = derived.reduce((sum, a) => sum + a.width, before)
  const values = new Float64Array(chain.count * width)
  for (let d = 0; d < chain.count; d += 1) {
    const row = chain.values.subarray(d * before, (d + 1) * before)
    values.set(row, d * width)
    let at = d * width + before
    for (const columns of derived) {
      columns.write(values.subarray(d * width, at), values.subarray(at, at + columns.width), key, first + d)
      at += columns.width
    }
  }
  return { ...chain, values }
}

/** Copies the drawn variables that an executable reads into its inputs. */
function loader(executable: Executable, { there, elements }: DrawnRow): (row: Float64Array) => void {
  const moves: { readonly name: string; readonly buffer: Float64Array; readonly at: number; readonly first: number }[] = []
  let at = 0
  for (const { name, shape } of there) {
    const buffer = executable.inputs.get(name)
    if (buffer !== undefined) moves.push({ name, buffer, at, first: elements.has(name) ? 1 : 0 })
    at += shape.reduce((n, size) => n * size, 1)
  }
  return (row) => {
    for (const { name, buffer, at: from, first } of moves) {
      for (let i = 0; i < buffer.length; i += 1) buffer[i] = (row[from + i] as number) - first
      executable.touch(name)
    }
  }
}
