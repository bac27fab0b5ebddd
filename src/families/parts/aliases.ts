/** What other systems call a family and its parameters, for hints. */
export interface Aliases {
  readonly names?: readonly string[]
  /** Parameters by names that mean something else, or nothing, of other families. */
  readonly parameters?: Readonly<Record<string, string>>
  /** The family that takes the factor of a covariance, where this one takes the covariance. */
  readonly byFactor?: string
  /** Set where names of parameters that fit most families do not fit this one. */
  readonly onlyThese?: true
}
