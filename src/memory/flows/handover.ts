import type { FlowSetting } from '../geometry.ts'
import type { StatePoint } from '../point.ts'
import { type FirstSteps, type Flow, type FlowName, settled } from './flow.ts'
import { overKinks } from './over-kinks.ts'
import { quasiNewton } from './quasi-newton.ts'

/** Memories are at rest after a few such steps; what is not by now has a loose bound or a long valley. */
const PATIENCE = 64

/** Blocks that depend closely on each other gain little in turn: so many rounds, each gaining less than the one before and more than half of that. */
const SLOW = 4

/**
 * Several kinds of steps in turn, each of its own states; after the first `PATIENCE` rounds, or where one of them does not
 * go on, quasi-Newton steps of all their states together.
 */
export function handover(setting: FlowSetting, firsts: readonly FirstSteps[]): readonly Flow[] {
  const then = overKinks(setting, quasiNewton)
  const isSlow = slowness()
  const watched = firsts.some((first) => first.name === 'exact')
  let rounds = 0
  let over = false
  const last = firsts.length - 1
  return firsts.map((first, k) => ({
    get name(): FlowName {
      return over && k === last ? after(first.name) : first.name
    },
    *step(here: StatePoint, next: StatePoint) {
      if (k === 0) {
        rounds += 1
        over ||= rounds > PATIENCE || (watched && isSlow(here.energy))
      }
      if (!over) {
        const stride = yield* first.step(here, next)
        if (stride.kind !== 'declined' && (stride.kind !== 'ended' || stride.outcome.kind !== 'stuck')) return stride
        over = true
      }
      return k === last ? yield* then.step(here, next) : settled
    },
  }))
}

function after(name: FirstSteps['name']): FlowName {
  return name === 'quasi-newton' ? name : `${name}, then quasi-newton`
}

/** Whether the energies that it is told, one a round, fall slowly. */
function slowness(): (energy: number) => boolean {
  let [energy, gain, slow] = [Number.NaN, Number.NaN, 0]
  return (next) => {
    const before = gain
    gain = energy - next
    energy = next
    slow = gain > before / 2 && gain < before ? slow + 1 : 0
    return slow >= SLOW
  }
}
