import { notFinite } from '../chains/initial.ts'
import type { LogDensity } from '../density/density.ts'
import type { Block } from './block.ts'

/**
 * Where everything is observed nothing moves: each draw is the one point there is, and what was summed out is drawn given it. Where
 * that point is impossible there is nothing to draw.
 */
export function stillSampler(density: LogDensity): Block {
  const statistics = new Float64Array(1)
  const nothing = new Float64Array(0)
  const look = (): void => {
    statistics[0] = density.evaluate(nothing, nothing)
  }

  return {
    moves: [],
    position: nothing,
    columns: ['lp__'],
    statistics,
    begin() {
      look()
      const value = statistics[0] as number
      return Number.isFinite(value) ? undefined : notFinite(density, value, nothing, 0)
    },
    step: () => undefined,
    state: () => ({}),
    resume: look,
    place: look,
    tuning: () => ({}),
    refresh: look,
    logDensity: () => statistics[0] as number,
  }
}
