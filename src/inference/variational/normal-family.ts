import type { CovarianceRoot } from './covariance-root.ts'
import type { Normal } from './normal.ts'

/**
 * A family of normal densities that stochastic ascent moves. The mean is `centre + R y` for a fixed root R, so that a step of y is of
 * about one size in all directions; what the spread is made of is up to each family.
 */
export interface NormalFamily extends Normal {
  /** Those of the mean (y) first. To be changed only where `settle` is called after. */
  readonly parameters: Float64Array
  /** Looks at the parameters anew. */
  settle(): void
  /**
   * Adds the gradient of log p - log q by the parameters, along the path of the point that `place` made of the noise last, to `out`;
   * `slope` is the gradient of log p there, and is spent. That of log q by its own parameters, whose mean is 0, is left out, so that
   * nothing is left of the noise where q is p (Roeder, Wu and Duvenaud 2017, "sticking the landing").
   */
  pull(noise: Float64Array, slope: Float64Array, out: Float64Array): void
}

/** Where a family starts. */
export interface FamilyStart {
  readonly centre: Float64Array
  readonly root: CovarianceRoot
  /** Numbers to begin with where all 0 would be a saddle. */
  normal(): number
}

/** The means of a family: `settle` works them out from the parameters. */
export function location({ centre, root }: FamilyStart) {
  const n = centre.length
  const mean = centre.slice()
  const scratch = new Float64Array(n)
  return {
    mean,
    settle(parameters: Float64Array): void {
      root.apply(parameters.subarray(0, n), mean)
      for (let i = 0; i < n; i += 1) mean[i] = (mean[i] as number) + (centre[i] as number)
    },
    /** Adds R' t to the part of `out` that belongs to y. */
    pull(t: Float64Array, out: Float64Array): void {
      root.applyTransposed(t, scratch)
      for (let i = 0; i < n; i += 1) out[i] = (out[i] as number) + (scratch[i] as number)
    },
  }
}
