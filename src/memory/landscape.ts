import { must } from '../base/internal-error.ts'
import type { Executable } from '../middle/executable.ts'
import * as ports from '../middle/ports.ts'
import type { RetrievalProgram } from '../middle/program.ts'
import type { Layout, StateBlock } from './layout.ts'
import type { Machine } from './machine.ts'
import type { StatePoint } from './point.ts'

/** Asks an executable about points. On a machine with several rows, a point a row. */
export interface Landscape {
  /** Fills in every point that is there, in one run; a row without a point repeats what it last held. */
  look(points: readonly (StatePoint | undefined)[]): void
}

export function landscapeOf(machine: Machine): Landscape {
  const { program, executable, layout, rows, inner } = machine
  const writers = layout.blocks.map((block) => writer(block, executable))
  const readers = layout.blocks.flatMap((block) => readersOf(block, executable, rows))
  const total = totalReader(program, executable, rows)
  return {
    look(points) {
      points.forEach((point, row) => {
        if (point !== undefined) for (const write of writers) write(point, row)
      })
      executable.run()
      points.forEach((point, row) => {
        if (point === undefined) return
        for (const read of readers) read(point, row)
        total(point, row)
        point.fault ??= gradientFault(point, layout)
        if (inner !== undefined && Number.isNaN(point.energy)) point.fault = inner.trouble() ?? point.fault
      })
    },
  }
}

type Access = (point: StatePoint, row: number) => void

function writer(block: StateBlock, executable: Executable): Access {
  const buffer = executable.inputs.get(ports.coordinate(block.state.name))
  // A state that no term uses is no input of the graph.
  if (buffer === undefined) return () => {}
  return (point, row) => copy(point.x, block.offset, buffer, row * block.length, block.length)
}

type ArrayOfPoint = 'gradient' | 'curvature' | 'target' | 'reach' | 'smooth' | 'bend' | 'weight' | 'centre' | 'lower' | 'upper' | 'tau'

type PortReading = readonly [ArrayOfPoint, (state: string) => string, 1 | -1]

const split: readonly PortReading[] = [
  ['smooth', ports.smoothGradient, 1],
  ['bend', ports.smoothCurvature, 1],
  ['weight', ports.kinkWeight, 1],
  ['centre', ports.kinkCentre, 1],
]

/** What a point has of a state, from which output, and with which sign. */
const read: Readonly<Record<StateBlock['state']['move']['kind'], readonly PortReading[]>> = {
  free: [
    ['gradient', ports.gradient, 1],
    ['curvature', ports.curvature, 1],
    ['target', ports.target, 1],
    ['reach', ports.reach, 1],
    ...split,
  ],
  box: [['gradient', ports.gradient, 1], ['curvature', ports.curvature, 1], ['lower', ports.lower, 1], ['upper', ports.upper, 1], ...split],
  sphere: [
    ['gradient', ports.gradient, 1],
    ['curvature', ports.curvature, 1],
  ],
  neuron: [
    ['gradient', ports.drive, -1],
    ['tau', ports.tau, 1],
  ],
}

function readersOf(block: StateBlock, executable: Executable, rows: number): readonly Access[] {
  const { name, move, curvature, mirror, proximal } = block.state
  const absent = new Set<ArrayOfPoint>([
    ...(curvature ? [] : (['curvature'] as const)),
    ...(mirror === undefined ? (['target'] as const) : []),
    ...(mirror?.bounded === true ? [] : (['reach'] as const)),
    ...(proximal === undefined ? (['smooth'] as const) : []),
    ...(proximal?.curvature === true ? [] : (['bend'] as const)),
    ...(proximal?.kinked === true ? [] : (['weight', 'centre'] as const)),
  ])
  return read[move.kind].flatMap(([into, port, sign]) => {
    if (absent.has(into)) return []
    return [reader(block, rows, output(executable, port(name)), into, sign)]
  })
}

function reader(block: StateBlock, rows: number, buffer: Float64Array, into: ArrayOfPoint, sign: 1 | -1): Access {
  const { offset, length } = block
  const rowStride = buffer.length === rows * length ? length : 0
  return (point, row) => {
    const to = point[into]
    copy(buffer, row * rowStride, to, offset, length)
    if (sign === -1) for (let i = offset; i < offset + length; i += 1) to[i] = -(to[i] as number)
  }
}

/** Views cost more than they save for a few numbers. */
function copy(from: Float64Array, at: number, to: Float64Array, into: number, length: number): void {
  if (length > 64) to.set(from.subarray(at, at + length), into)
  else for (let i = 0; i < length; i += 1) to[into + i] = from[at + i] as number
}

function totalReader(program: RetrievalProgram, executable: Executable, rows: number): Access {
  const energy = output(executable, ports.energy)
  const terms = program.terms.map((name) => ({ name, buffer: output(executable, ports.term(name)) }))
  const at = (buffer: Float64Array, row: number): number => buffer[buffer.length === rows ? row : 0] as number
  return (point, row) => {
    point.energy = at(energy, row)
    point.scale = 0
    point.fault = undefined
    for (const { name, buffer } of terms) {
      const value = at(buffer, row)
      if (Number.isNaN(value)) point.fault ??= notNumber(`the term ${name}`)
      if (Number.isFinite(value)) point.scale += Math.abs(value)
    }
    if (Number.isNaN(point.energy)) point.fault ??= notNumber('the energy')
  }
}

const notNumber = (what: string): string => `${what} is not a number (NaN)`

/** Where the energy is finite its gradient has to be, too, for every coordinate that may move. */
function gradientFault(point: StatePoint, layout: Layout): string | undefined {
  if (!Number.isFinite(point.energy)) return undefined
  for (const block of layout.blocks) {
    for (let i = block.offset; i < block.offset + block.length; i += 1) {
      if (!Number.isFinite(point.gradient[i] as number) && point.held[i] === 0) return notNumber(`the gradient for ${block.state.name}`)
    }
  }
  return undefined
}

function output(executable: Executable, name: string): Float64Array {
  return must(executable.outputs.get(name), `output ${name}`)
}
