import type { FlowSetting } from '../geometry.ts'
import type { StatePoint } from '../point.ts'
import { fixedPoint } from './fixed-point.ts'
import { type Flow, type FlowName, settled } from './flow.ts'
import { overKinks } from './over-kinks.ts'
import { quasiNewton } from './quasi-newton.ts'

/** Memories are at rest after a few fixed-point steps; what is not by now has a loose bound or a long valley. */
const PATIENCE = 64

/** Fixed-point steps, and quasi-Newton steps after the first `PATIENCE` of them. */
export function handover(setting: FlowSetting): Flow {
  const first = fixedPoint(setting)
  const then = overKinks(setting, quasiNewton)
  let steps = 0
  return {
    get name(): FlowName {
      return steps <= PATIENCE ? first.name : 'fixed-point, then quasi-newton'
    },
    step(here: StatePoint, next: StatePoint) {
      steps += 1
      return (steps <= PATIENCE ? first : then).step(here, next)
    },
  }
}

/**
 * Several flows in turn, each of its own states; after the first `PATIENCE` steps, or where one of them is stuck, quasi-Newton
 * steps of all their states together.
 */
export function handoverTogether(setting: FlowSetting, firsts: readonly Flow[]): readonly Flow[] {
  const then = overKinks(setting, quasiNewton)
  let rounds = 0
  let over = false
  const last = firsts.length - 1
  return firsts.map((first, k) => ({
    get name(): FlowName {
      return over && k === last ? `${first.name === 'mirror' ? 'mirror' : 'fixed-point'}, then quasi-newton` : first.name
    },
    *step(here: StatePoint, next: StatePoint) {
      if (k === 0) rounds += 1
      over ||= rounds > PATIENCE
      if (!over) {
        const stride = yield* first.step(here, next)
        if (stride.kind !== 'ended' || stride.outcome.kind !== 'stuck') return stride
        over = true
      }
      return k === last ? yield* then.step(here, next) : settled
    },
  }))
}
