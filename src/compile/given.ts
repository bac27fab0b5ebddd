/** A value from outside, before it is matched to a variable: numbers with a shape, or text labels. */
export interface Given {
  /** The variable it is meant for. */
  readonly name: string
  /** Where it came from, for messages: `patients.csv, column "age"`, `--param beta`. */
  readonly from: string
  readonly value: GivenValue
}

export type GivenValue =
  /** Row-major; NaN where a value is missing (`null`, an empty cell, NaN). `columns`: labels of the last dimension, if any. */
  | { readonly kind: 'numbers'; readonly shape: readonly number[]; readonly data: Float64Array; readonly columns?: readonly string[] }
  /** One text per element along one axis. */
  | { readonly kind: 'labels'; readonly labels: readonly string[] }

export function numbers(shape: readonly number[], data: Float64Array): GivenValue {
  return { kind: 'numbers', shape, data }
}
