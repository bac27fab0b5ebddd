import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'

/**
 * `shared * own`, summed over the axes `bound`, which no other piece has, and where `whole` over rows. Nothing of rows is in `shared`;
 * `own` is of one row and free of what moves for all of them, undefined stands for 1.
 */
export interface Piece {
  readonly shared: NodeId
  readonly own: NodeId | undefined
  readonly bound: readonly string[]
  readonly whole: boolean
}

/** What rows are, and what inputs are of: `isShared`, what moves for all rows; `isGiven`, what does not move. */
export interface RowInputs {
  readonly axis: string
  isShared(input: string): boolean
  isGiven(input: string): boolean
}

/** The mean over rows of something given, as an input: squares of differences from it lose no digits when they are multiplied out. */
export interface Centre {
  readonly port: string
  readonly node: NodeId
}

export interface SeparatedSum {
  readonly pieces: readonly Piece[]
  readonly centres: readonly Centre[]
}

/** Undefined where something is no such sum. */
export type SumOfPieces = readonly Piece[] | undefined

/** Longer sums of products are not written out. */
export const MOST_PIECES = 64

/** What the rules of operations are written with. */
export interface PieceAlgebra {
  readonly m: Maths
  /** The axis of rows. */
  readonly row: string
  /** The pieces of an operand. */
  at(id: NodeId | undefined): SumOfPieces
  isOfRows(id: NodeId | undefined): boolean
  /** Of one row, and nothing that moves for all. */
  isOwn(id: NodeId | undefined): boolean
  /** What is given of rows, beside what is the same for all, as a difference from its mean. */
  centred(pieces: SumOfPieces): SumOfPieces
  renamed(piece: Piece, from: string, to: string): Piece
  /** Undefined where rows meet. */
  times(a: Piece, b: Piece): Piece | undefined
  /** Over an axis other than that of rows. */
  summed(piece: Piece, axis: string): Piece
  overRows(piece: Piece): Piece | undefined
}
