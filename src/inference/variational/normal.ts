import { log } from '../../base/special/logarithm.ts'
import type { CovarianceRoot } from './covariance-root.ts'

export const LOG_2_PI = log(2 * Math.PI)

/** A normal density over unconstrained coordinates, as far as draws need it. */
export interface Normal {
  readonly dimension: number
  /** How many standard normal numbers a draw takes. */
  readonly noise: number
  /** The point `q` that standard normal numbers stand for; the log of the density there, in nats. */
  place(noise: Float64Array, q: Float64Array): number
}

/** Around `mean`, with the covariance R R'. */
export function normalAround(
  mean: Float64Array,
  root: CovarianceRoot,
): Normal & { readonly mean: Float64Array; readonly root: CovarianceRoot } {
  const constant = -0.5 * mean.length * LOG_2_PI - root.logDeterminant
  return {
    ...{ mean, root },
    dimension: mean.length,
    noise: mean.length,
    place(noise, q) {
      root.apply(noise, q)
      let square = 0
      for (let i = 0; i < mean.length; i += 1) {
        q[i] = (q[i] as number) + (mean[i] as number)
        square += (noise[i] as number) * (noise[i] as number)
      }
      return constant - 0.5 * square
    },
  }
}
