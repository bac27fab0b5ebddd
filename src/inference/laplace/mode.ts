import type { LogDensity } from '../density/density.ts'
import { dot, type InverseHessian } from '../variational/inverse-hessian.ts'
import { quasiNewton } from '../variational/quasi-newton.ts'

/** A place where a density is highest, as far as steps uphill found one. */
export interface DensityMode {
  readonly at: Float64Array
  readonly logDensity: number
  /** The gradient there. */
  readonly gradient: Float64Array
  readonly steps: number
  /** Whether as good as nothing more could be gained, as far as the curvature along the way tells. */
  readonly converged: boolean
  /** About how wide the density is in each coordinate, as far as the curvature along the way tells; else 1. */
  scales(): Float64Array
}

/** At most so many steps; at rest where one gains no more than this, relatively; how many steps the curvature is made of. */
const [STEPS, GAIN, MEMORY] = [5000, 1e-15, 10]
/** What a Newton step would gain at the end, relative to 1 + the log density. */
const AT_REST = 1e-6

/** Uphill from `start` by quasi-Newton steps. */
export function findMode(density: LogDensity, start: Float64Array): DensityMode {
  const direction = new Float64Array(density.dimension)
  let known: InverseHessian | undefined
  const scales = (): Float64Array =>
    known
      ?.root()
      ?.precisions()
      .map((p) => 1 / Math.sqrt(p)) ?? start.map(() => 1)
  let mode: DensityMode = { at: start, logDensity: Number.NaN, gradient: direction, steps: -1, converged: false, scales }
  for (const { q, value, gradient, hessian } of quasiNewton(density, start, { steps: STEPS, gain: GAIN, memory: MEMORY })) {
    hessian.apply(gradient, direction)
    known = hessian
    const converged = dot(gradient, direction) <= AT_REST * (1 + Math.abs(value))
    mode = { at: q.slice(), logDensity: value, gradient: gradient.slice(), steps: mode.steps + 1, converged, scales }
  }
  return mode
}
