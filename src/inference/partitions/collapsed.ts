import { log } from '../../base/special/logarithm.ts'
import { newWeight, type PartitionLaw, seatWeight } from '../../families/processes/partitions.ts'
import type { Uniforms } from '../density/density.ts'
import type { NaturalForm } from './natural-form.ts'
import { freeSlot, type Seats, seat, unseat } from './seats.ts'
import { pickLog } from './weights.ts'

/** A partition with the parameters of its blocks integrated out: what each thing and each block adds up to. */
export interface Collapsed {
  readonly natural: NaturalForm
  readonly seats: Seats
  /** By thing, what it adds to the natural parameters of its block; of an empty block, the prior's. */
  readonly own: Float64Array
  readonly prior: Float64Array
  /** By slot, of the blocks that are there. */
  readonly etas: Float64Array
  readonly logIntegrals: Float64Array
}

export function emptyCollapsed(natural: NaturalForm, seats: Seats): Collapsed {
  const { width } = natural
  return {
    ...{ natural, seats, own: new Float64Array(seats.slots.length * width), prior: new Float64Array(width) },
    etas: new Float64Array(seats.counts.length * width),
    logIntegrals: new Float64Array(seats.counts.length),
  }
}

/** Adds all up anew: things changed, or others sit elsewhere. Sums kept up change by change drift by rounding. */
export function addUp({ natural, seats, own, prior, etas, logIntegrals }: Collapsed): void {
  const { width } = natural
  for (let s = 0; s < seats.counts.length; s += 1) for (let j = 0; j < width; j += 1) etas[s * width + j] = prior[j] as number
  for (let i = 0; i < seats.slots.length; i += 1) {
    const to = (seats.slots[i] as number) * width
    for (let j = 0; j < width; j += 1) etas[to + j] = (etas[to + j] as number) + (own[i * width + j] as number)
  }
  for (let s = 0; s < seats.counts.length; s += 1) logIntegrals[s] = natural.logIntegral(etas, s * width)
}

/** Log of how likely what was seen is given the partition, up to what depends on no partition. */
export function logMarginal({ natural, seats, prior, logIntegrals }: Collapsed): number {
  const none = natural.logIntegral(prior, 0)
  let sum = 0
  for (let b = 0; b < seats.blocks; b += 1) sum += (logIntegrals[seats.order[b] as number] as number) - none
  return sum
}

/** One thing after the other takes a block given all others (Neal 2000, algorithm 3). */
export interface CollapsedGibbs {
  /** How many sit elsewhere now; -1 where all slots were taken and a new block is wanted. */
  sweep(law: PartitionLaw, stream: Uniforms): number
}

/** `temperature` T: the law of partitions is taken to the power 1/T; natural parameters are divided by it already. */
export function collapsedGibbs(c: Collapsed, temperature: number): CollapsedGibbs {
  const { natural, seats, own, prior, etas, logIntegrals } = c
  const { width } = natural
  const { free, counts, order } = seats
  const weights = new Float64Array(counts.length + 1)
  const joined = new Float64Array(width)
  const joinedIntegrals = new Float64Array(counts.length)
  // By slot: the log of its weight in the law, which only changes where somebody comes or goes.
  const logSeat = new Float64Array(counts.length)

  function join(from: Float64Array, at: number, thing: number): number {
    for (let j = 0; j < width; j += 1) joined[j] = (from[at + j] as number) + (own[thing * width + j] as number)
    return natural.logIntegral(joined, 0)
  }

  function move(thing: number, slot: number, sign: 1 | -1): void {
    for (let j = 0; j < width; j += 1) {
      const was = etas[slot * width + j] as number
      etas[slot * width + j] = was + sign * (own[thing * width + j] as number)
    }
  }

  return {
    sweep(law, stream) {
      const none = natural.logIntegral(prior, 0)
      const look = (slot: number): number => (logSeat[slot] = log(seatWeight(law, counts[slot] as number)) / temperature)
      for (let b = 0; b < seats.blocks; b += 1) look(order[b] as number)
      let moved = 0
      for (const thing of free) {
        const before = unseat(seats, thing)
        move(thing, before, -1)
        if (counts[before] !== 0) {
          logIntegrals[before] = natural.logIntegral(etas, before * width)
          look(before)
        }
        const { blocks } = seats
        for (let b = 0; b < blocks; b += 1) {
          const slot = order[b] as number
          const integral = join(etas, slot * width, thing)
          joinedIntegrals[slot] = integral
          weights[b] = (logSeat[slot] as number) + integral - (logIntegrals[slot] as number)
        }
        const alone = join(prior, 0, thing)
        weights[blocks] = log(newWeight(law, blocks)) / temperature + alone - none
        const taken = pickLog(weights, blocks + 1, stream)
        if (taken === blocks) {
          const slot = freeSlot(seats)
          if (slot < 0) return -1
          for (let j = 0; j < width; j += 1) etas[slot * width + j] = prior[j] as number
          joinedIntegrals[slot] = alone
        }
        const slot = taken === blocks ? freeSlot(seats) : (order[taken] as number)
        seat(seats, thing, slot)
        move(thing, slot, 1)
        logIntegrals[slot] = joinedIntegrals[slot] as number
        look(slot)
        if (slot !== before) moved += 1
      }
      return moved
    },
  }
}
