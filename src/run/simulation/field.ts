import type { OdeSystem } from '../../base/integrate/system.ts'
import { must } from '../../base/internal-error.ts'
import type { Graph } from '../../ir/graph.ts'
import { volumeOver } from '../../ir/layout.ts'
import type { Executable } from '../../middle/executable.ts'
import { open } from '../../middle/open.ts'
import * as ports from '../../middle/ports.ts'
import type { SimulationProgram } from '../../middle/simulation-program.ts'
import type { Presets } from '../complete.ts'
import type { Run } from '../run.ts'
import type { Signals } from './signals.ts'

/** Plain data, so that it can be written into a module. */
export interface SimulationParts extends Presets {
  readonly program: SimulationProgram
  /** The states and lets that are reported; all where it is left out. */
  readonly shown?: readonly string[]
}

/** Where each state stands among the numbers of y. */
export interface Slot {
  readonly name: string
  readonly axes: readonly string[]
  readonly offset: number
  readonly length: number
}

/** All numbers that move, and the graphs that read them. */
export interface MotionField {
  readonly slots: readonly Slot[]
  readonly length: number
  /** Every graph reads this. */
  readonly y: Float64Array
  readonly signals: Signals
  /** A graph over y and the signals, everything else worked out once. */
  open(graph: Graph): Executable
}

/** What is read by graphs as it is now: y, and the buffers of signals. */
export function openField(run: Run<SimulationParts>, signalsOver: (buffers: ReadonlyMap<string, Float64Array>) => Signals): MotionField {
  const { program } = run.parts
  const slots: Slot[] = []
  for (const { name, axes } of program.states) {
    const before = slots.at(-1)
    slots.push({ name, axes, offset: before === undefined ? 0 : before.offset + before.length, length: volumeOver(axes, run.sizes) })
  }
  const length = slots.reduce((sum, s) => sum + s.length, 0)
  const y = new Float64Array(length)
  const changing = new Map(slots.map((s) => [s.name, y.subarray(s.offset, s.offset + s.length)]))
  for (const { name } of program.inputs) {
    const value = must(run.fixed.get(name), name)
    changing.set(name, Float64Array.from(value))
  }
  for (const slot of slots) changing.get(slot.name)?.set(must(run.fixed.get(slot.name), slot.name))
  const still = new Map([...run.fixed].filter(([name]) => !changing.has(name)))
  const shared = new Map([...still, ...changing])
  const setting = { target: run.target, sizes: run.sizes, fixed: still }
  return { slots, length, y, signals: signalsOver(changing), open: (graph) => open(setting, graph, shared) }
}

/** dy/dt; of states without a flow it is 0. */
export function systemOf(field: MotionField, program: SimulationProgram): OdeSystem {
  const { slots, length, y, signals } = field
  const rates = field.open(program.rates)
  const velocities = slots.flatMap(({ name, offset }) => {
    const from = rates.outputs.get(ports.gradient(name))
    return from === undefined ? [] : [{ from, offset }]
  })
  const enter = (t: number, at: Float64Array): void => {
    y.set(at)
    if (signals.isLinear) signals.write(t)
  }
  const jacobian = program.slopes === undefined || length > MOST ? undefined : openSlopes(field, program.slopes)
  return {
    length,
    rate(t, at, out) {
      enter(t, at)
      rates.run()
      out.fill(0)
      for (const { from, offset } of velocities) out.set(from, offset)
    },
    ...(jacobian === undefined
      ? {}
      : {
          jacobian(t, at, out) {
            enter(t, at)
            jacobian(out)
          },
        }),
  }
}

/** Up to so many numbers there is a matrix of slopes. */
const MOST = 2000

/** The Jacobian where y stands, row by row. */
function openSlopes({ slots, length, open: opened }: MotionField, graph: Graph): (out: Float64Array) => void {
  const executable = opened(graph)
  const seeds = slots.map(({ name, offset, length: count }) => ({
    offset,
    count,
    seed: executable.inputs.get(ports.coordinate(name)),
  }))
  const columns = slots.flatMap(({ name, offset }) => {
    const from = executable.outputs.get(ports.gradient(name))
    return from === undefined ? [] : [{ from, offset }]
  })
  return (out) => {
    out.fill(0)
    for (const { seed } of seeds) seed?.fill(0)
    for (const { seed, offset, count } of seeds) {
      if (seed === undefined) continue
      for (let i = 0; i < count; i += 1) {
        seed[i] = 1
        executable.run()
        seed[i] = 0
        for (const column of columns) out.set(column.from, (offset + i) * length + column.offset)
      }
    }
  }
}
