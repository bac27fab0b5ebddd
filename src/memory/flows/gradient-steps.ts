import { pow } from '../../base/special/pow.ts'
import { dot, type FlowSetting, relativeChange, retract, slope } from '../geometry.ts'
import { blocked } from '../outcome.ts'
import { rounding, type StatePoint } from '../point.ts'
import { type Flow, moved, type Stride, settled } from './flow.ts'

/** The smallest part of a step that is tried. */
const SHORTEST = pow(2, -40)

/**
 * Projected gradient descent with steps of one size, x - size * dE/dx, as papers write an iteration with a rate. Where the
 * energy would rise, that one step is halved.
 */
export function gradientSteps(setting: FlowSetting, size: number): Flow {
  const flat = new Float64Array(setting.layout.length)
  return {
    name: 'gradient',
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
      slope(setting, here, flat)
      for (let part = size; part > size * SHORTEST; part /= 2) {
        for (let i = 0; i < flat.length; i += 1) next.x[i] = (here.x[i] as number) - part * (flat[i] as number)
        retract(setting, here, next.x)
        if (part === size && relativeChange(here.x, next.x) <= setting.tolerance) return settled
        yield next
        if (next.fault === undefined && next.energy <= here.energy) return moved
        // The decrease that the gradient promises is lost in rounding.
        if (part * dot(flat, flat) <= rounding(here)) return settled
      }
      return blocked(
        next,
        'No step along the gradient, however short, lowers the energy, though the gradient is not zero: is there a kink?',
      )
    },
  }
}
