import type { FlowSetting } from '../geometry.ts'
import type { StatePoint } from '../point.ts'
import { type Flow, moved, type Stride } from './flow.ts'
import { advance, aim, newAim } from './majorise.ts'

export interface LangevinNoise {
  /** T of exp(-E/T), nats. */
  readonly temperature: number
  /** s of x' = x - s P g + sqrt(2 T s P) xi. */
  readonly step: number
  /** Fills `out` with the standard normal numbers of one step, over the flat coordinates. */
  readonly draw: (out: Float64Array) => void
}

/**
 * Retrieval in a noisy medium: the fixed-point step (P = 1/U where U is known, else 1) shortened by `step`, plus noise.
 * Without noise and with step 1 it is the retrieval step. The energy may rise, and nothing is at rest.
 */
export function langevin(setting: FlowSetting, noise: LangevinNoise): Flow {
  const { length } = setting.layout
  const plan = newAim(length)
  const xi = new Float64Array(length)
  return {
    name: 'langevin',
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
      aim(setting, here, 1, true, plan)
      noise.draw(xi)
      advance(setting, here, noise.step, plan, next.x, { temperature: noise.temperature, xi })
      yield next
      return moved
    },
  }
}
