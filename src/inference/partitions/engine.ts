import type { Stream } from '../../base/random.ts'
import type { PartitionLaw } from '../../families/processes/partitions.ts'
import { auxiliarySweep, type SlotEnergies } from './auxiliary.ts'
import { addUp, type Collapsed, collapsedGibbs, logMarginal } from './collapsed.ts'
import type { Seats } from './seats.ts'
import { splitMerge } from './split-merge.ts'

/** How things change seats given everything else. */
export interface SeatingEngine {
  /** Looks at everything else anew. Says why it cannot go on, as the end of a sentence. */
  refresh(): string | undefined
  /** How many things sit elsewhere after it; -1 where all slots are taken and one more is wanted. */
  step(law: PartitionLaw, stream: Stream): number
  /** Of the splits and merges that were proposed in the last step, the share that was accepted; absent where none are proposed. */
  accepted?(): number
  /** Log of how likely what was seen is given the partition (and the parameters, where they are not integrated out), up to a constant. */
  logLikelihood(): number
  /** Draws the parameters of all slots, those of empty ones from the prior; absent where others move them. */
  draw?(stream: Stream): void
}

/** Splits and merges that are proposed in a step. */
const PROPOSALS = 3

/** `look` works out `own` and `prior` of the collapsed partition; `place` takes the parameters of a slot. */
export function collapsedEngine(
  c: Collapsed,
  temperature: number,
  { look, place }: { look(): void; place(slot: number, values: Float64Array): void },
): SeatingEngine {
  const gibbs = collapsedGibbs(c, temperature)
  const jumps = splitMerge(c, temperature)
  const values = new Float64Array(c.natural.values)
  const { width } = c.natural
  let accepted = 0
  return {
    refresh() {
      look()
      addUp(c)
      return Number.isFinite(c.natural.logIntegral(c.prior, 0)) ? undefined : 'has no density'
    },
    step(law, stream) {
      accepted = 0
      for (let k = 0; k < PROPOSALS; k += 1) {
        const did = jumps.step(law, stream)
        if (did < 0) return -1
        accepted += did
      }
      return gibbs.sweep(law, stream)
    },
    accepted: () => accepted / PROPOSALS,
    logLikelihood: () => logMarginal(c),
    draw(stream) {
      addUp(c)
      for (let slot = 0; slot < c.seats.counts.length; slot += 1) {
        c.natural.draw(c.etas, slot * width, stream, values)
        place(slot, values)
      }
    },
  }
}

/** `look` works out the energies, of all things one picker after the other. */
export function auxiliaryEngine(
  seats: Seats,
  temperature: number,
  { look, energies }: { look(): void; energies: SlotEnergies },
): SeatingEngine {
  const weights = new Float64Array(seats.counts.length)
  const { numbers, byThing, bySlot } = energies
  return {
    refresh() {
      look()
      return undefined
    },
    step: (law, stream) => auxiliarySweep(seats, law, energies, { temperature, weights, stream }),
    logLikelihood() {
      let sum = 0
      for (let i = 0; i < seats.slots.length; i += 1) sum -= numbers[i * byThing + (seats.slots[i] as number) * bySlot] as number
      return sum / temperature
    },
  }
}
