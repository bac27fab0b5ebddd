import { must } from '../../base/internal-error.ts'
import { volumeOver } from '../../ir/layout.ts'
import * as ports from '../../middle/ports.ts'
import type { Run } from '../run.ts'
import type { MotionField, SimulationParts } from './field.ts'

/** One number for each row, and for each element of what it is of. */
export interface Trace {
  readonly name: string
  readonly kind: 'state' | 'let' | 'input'
  readonly axes: readonly string[]
  /** Numbers in a row. */
  readonly width: number
  /** Rows one after the other; elements are numbered from 1. */
  readonly values: Float64Array
}

/** A simulation as it was written down. */
export interface Recording {
  /** Two rows have one time where something changes at once: before and after. */
  readonly time: Float64Array
  readonly traces: readonly Trace[]
  /** The energy (nats) of each row, where the model has one. */
  readonly energy?: Float64Array
}

export interface Recorder {
  /** Writes a row down, of y as it is. */
  record(t: number): void
  /** The energy where y stands, if there is one. */
  energy(): number | undefined
  /** All rows so far; the next ones are those of another trajectory. */
  done(): Recording
}

export function openRecorder(run: Run<SimulationParts>, field: MotionField, shown: ReadonlySet<string>): Recorder {
  const { program } = run.parts
  const reports = field.open(program.reports)
  const first = new Map(program.states.map(({ name, type }) => [name, type.kind === 'element' ? 1 : 0]))
  const states = field.slots.map(({ name, axes, offset, length }) => ({
    ...{ name, kind: 'state' as const, axes, width: length, plus: first.get(name) ?? 0 },
    from: field.y.subarray(offset, offset + length),
  }))
  const lets = program.lets.map(({ name, axes }) => ({
    ...{ name, kind: 'let' as const, axes, width: volumeOver(axes, run.sizes), plus: 0 },
    from: must(reports.outputs.get(ports.quantity(name)), name),
  }))
  const all = [...states, ...lets].filter(({ name }) => shown.has(name))
  const total = reports.outputs.get(ports.energy)
  let time: number[] = []
  let energies: number[] = []
  let rows = all.map((): number[] => [])
  return {
    record(t) {
      reports.run()
      time.push(t)
      if (total !== undefined) energies.push(total[0] as number)
      all.forEach(({ from, plus }, i) => {
        for (const v of from) rows[i]?.push(v + plus)
      })
    },
    energy() {
      if (total === undefined) return undefined
      reports.run()
      return total[0]
    },
    done() {
      const recording: Recording = {
        time: Float64Array.from(time),
        traces: all.map(({ name, kind, axes, width }, i) => ({ name, kind, axes, width, values: Float64Array.from(rows[i] ?? []) })),
        ...(total === undefined ? {} : { energy: Float64Array.from(energies) }),
      }
      time = []
      energies = []
      rows = all.map(() => [])
      return recording
    },
  }
}
