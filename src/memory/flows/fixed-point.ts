import { pow } from '../../base/special/pow.ts'
import { type FlowSetting, relativeChange } from '../geometry.ts'
import { blocked } from '../outcome.ts'
import { rises, type StatePoint } from '../point.ts'
import { type FirstSteps, type Flow, moved, type Stride, settled } from './flow.ts'
import { advance, aim, newAim } from './majorise.ts'

/** The smallest part of a step that is tried. */
const SHORTEST = pow(2, -40)

/**
 * The fixed-point step of a majorised energy, x - g/U for all states at once: attention, mean shift and EM are this
 * step for their energies. Where U holds, the energy never rises (concave-convex procedure; Hunter & Lange 2004); it is
 * checked, and the step halved if U does not hold after all.
 */
export function fixedPoint(setting: FlowSetting): Flow & FirstSteps {
  const plan = newAim(setting.layout.length)
  return {
    name: 'fixed-point',
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
      aim(setting, here, Number.NaN, true, plan)
      advance(setting, here, 1, plan, next.x)
      if (relativeChange(here.x, next.x) <= setting.tolerance) return settled
      yield next
      for (let s = 0.5; next.fault !== undefined || rises(here, next); s /= 2) {
        if (s < SHORTEST) return blocked(next, 'No fixed-point step, however short, lowers the energy, though the gradient is not zero.')
        advance(setting, here, s, plan, next.x)
        yield next
      }
      return moved
    },
  }
}
