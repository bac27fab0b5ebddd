import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { FamilyName } from '../tables/signatures.ts'
import type { FamilyContext } from './density.ts'
import type { Each, WrittenSignature } from './signature.ts'

/**
 * The density p(x | args)^(1/T) of a family, normalised again: one of a family too. Each formula is p^(1/T) with its
 * constants left out, read as a density again. A power of x that is not divided with the rest (a number of arrangements, x!
 * of counts) is what keeps others from being families.
 */
export type Power<S extends WrittenSignature = WrittenSignature> = Tempering<S> | Untempered

export interface Tempering<S extends WrittenSignature = WrittenSignature> {
  /**
   * Which arguments the integral of p^(1/T) over x depends on, by their places. What these depend on is weighed by x at
   * every temperature but 1, so none of it may be drawn before x.
   */
  readonly weighs: readonly number[]
  /** Set where the arguments are made of the densities of all levels: x may then not vary along the axis of its levels. */
  readonly everyLevel?: true
  at(m: Maths, args: Each<S, NodeId>, temperature: NodeId, context: FamilyContext): Tempered
}

export interface Tempered {
  readonly family: FamilyName
  readonly args: readonly NodeId[]
  /** Above 0, wherever it varies, if and only if p^(1/T) has a finite integral over the family's support; absent when it always has. */
  readonly positive?: NodeId
  /** The part of the line that the family named is restricted to. */
  readonly range?: { readonly lower: number; readonly upper: number }
}

/** Why the power of a density is not drawn from. */
export interface Untempered {
  readonly never: string
}
