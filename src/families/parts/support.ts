/** An end of a support: a number, or the parameter whose argument it is. */
export type SupportEnd = number | string

/** Where the values of a family lie. */
export type Support =
  /** The numbers from one end to the other; `open`: a finite end is none of them. */
  | { readonly interval: readonly [SupportEnd, SupportEnd]; readonly open?: true }
  /** The whole numbers from one end to the other. */
  | { readonly whole: readonly [SupportEnd, SupportEnd] }
  /** Numbers that mean the same a turn of this length later; densities are normalised over any turn. */
  | { readonly turn: number }
  /** An element of an axis. `ordered`: which of them come before which matters. */
  | { readonly levels: 'alike' | 'ordered' }
  /** Elements one after the other along an axis. */
  | { readonly chain: 'levels' }
  /** Along the family's axis, values of this kind of type; `total`: the parameter that they add up to. */
  | { readonly vector: 'real' | 'simplex' | 'unit' | 'count'; readonly total?: string }
  /** Over two axes, values of this kind of type. */
  | { readonly matrix: 'real' | 'covariance' | 'cholesky'; readonly unitRows?: true }

/** An end at which a density is 0 or infinite, so that no value given may be there: unless a parameter is written as a number that makes it neither. */
export interface Edge {
  readonly at: number
  readonly unless?: readonly [parameter: string, value: number]
}

/** Whether values are single numbers. */
export function hasNumbers(support: Support): boolean {
  return 'interval' in support || 'whole' in support || 'turn' in support
}

/** Whether values are single numbers with an order: of angles no side of one is below it. */
export function hasOrder(support: Support): boolean {
  return 'interval' in support || 'whole' in support
}

/** Whether values are elements of an axis. */
export function hasElements(support: Support): boolean {
  return 'levels' in support || 'chain' in support
}

/** Whether values are single whole numbers. */
export function isWhole(support: Support): boolean {
  return 'whole' in support
}

/** Whether values are counted, not measured: probabilities of them have no Jacobian. */
export function isCounted(support: Support): boolean {
  return isWhole(support) || hasElements(support) || ('vector' in support && support.vector === 'count')
}

/** Whether values are square matrices. */
export function isSquare(support: Support): boolean {
  return 'matrix' in support && support.matrix !== 'real'
}

/** Whether values are factors of correlation matrices. */
export function hasUnitRows(support: Support): boolean {
  return 'matrix' in support && support.unitRows === true
}

/** The ends of a support of ordered numbers. */
export function endsOf(support: Support): readonly [SupportEnd, SupportEnd] | undefined {
  return 'interval' in support ? support.interval : 'whole' in support ? support.whole : undefined
}

/** An end as a number, or as the argument that it is. */
export function endAmong<T>(end: SupportEnd, parameters: readonly { readonly name: string }[], args: readonly T[]): number | T | undefined {
  return typeof end === 'number' ? end : args[parameters.findIndex((p) => p.name === end)]
}

/** The ends at which a density is 0 or infinite, given what is known of the arguments. */
export function edgesAmong(
  { support, edges, parameters }: { support: Support; edges?: readonly Edge[]; parameters: readonly { readonly name: string }[] },
  args: readonly (number | undefined)[],
): readonly number[] {
  const open = 'interval' in support && support.open === true ? support.interval.filter((end) => typeof end === 'number') : []
  const listed = edges ?? open.filter(Number.isFinite).map((at): Edge => ({ at }))
  return listed.flatMap(({ at, unless }) => (unless !== undefined && endAmong(unless[0], parameters, args) === unless[1] ? [] : [at]))
}
