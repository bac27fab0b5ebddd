import type { Adjoint } from './adjoint.ts'
import type { GraphBuilder } from './builder.ts'
import type { Derivatives } from './derivatives.ts'
import type { Node, NodeId } from './graph.ts'
import type { Knowledge } from './infinities.ts'
import type { Maths } from './maths.ts'

export interface StructuralContext {
  readonly m: Maths
  readonly node: Node
  readonly id: NodeId
  readonly adjoint: Adjoint
  readonly table: Derivatives
  readonly known: Knowledge
  /** Whether the adjoint of an operand is asked for. */
  wants(arg: NodeId): boolean
  readonly pullback: (
    builder: GraphBuilder,
    of: NodeId,
    seed: Adjoint,
    wrt: readonly NodeId[],
    rules: GradientRules,
  ) => readonly (Adjoint | undefined)[]
}

/** The scalar derivatives to use, and what is known of the numbers that they are taken at. */
export interface GradientRules {
  readonly table: Derivatives
  readonly known: Knowledge
}
