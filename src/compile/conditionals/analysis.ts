import type { NodeId, Op } from '../../ir/graph.ts'
import { interpretation } from '../../ir/interpretation.ts'
import type { LinearAlgebra } from './entries.ts'
import { type Linear, variable } from './linear.ts'
import { linearOf } from './rules.ts'

/** The first operation on the way from the variable that no rule takes through. */
export interface NotLinear {
  readonly failed: Op
}

export function isFailure(x: Linear | NotLinear): x is NotLinear {
  return 'failed' in x
}

/** What each node is as a function of the variable `state`, all else held. `positive`: none of its values is below 0. */
export function analysis(a: LinearAlgebra, state: NodeId, axes: readonly string[], positive: boolean): (id: NodeId) => Linear | NotLinear {
  return interpretation<Linear | NotLinear>(a.m.builder, (node, args, id) => {
    if (id === state) return variable(a, axes)
    const failure = args.find(isFailure)
    if (failure !== undefined) return failure
    return linearOf(a, node, id, args as readonly Linear[], positive) ?? { failed: node.op }
  })
}
