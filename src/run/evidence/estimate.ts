/** What log Z was found to be, and how far that may be trusted. */
export interface LogZEstimate {
  /** Nats. */
  readonly logZ: number
  /** The standard error of log Z, where it is known. */
  readonly error?: number
  /** An interval that holds log Z in 95 of 100 runs. */
  readonly interval?: readonly [number, number]
  /** Why the number is not to be trusted, as a sentence. */
  readonly trouble?: string
  readonly details: EstimateDetails
}

/** What belongs to a method. */
export type EstimateDetails =
  | { readonly by: 'exact'; readonly configurations: number }
  | {
      readonly by: 'quadrature'
      readonly dimension: number
      readonly evaluations: number
      readonly cells: number
      /** The sum over cells of what two rules differ by, relative to the integral. */
      readonly relativeError: number
    }
  | { readonly by: 'laplace'; readonly dimension: number; readonly steps: number }
  | {
      readonly by: 'ais'
      readonly weights: number
      readonly rungs: number
      /** (sum w)^2 / sum w^2. */
      readonly effective: number
    }
  | { readonly by: 'smc'; readonly particles: number; readonly islands: number; readonly rungs: number }
  | { readonly by: 'bridge'; readonly chains: number; readonly draws: number; readonly iterations: number; readonly rhat: number }

/** Quantiles of Student's distribution at 97.5 %, to 3 digits, by Cornish and Fisher's expansion around the normal one. */
export function studentQuantile(freedom: number): number {
  const z = 1.959963984540054
  const [z3, z5] = [z * z * z, z * z * z * z * z]
  const first = (z3 + z) / (4 * freedom)
  const second = (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom * freedom)
  const third = (3 * z5 * z * z + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom * freedom * freedom)
  return z + first + second + third
}
