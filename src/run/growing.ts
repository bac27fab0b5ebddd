import { must } from '../base/internal-error.ts'
import type { Stream } from '../base/random.ts'
import { exp } from '../base/special/exponential.ts'
import { log as logOf } from '../base/special/logarithm.ts'
import { newWeight, type PartitionLaw, seatTotal, seatWeight } from '../families/processes/partitions.ts'
import type { Sizes } from '../ir/graph.ts'
import { volumeOver } from '../ir/layout.ts'
import type { Executable, Target } from '../middle/executable.ts'
import type { GrowingProgram } from '../middle/growing.ts'
import * as ports from '../middle/ports.ts'

/** How a pattern is assigned: to the likeliest element, to all by their shares, or to one that is drawn by them. */
export type AssignBy = 'map' | 'soft' | 'sample'

/** What elements have: one number, or a row of each parameter, an element. */
export interface GrownElements {
  readonly counts: Float64Array
  readonly parameters: ReadonlyMap<string, Float64Array>
  /** What each is called: the number of the pattern that opened it, since those are never given twice. */
  readonly names: Float64Array
}

export interface GrowingStart {
  readonly sizes: Sizes
  /** Data and params. */
  readonly values: ReadonlyMap<string, Float64Array>
  readonly law: PartitionLaw
  readonly elements: GrownElements
  readonly assign: AssignBy
  /** For `sample`. */
  readonly stream: Stream
}

/** A memory over an axis that grows, made ready for pattern after pattern. */
export interface Growing {
  /** Values of states, to be filled before each step; elements are numbered from 0. */
  state(name: string): Float64Array | undefined
  /**
   * Writes the pattern of this number; returns the position of the element that took it, or most of it. Where no element can have made
   * it, nothing is written and the position is -1. Allocates nothing but where it grows.
   */
  step(pattern: number): number
  /** Takes the pattern that the states hold back from the element of this number, which goes with its last one; whether it is there. */
  back(name: number): boolean
  /** The log density of the last pattern given those before it. */
  logDensity(): number
  /** How the last pattern was shared: by position, over the elements before it and a new one. A view. */
  shares(): Float64Array
  count(): number
  /** What the element at a position is called. */
  nameAt(position: number): number
  /** As it is now, copied. */
  elements(): GrownElements
  dispose(): void
}

const FIRST_ROOM = 8

export function noElements(program: GrowingProgram): GrownElements {
  const parameters = new Map(program.parameters.map((p) => [p.name, new Float64Array(0)]))
  return { counts: new Float64Array(0), parameters, names: new Float64Array(0) }
}

/** What parameters are of an element that no pattern took, a row each. */
export function priorRows(
  program: GrowingProgram,
  target: Target,
  sizes: Sizes,
  values: GrowingStart['values'],
): Map<string, Float64Array> {
  const executable = filled(target(program.prior, { ...sizes, [program.axis]: 1 }), values)
  executable.run()
  const rows = new Map(program.parameters.map((p) => [p.name, Float64Array.from(must(executable.outputs.get(p.name), p.name))]))
  executable.dispose()
  return rows
}

export function openGrowing(program: GrowingProgram, target: Target, start: GrowingStart): Growing {
  const { sizes, values, law, assign, stream } = start
  const prior = priorRows(program, target, sizes, values)
  const widths = new Map(program.parameters.map((p) => [p.name, volumeOver(p.axes, sizes)]))
  let elements = start.elements.counts.length
  let n = start.elements.counts.reduce((sum, c) => sum + c, 0)
  let log = 0
  let room = open(Math.max(FIRST_ROOM, elements + 1), start.elements)

  function open(size: number, from: GrownElements): Room {
    const executable = filled(target(program.graph, { ...sizes, [program.axis]: size }), values)
    const parameters = program.parameters.map(({ name }) => {
      const [width, row] = [must(widths.get(name), name), must(prior.get(name), name)]
      const data = executable.inputs.get(name) ?? new Float64Array(size * width)
      const own = must(from.parameters.get(name), name)
      data.set(own)
      for (let at = own.length; at < data.length; at += width) data.set(row, at)
      return { name, width, data, added: must(executable.outputs.get(ports.added(name)), name) }
    })
    const longer = (numbers: Float64Array): Float64Array => {
      const all = new Float64Array(size)
      all.set(numbers)
      return all
    }
    return {
      ...{ size, executable, parameters, score: must(executable.outputs.get(ports.score), 'score') },
      ...{ counts: longer(from.counts), names: longer(from.names), shares: new Float64Array(size) },
      seats: longer(from.counts.map((c) => logOf(seatWeight(law, c)))),
    }
  }

  function snapshot(): GrownElements {
    const { counts, names, parameters } = room
    return {
      ...{ counts: counts.slice(0, elements), names: names.slice(0, elements) },
      parameters: new Map(parameters.map(({ name, data, width }) => [name, data.slice(0, elements * width)])),
    }
  }

  /** An element more, of which nothing is known but the prior. */
  function grow(pattern: number): void {
    room.names[elements] = pattern
    elements += 1
    if (elements < room.size) return
    const { executable } = room
    const states = program.states.map(({ name }) => [name, executable.inputs.get(name)?.slice()] as const)
    const added = room.parameters.map((p) => p.added.slice())
    room = open(2 * room.size, snapshot())
    executable.dispose()
    for (const [name, data] of states) if (data !== undefined) room.executable.inputs.get(name)?.set(data)
    for (const [i, p] of room.parameters.entries()) p.added.set(must(added[i], p.name))
  }

  function take(k: number, share: number): void {
    const { counts, seats, parameters } = room
    counts[k] = (counts[k] as number) + share
    seats[k] = logOf(seatWeight(law, counts[k] as number))
    n += share
    for (let i = 0; i < parameters.length; i += 1) {
      const { data, width, added } = parameters[i] as RoomParameter
      for (let j = 0, at = k * width; j < width; j += 1, at += 1) data[at] = (data[at] as number) + share * (added[j] as number)
    }
  }

  /** Those behind it move up. */
  function remove(k: number): void {
    const { counts, names, seats, parameters } = room
    for (const all of [counts, names, seats]) all.copyWithin(k, k + 1, elements)
    elements -= 1
    for (const { name, width, data } of parameters) {
      data.copyWithin(k * width, (k + 1) * width, (elements + 1) * width)
      data.set(must(prior.get(name), name), elements * width)
    }
    counts[elements] = 0
  }

  /** Shares of all elements and of a new one; returns the position of the largest, the first of equal ones. */
  function weigh(): number {
    const { score, seats, shares } = room
    seats[elements] = logOf(newWeight(law, elements))
    let [most, best] = [Number.NEGATIVE_INFINITY, 0]
    for (let k = 0; k <= elements; k += 1) {
      const joint = (score[k] as number) + (seats[k] as number)
      shares[k] = joint
      if (joint > most) [most, best] = [joint, k]
    }
    if (!Number.isFinite(most)) return -1
    let total = 0
    for (let k = 0; k <= elements; k += 1) {
      const weight = exp((shares[k] as number) - most)
      shares[k] = weight
      total += weight
    }
    for (let k = 0; k <= elements; k += 1) shares[k] = (shares[k] as number) / total
    log = most + logOf(total) - logOf(seatTotal(law, n))
    return best
  }

  function drawn(): number {
    let left = stream.uniform()
    for (let k = 0; k < elements; k += 1) {
      left -= room.shares[k] as number
      if (left < 0) return k
    }
    return elements
  }

  /** Where nothing new is opened, what the new one would get goes to the others. */
  function shareOut(opens: boolean, before: number): void {
    const { shares } = room
    const fresh = shares[before] as number
    const rest = opens ? 1 : 1 - fresh
    for (let k = 0; k < before; k += 1) take(k, (shares[k] as number) / rest)
    if (opens) take(before, fresh)
  }

  return {
    state: (name) => room.executable.inputs.get(name),
    step(pattern) {
      room.executable.run()
      const best = weigh()
      if (best < 0) return best
      const before = elements
      const chosen = assign === 'sample' ? drawn() : best
      const { shares } = room
      if (chosen === before) grow(pattern)
      if (room.shares !== shares) room.shares.set(shares)
      if (assign === 'soft') shareOut(chosen === before, before)
      else take(chosen, 1)
      return chosen
    },
    back(name) {
      const k = room.names.subarray(0, elements).indexOf(name)
      if (k < 0) return false
      room.executable.run()
      take(k, -1)
      // Counts are whole here, but for what shares left.
      if ((room.counts[k] as number) < 0.5) remove(k)
      return true
    },
    logDensity: () => log,
    shares: () => room.shares,
    count: () => elements,
    nameAt: (position) => room.names[position] ?? 0,
    elements: snapshot,
    dispose: () => room.executable.dispose(),
  }
}

/** As many elements as there is room for, one of them new. */
interface Room {
  readonly size: number
  readonly executable: Executable
  readonly score: Float64Array
  readonly counts: Float64Array
  /** Logs of the weights of seats. */
  readonly seats: Float64Array
  readonly names: Float64Array
  readonly shares: Float64Array
  readonly parameters: readonly RoomParameter[]
}

interface RoomParameter {
  readonly name: string
  readonly width: number
  readonly data: Float64Array
  readonly added: Float64Array
}

function filled(executable: Executable, values: GrowingStart['values']): Executable {
  for (const [name, buffer] of executable.inputs) {
    const value = values.get(name)
    if (value === undefined) continue
    buffer.set(value)
    executable.touch(name)
  }
  return executable
}
