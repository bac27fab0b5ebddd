import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { EnergyAxis } from '../../middle/energy.ts'
import type { Kind, TypeOf } from '../../middle/kinds.ts'

/** The bounds of a real as nodes; absent, or infinite, where there is none. */
export interface BoundNodes {
  readonly lower?: NodeId
  readonly upper?: NodeId
}

/** A value, and the log of the absolute Jacobian determinant of the map to it. */
export interface Mapped {
  readonly value: NodeId
  readonly logJacobian: NodeId
}

/**
 * A smooth change of variables from coordinates (any reals) to values of one type, as graphs.
 *
 * Far out (beyond about +-700 for an exponential, 37 for a sigmoid) float64 rounds the value to the edge of its support:
 * to the closed one, never past it.
 */
export interface Transform<K extends Kind = Kind> {
  /** Where the map and its Jacobian come from. */
  readonly source: string
  /** Axes of the coordinates of a value with these axes, in the same order. */
  coordinateAxes(type: TypeOf<K>, axes: readonly string[]): readonly string[]
  /** Axes that only the coordinates have. */
  madeAxes(type: TypeOf<K>): readonly EnergyAxis[]
  /**
   * The value, and the log of the absolute Jacobian determinant of the map: of one element, or of all the elements along
   * the type's own axes (`ownAxes`), which the Jacobian then lacks.
   */
  forward(m: Maths, type: TypeOf<K>, y: NodeId, bounds: BoundNodes): Mapped
  /** The coordinates of a value. */
  inverse(m: Maths, type: TypeOf<K>, x: NodeId, bounds: BoundNodes): NodeId
  /** Of types whose values are probabilities. */
  readonly entropy?: EntropyRule<K>
}

/** The negative entropy h of probabilities, which is what mirror steps measure distances by. */
export interface EntropyRule<K extends Kind = Kind> {
  /** What h is the sum of, over the axes of the value `x`. */
  parts(m: Maths, type: TypeOf<K>, x: NodeId): readonly NodeId[]
  /** The coordinates of `softmax(logits)` (one number: of `sigmoid(logits)`), without a logarithm of what may be 0. */
  coordinates(m: Maths, type: TypeOf<K>, logits: NodeId): NodeId
  /** The largest k with D(y, x) >= k |y - x|^2 / 2, where D is the Kullback-Leibler divergence, which h is the potential of. */
  readonly strength: number
}

/** A type whose states have no coordinates, and why. */
export interface NoTransform {
  readonly pending: string
}

/** What a transform that works element by element need not say. */
export const elementwise = {
  coordinateAxes: (_type: unknown, axes: readonly string[]) => axes,
  madeAxes: () => [],
} as const
