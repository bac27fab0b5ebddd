import { log } from '../../base/special/logarithm.ts'

/** A square root R of a covariance R R' of coordinates. */
export interface CovarianceRoot {
  readonly dimension: number
  /** log |det R|. */
  readonly logDeterminant: number
  /** R x into `out`, which may be `x`. */
  apply(x: Float64Array, out: Float64Array): void
  /** R' x into `out`, which may be `x`. */
  applyTransposed(x: Float64Array, out: Float64Array): void
  /** The diagonal of the inverse of R R': one over the variance of each coordinate given all others. */
  precisions(): Float64Array
}

/** Scales of coordinates that are independent. */
export function diagonalRoot(scales: Float64Array): CovarianceRoot {
  const apply = (x: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < scales.length; i += 1) out[i] = (scales[i] as number) * (x[i] as number)
  }
  return {
    dimension: scales.length,
    logDeterminant: scales.reduce((sum, s) => sum + log(s), 0),
    ...{ apply, applyTransposed: apply },
    precisions: () => scales.map((s) => 1 / (s * s)),
  }
}
