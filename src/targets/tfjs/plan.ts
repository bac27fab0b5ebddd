import type { ElementwiseOp, Graph, Node, ReductionOp } from '../../ir/graph.ts'

/** A tensor of a plan: the position of its value, and its axes in layout order. */
export interface Located {
  readonly value: number
  readonly axes: readonly string[]
}

/**
 * What TensorFlow.js is to do, as plain data: what is fixed is worked out in float64 and uploaded in the layouts that
 * the steps want; then one call a step.
 */
export interface TfjsPlan {
  /** How many values there are. */
  readonly values: number
  /** Grouped by the fixed inputs they depend on, so that a new value of one leaves the others alone. */
  readonly once: readonly Once[]
  readonly inputs: readonly (Located & { readonly name: string })[]
  readonly steps: readonly TfStep[]
  readonly outputs: readonly Output[]
  /** Axes that were made up, with the axis whose size each has. */
  readonly aliases: Readonly<Record<string, string>>
}

export interface Once {
  readonly depends: readonly string[]
  /** Outputs `value:N` are uploaded as value N; outputs of the plan have their own names after `output:`. */
  readonly graph: Graph
  readonly uploads: readonly Located[]
  /** Outputs of the plan that are worked out here. */
  readonly outputs: readonly string[]
}

export interface Output {
  readonly name: string
  /** The order in which its numbers are laid out; it is repeated along axes that its source lacks. */
  readonly axes: readonly string[]
  readonly from:
    | { readonly kind: 'value'; readonly at: Located }
    | { readonly kind: 'input'; readonly name: string }
    | { readonly kind: 'once' }
}

interface StepShared {
  readonly out: number
  readonly args: readonly Located[]
  /** Layout of the result. */
  readonly axes: readonly string[]
  /** Values that no later step reads. */
  readonly free: readonly number[]
}

export type TfStep = StepShared & TfCall

export type TfCall =
  | { readonly call: 'apply'; readonly op: ElementwiseOp }
  | { readonly call: 'reduce'; readonly op: ReductionOp; readonly over: readonly string[] }
  /** args [batch.rows.along, batch.along.columns]; neither is transposed. */
  | {
      readonly call: 'matmul'
      readonly batch: readonly string[]
      readonly rows: readonly string[]
      readonly along: readonly string[]
      readonly columns: readonly string[]
    }
  | { readonly call: 'transpose' }
  /** Worked out by its definition on the host: operands and result over sorted axes. */
  | { readonly call: 'host'; readonly node: Node }
  | { readonly call: 'pick'; readonly axis: string }
  | { readonly call: 'shift'; readonly axis: string; readonly by: number }
  | { readonly call: 'cumsum'; readonly axis: string; readonly reverse: boolean }
  | { readonly call: 'scan'; readonly axis: string; readonly reverse: boolean; readonly body: TfjsPlan; readonly ports: readonly string[] }
