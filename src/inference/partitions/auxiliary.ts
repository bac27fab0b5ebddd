import { log } from '../../base/special/logarithm.ts'
import { newWeight, type PartitionLaw, seatWeight } from '../../families/processes/partitions.ts'
import type { Uniforms } from '../density/density.ts'
import { freeSlot, type Seats, seat, unseat } from './seats.ts'
import { pickLog } from './weights.ts'

/** The energies of things in slots: `numbers[thing * byThing + slot * bySlot]`. */
export interface SlotEnergies {
  readonly numbers: Float64Array
  readonly byThing: number
  readonly bySlot: number
}

/**
 * One thing after the other takes a block given all others and the parameters in all slots; those of empty slots are draws of the
 * prior, and each stands for its share of all new blocks (Neal 2000, algorithm 8; the parameters of a block that is left stay for who
 * comes next, Favaro and Teh 2013). It leaves unchanged: the law of partitions, blocks in slots at random, and parameters of their prior
 * in empty slots.
 */
export function auxiliarySweep(
  seats: Seats,
  law: PartitionLaw,
  { numbers, byThing, bySlot }: SlotEnergies,
  { temperature, weights, stream }: { readonly temperature: number; readonly weights: Float64Array; readonly stream: Uniforms },
): number {
  const { free, counts, order } = seats
  let moved = 0
  for (const thing of free) {
    const before = unseat(seats, thing)
    const { blocks } = seats
    if (freeSlot(seats) < 0) return -1
    // The law is to the power 1/T, the choice among empty slots is not.
    const opens = log(newWeight(law, blocks)) / temperature - log(order.length - blocks)
    for (let p = 0; p < order.length; p += 1) {
      const slot = order[p] as number
      const ofLaw = p < blocks ? log(seatWeight(law, counts[slot] as number)) / temperature : opens
      weights[p] = ofLaw - (numbers[thing * byThing + slot * bySlot] as number) / temperature
    }
    const taken = pickLog(weights, order.length, stream)
    const slot = taken < 0 ? before : (order[taken] as number)
    seat(seats, thing, slot)
    if (slot !== before) moved += 1
  }
  return moved
}
