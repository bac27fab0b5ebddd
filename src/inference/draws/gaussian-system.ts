import { must } from '../../base/internal-error.ts'
import type { OutputPort, Sizes } from '../../ir/graph.ts'
import { offsets, stridesOver, volumeOver } from '../../ir/layout.ts'
import type { GaussianDraw, GaussianVariable, PrecisionBlock } from '../../middle/conditional-draw.ts'
import type { Executable } from '../../middle/executable.ts'
import * as ports from '../../middle/ports.ts'
import { buffer } from '../density/program-density.ts'
import { type SparseFactor, sparseCholesky } from './sparse-cholesky.ts'

/** What a Gaussian is opened with: the graph of the draw made ready, and the values that it writes, by name. */
export interface GaussianSetting {
  readonly executable: Executable
  readonly sizes: Sizes
  readonly values: ReadonlyMap<string, Float64Array>
  /** 1 for the elements that stay, of the variables of which some do: they are conditioned on. */
  readonly held: ReadonlyMap<string, Uint8Array>
}

/** P x = h with P = L L', of all elements that move. Along axes on which P does not depend one factor serves all repetitions. */
export interface GaussianSystem {
  readonly size: number
  readonly repeated: readonly string[]
  readonly repeats: number
  readonly parts: readonly DrawnPart[]
  readonly factor: SparseFactor
  /** Works P and h out, and factors; the name of a variable at which P is not positive, or none. */
  refactor(): string | undefined
  /** h of a repetition, what is held conditioned on. */
  read(repeat: number, x: Float64Array): void
  /** x to the values of a repetition, or those of the same layout in `into`. */
  write(repeat: number, x: Float64Array, into?: ReadonlyMap<string, Float64Array>): void
}

/** The variables with most elements come first, since elements that are independent of each other then cost one operation each. */
export function gaussianSystem(draw: GaussianDraw, setting: GaussianSetting): GaussianSystem {
  const { executable, sizes } = setting
  const repeated = repeatedAxes(draw, setting)
  const parts = partsOf(draw, setting, repeated)
  const blocks = draw.blocks.map((block) => openBlock(block, draw, setting, parts))
  const size = parts.reduce((n, p) => n + p.places.reduce((m, place) => (place < 0 ? m : m + 1), 0), 0)
  const [rows, columns] = [joined(blocks.map((b) => b.rows)), joined(blocks.map((b) => b.columns))]
  const factor = sparseCholesky(size, rows, columns)
  const numbers = new Float64Array(rows.length)

  function gather(): void {
    let at = 0
    for (const { matrix, sources } of blocks) {
      for (let i = 0; i < sources.length; i += 1) numbers[at++] = matrix[sources[i] as number] as number
    }
  }

  return {
    ...{ size, repeated, repeats: volumeOver(repeated, sizes), parts, factor },
    refactor() {
      executable.run()
      gather()
      const failed = factor.factor(numbers)
      return failed < 0 ? undefined : parts.find((p) => p.places.includes(failed))?.variable.name
    },
    read(repeat, x) {
      for (const part of parts) read(part, repeat, x)
      for (const block of blocks) block.condition(x)
    },
    write(repeat, x, into) {
      for (const part of parts) write(part, repeat, x, into?.get(part.variable.name) ?? part.values)
    },
  }
}

/** Axes of all variables along which no two elements meet and P does not vary, so long as nothing is held. */
function repeatedAxes({ variables, blocks, graph }: GaussianDraw, { held }: GaussianSetting): readonly string[] {
  const [first] = variables
  if (first === undefined || variables.some((v) => held.get(v.name)?.includes(1) === true)) return []
  const isItself = (name: string, called: readonly string[], axis: string): boolean => {
    const axes = variables.find((v) => v.name === name)?.axes ?? []
    return axes.includes(axis) && axes.every((a, i) => (a === axis) === (called[i] === axis))
  }
  const isRepeated = (axis: string) => (b: PrecisionBlock) =>
    !portOf(graph.outputs, b.port).axes.includes(axis) && isItself(b.row, b.rowAxes, axis) && isItself(b.column, b.columnAxes, axis)
  return first.axes.filter((axis) => blocks.every(isRepeated(axis)))
}

/** A variable of a Gaussian: its values, and the linear term over them. */
export interface DrawnPart {
  readonly variable: GaussianVariable
  readonly values: Float64Array
  readonly linear: Float64Array
  /** Its axes that are not repeated. */
  readonly axes: readonly string[]
  /** The elements over these axes: where each is among the values, and among all that moves; -1 where it is held. */
  readonly elements: Int32Array
  readonly places: Int32Array
  /** How far on those of each repetition lie. */
  readonly bases: Int32Array
}

function partsOf({ variables }: GaussianDraw, setting: GaussianSetting, repeated: readonly string[]): readonly DrawnPart[] {
  const { executable, sizes } = setting
  const volume = (v: GaussianVariable): number => volumeOver(v.axes, sizes)
  let next = 0
  return [...variables]
    .sort((a, b) => volume(b) - volume(a))
    .map((variable) => {
      const { name } = variable
      const axes = variable.axes.filter((axis) => !repeated.includes(axis))
      const strides = stridesOver(variable.axes, sizes)
      const elements = offsets(axes, sizes, strides)
      const held = setting.held.get(name)
      const places = elements.map((at) => (held?.[at] === 1 ? -1 : next++))
      const linear = buffer(executable.outputs, ports.coefficient(name, 'linear'))
      return { variable, values: buffer(setting.values, name), linear, axes, elements, places, bases: offsets(repeated, sizes, strides) }
    })
}

function read({ linear, elements, places, bases }: DrawnPart, repeat: number, x: Float64Array): void {
  const base = bases[repeat] as number
  for (let i = 0; i < places.length; i += 1) {
    const place = places[i] as number
    if (place >= 0) x[place] = linear[base + (elements[i] as number)] as number
  }
}

function write({ elements, places, bases }: DrawnPart, repeat: number, x: Float64Array, values: Float64Array): void {
  const base = bases[repeat] as number
  for (let i = 0; i < places.length; i += 1) {
    const place = places[i] as number
    if (place >= 0) values[base + (elements[i] as number)] = x[place] as number
  }
}

/** Entries of the lower triangle between elements that move, and where in `matrix` their numbers are. */
interface OpenBlock {
  readonly matrix: Float64Array
  readonly rows: readonly number[]
  readonly columns: readonly number[]
  readonly sources: readonly number[]
  /** Takes what is held, times its entries, off the linear term. */
  condition(linear: Float64Array): void
}

function openBlock(
  block: PrecisionBlock,
  { graph }: GaussianDraw,
  { executable, sizes }: GaussianSetting,
  parts: readonly DrawnPart[],
): OpenBlock {
  const matrix = buffer(executable.outputs, block.port)
  const port = portOf(graph.outputs, block.port)
  const [row, column] = [partOf(parts, block.row), partOf(parts, block.column)]
  const [byRow, byColumn] = [calledIn(row, block.rowAxes, sizes), calledIn(column, block.columnAxes, sizes)]
  const axes = [...new Set([...port.axes, ...byRow.keys(), ...byColumn.keys()])]
  const [at, rowOf, columnOf] = [stridesOver(port.axes, sizes), byRow, byColumn].map((s) => offsets(axes, sizes, s)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const entries = { rows: [] as number[], columns: [] as number[], sources: [] as number[] }
  const known: { readonly source: number; readonly place: number; readonly of: DrawnPart; readonly element: number }[] = []
  for (let e = 0; e < at.length; e += 1) {
    const [i, j, source] = [rowOf[e] as number, columnOf[e] as number, at[e] as number]
    const [r, c] = [row.places[i] as number, column.places[j] as number]
    // A block of a variable with itself has both of each pair.
    if (r >= 0 && c >= 0 && (row !== column || r >= c)) {
      entries.rows.push(Math.max(r, c))
      entries.columns.push(Math.min(r, c))
      entries.sources.push(source)
    }
    if (r >= 0 && c < 0) known.push({ source, place: r, of: column, element: column.elements[j] as number })
    if (r < 0 && c >= 0 && row !== column) known.push({ source, place: c, of: row, element: row.elements[i] as number })
  }
  return {
    ...{ matrix, ...entries },
    condition(linear) {
      for (const { source, place, of, element } of known)
        linear[place] = (linear[place] as number) - (matrix[source] as number) * (of.values[element] as number)
    },
  }
}

/** How far apart neighbours along each axis of a block lie among the elements of a part; along both where one stands for two. */
export function calledIn({ variable, axes }: DrawnPart, called: readonly string[], sizes: Sizes): ReadonlyMap<string, number> {
  const own = stridesOver(axes, sizes)
  const strides = new Map<string, number>()
  variable.axes.forEach((axis, i) => {
    const name = must(called[i], axis)
    const stride = own.get(axis)
    if (stride !== undefined) strides.set(name, (strides.get(name) ?? 0) + stride)
  })
  return strides
}

function partOf(parts: readonly DrawnPart[], name: string): DrawnPart {
  return must(
    parts.find((p) => p.variable.name === name),
    name,
  )
}

function portOf(outputs: readonly OutputPort[], name: string): OutputPort {
  return must(
    outputs.find((o) => o.name === name),
    name,
  )
}

function joined(lists: readonly (readonly number[])[]): Int32Array {
  return Int32Array.from(lists.flat())
}
