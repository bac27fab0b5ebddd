import { fold, type Key, Stream } from '../base/random.ts'
import { type FlowSetting, retract } from './geometry.ts'
import type { StatePoint } from './point.ts'

/**
 * A small random displacement of everything that moves, written into `x`: from a minimum one comes back, from a saddle or a
 * maximum one rolls away. Small beside 1 + |x|, large beside the tolerance, so that slow growth is still seen as motion.
 */
export function nudger(setting: FlowSetting, key: Key): (here: StatePoint, x: Float64Array) => void {
  const stream = new Stream(fold(key, 'nudge'))
  const size = Math.min(0.1, 1e4 * setting.tolerance)
  return (here, x) => {
    for (let i = 0; i < x.length; i += 1) {
      const at = here.x[i] as number
      x[i] = at + size * (1 + Math.abs(at)) * (2 * stream.uniform() - 1)
    }
    retract(setting, here, x)
  }
}
