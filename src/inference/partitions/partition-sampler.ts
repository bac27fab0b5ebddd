import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { log as logOf } from '../../base/special/logarithm.ts'
import { expectedElements, logPartition, type PartitionLaw } from '../../families/processes/partitions.ts'
import type { InitialOptions } from '../chains/initial.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import type { Block } from '../samplers/block.ts'
import { type DrawnState, settle } from '../samplers/drawn-state.ts'
import type { SeatingEngine } from './engine.ts'
import { drawConcentration } from './escobar-west.ts'
import { type Seats, seatAll } from './seats.ts'
import { slice } from './slice.ts'

/** A number that the law of partitions reads, drawn given the partition. */
export interface ProcessNumber {
  readonly name: string
  /** Its value, where the law reads it, and its place among all coordinates. */
  readonly value: Float64Array
  readonly place: number
  /** The log density of a coordinate but for the law of partitions; its value is there afterwards. */
  logDensity(coordinate: number): number
  /** The shape and the rate of its gamma prior, where it is the concentration of a Dirichlet process. */
  gamma?(): { readonly shape: number; readonly rate: number }
}

export interface PartitionSamplerOptions {
  /** The axis whose elements are shared out. */
  readonly axis: string
  readonly seats: Seats
  /** By thing the slot in which it is known to sit, or -1. */
  readonly known: Int32Array
  readonly engine: SeatingEngine
  /** The slot of each thing, for everybody to read: one after the other, the pickers' values. */
  readonly pickers: readonly { readonly name: string; readonly values: Float64Array }[]
  readonly law: () => PartitionLaw
  readonly numbers: readonly ProcessNumber[]
  /** Parameters that the engine draws, and their coordinates. */
  readonly states: readonly DrawnState[]
  /** All coordinates, whoever moves them; and `show`, which works all values out from them. */
  readonly coordinates: Float64Array
  show(): void
  readonly initial: Pick<InitialOptions, 'at' | 'around' | 'radius'>
  readonly temperature: number
}

/**
 * Shares out the elements of a random axis: who sits where, what each slot has where that is integrated out, and the numbers of the
 * process. `log_joint__` is the log of how likely the partition and what was seen are, up to what depends on no partition.
 */
export function partitionSampler(options: PartitionSamplerOptions): Block {
  const { axis, seats, known, engine, pickers, law, numbers, states, coordinates: all, show, initial, temperature } = options
  const things = seats.slots.length
  const own = Int32Array.from([
    ...states.flatMap((s) => [...s.places].filter((_, i) => s.held[i] !== 1)),
    ...numbers.map((n) => n.place),
  ]).sort()
  const position = new Float64Array(own.length + things)
  const columns = ['log_joint__', 'seated__', ...(engine.accepted === undefined ? [] : ['split_merge__'])]
  const statistics = new Float64Array(columns.length)
  const slots = seats.counts.length

  /** Writes the pickers' values and the position. */
  function publish(): void {
    let at = 0
    for (const { values } of pickers) for (let i = 0; i < values.length; i += 1) values[i] = seats.slots[at++] as number
    for (let i = 0; i < own.length; i += 1) position[i] = all[own[i] as number] as number
    position.set(seats.slots, own.length)
  }

  function place(values: ArrayLike<number>): void {
    for (let i = 0; i < own.length; i += 1) all[own[i] as number] = values[i] as number
    seatAll(
      seats,
      Int32Array.from({ length: things }, (_, i) => values[own.length + i] as number),
    )
    publish()
    show()
  }

  /** The law's numbers, in turn; by `slice`, but for one whose density is known. */
  function drawNumbers(stream: Stream): void {
    for (const number of numbers) {
      const { value, place: at, gamma } = number
      if (gamma !== undefined && temperature === 1) {
        const { shape, rate } = gamma()
        if (shape > 0 && rate > 0) {
          value[0] = drawConcentration(stream, value[0] as number, { n: things, blocks: seats.blocks, shape, rate })
          all[at] = logOf(value[0] as number)
          continue
        }
      }
      const log = (y: number): number => number.logDensity(y) + logPartition(law(), seats.counts) / temperature
      all[at] = slice(log, all[at] as number, stream)
      number.logDensity(all[at] as number)
    }
  }

  function failed(why: string): ChainFailure {
    return { kind: 'failed', sentence: why }
  }

  function drawAll(stream: Stream): ChainFailure | undefined {
    show()
    const trouble = engine.refresh()
    if (trouble !== undefined) return failed(`What an element of "${axis}" has ${trouble}.`)
    const moved = engine.step(law(), stream)
    if (moved < 0)
      return failed(`More than ${slots} elements of "${axis}" are wanted at once, and that is how many there is room for. Raise --slots.`)
    drawNumbers(stream)
    statistics[0] = logPartition(law(), seats.counts) / temperature + engine.logLikelihood()
    statistics[1] = moved / Math.max(1, things)
    if (engine.accepted !== undefined) statistics[2] = engine.accepted()
    engine.draw?.(stream)
    for (const state of states) settle(state, all)
    publish()
    return undefined
  }

  /** Chains start from partitions of different sizes, so that they have to find the same ones. */
  function someSeats(stream: Stream): Int32Array {
    const most = Math.min(Math.max(1, slots >> 1), Math.max(2, Math.ceil(2 * expectedElements(law(), things))))
    const blocks = 1 + stream.integer(most)
    return known.map((slot) => (slot < 0 ? stream.integer(blocks) : slot))
  }

  return {
    moves: [...pickers.map((p) => p.name), ...states.map((s) => s.name), ...numbers.map((n) => n.name)],
    position,
    columns,
    statistics,
    begin(_warmup, stream) {
      const { at, around, radius = 2 } = initial
      const first = Float64Array.from(own, (_, i) => {
        const given = at?.[i] ?? Number.NaN
        return Number.isNaN(given) ? (around?.[i] ?? 0) + radius * (2 * stream.uniform() - 1) : given
      })
      place([...first, ...known.map((slot) => Math.max(slot, 0))])
      seatAll(seats, someSeats(stream))
      publish()
      const trouble = engine.refresh()
      if (trouble !== undefined) return failed(`What an element of "${axis}" has ${trouble}.`)
      engine.draw?.(stream)
      for (const state of states) settle(state, all)
      publish()
      return undefined
    },
    step: (_warming, stream) => drawAll(stream),
    state: () => ({ seated: [...position] }),
    resume: (saved) => place(must(saved.seated, 'seats')),
    tuning: () => ({}),
    refresh: show,
  }
}
