import type { Sizes } from './graph.ts'

/** An operand: dense over its sorted axes. */
export interface DenseValue {
  readonly axes: readonly string[]
  readonly data: Float64Array
}

export interface EvaluateContext {
  readonly sizes: Sizes
  readonly input: (name: string) => Float64Array
  readonly args: readonly DenseValue[]
}
