/**
 * The families of `x ~ family(args)`: names, parameters and support, in Stan's names and parametrisations. Densities
 * and samplers are rows of the compiler's table under the same keys.
 */
export type Support =
  | 'real'
  | 'positive'
  | 'nonnegative'
  | 'unit_interval'
  | 'angle'
  /** Depends on the parameters: uniform, pareto. */
  | 'interval'
  | 'bit'
  | 'count'
  | 'element'
  | 'vector'
  | 'simplex'
  | 'sphere'
  | 'cholesky_correlation'
  | 'covariance'
  | 'matrix'
  | 'counts'
  | 'chain'

/** `vector`: varies along the family's own axis; `matrix`: over two; `element`: any real over levels. */
export type ParameterKind =
  | 'real'
  | 'positive'
  | 'probability'
  | 'count'
  | 'vector'
  | 'positive_vector'
  | 'simplex'
  | 'unit_vector'
  /** Increasing along an axis of its own. */
  | 'ordered'
  | 'covariance'
  | 'cholesky'
  | 'matrix'
  | 'transition'

/**
 * From where to where the numbers of a parameter go. An end belongs to them where a density has a limit there that is a
 * distribution (`poisson` at rate 0 is certain to be 0), or that is 0 everywhere (`exponential` at rate 0 never comes); not
 * where all of it falls on one number of a line (`normal` at scale 0), which is no density.
 */
export interface Ends {
  readonly low: number
  readonly high: number
  readonly lowIn: boolean
  readonly highIn: boolean
}

export interface FamilySignature {
  readonly parameters: readonly { readonly name: string; readonly kind: ParameterKind; readonly ends: Ends }[]
  readonly support: Support
  /** How many axes the family takes in brackets: `multi_normal[d]` takes one. */
  readonly over: 0 | 1 | 2
  readonly doc: string
}
