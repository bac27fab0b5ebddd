import type { FlowSetting } from '../geometry.ts'
import type { StatePoint } from '../point.ts'
import { fixedPoint } from './fixed-point.ts'
import type { Flow, FlowName } from './flow.ts'
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
