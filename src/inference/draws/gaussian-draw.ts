import type { Stream } from '../../base/random.ts'
import type { GaussianDraw } from '../../middle/conditional-draw.ts'
import { type GaussianSetting, gaussianSystem } from './gaussian-system.ts'

/** The name of a variable at which the precision is not positive, or none. */
export type DrawGaussian = (stream: Stream) => string | undefined

/** Draws P^-1 h + L'^-1 z, where P = L L' and z are standard normal numbers (Rue 2001). */
export function gaussianDraw(draw: GaussianDraw, setting: GaussianSetting): DrawGaussian {
  const system = gaussianSystem(draw, setting)
  const { factor, size } = system
  const x = new Float64Array(size)
  return (stream) => {
    const failed = system.refactor()
    if (failed !== undefined) return failed
    for (let r = 0; r < system.repeats; r += 1) {
      system.read(r, x)
      factor.solve(x)
      for (let i = 0; i < size; i += 1) x[i] = (x[i] as number) + stream.normal()
      factor.solveTransposed(x)
      system.write(r, x)
    }
    return undefined
  }
}
