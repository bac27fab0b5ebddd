import type { NodeId } from '../../ir/graph.ts'
import type { Formulas } from '../../ir/maths.ts'
import type { Each, WrittenSignature } from './signature.ts'

/** Logs of the masses below and above a point. */
export interface Tails {
  readonly lower: NodeId
  readonly upper: NodeId
}

/** Probabilities of a family of single numbers, as formulas: what truncation and censoring need. */
export type Masses<S extends WrittenSignature = WrittenSignature> = TailMasses<S> | IntervalMasses<S>

export interface TailMasses<S extends WrittenSignature = WrittenSignature> {
  /** Logs of P(X <= x) and P(X > x); families of counts are asked at whole numbers only. */
  tails(m: Formulas, x: NodeId, args: Each<S, NodeId>): Tails
}

/** For families of angles, which have no first number. */
export interface IntervalMasses<S extends WrittenSignature = WrittenSignature> {
  /** Log of P(from <= X <= to). */
  between(m: Formulas, from: NodeId, to: NodeId, args: Each<S, NodeId>): NodeId
}
