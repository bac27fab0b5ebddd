import { type Interval, isNonnegative, isPositive } from '../../base/interval.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { CoordinateMove } from './coordinates.ts'

/** Keeps gradient/U a number where data make a curvature exactly 0, and with it the gradient. */
const LEAST = 1e-300

/**
 * A curvature to step by, or undefined. On a line the step gradient/U needs U > 0. On a sphere, where |x| is fixed, the
 * step is `normalize(U x - gradient)` for any U >= 0 that is one number per vector.
 */
export function usable(builder: GraphBuilder, bound: NodeId, move: CoordinateMove, rangeOf: (id: NodeId) => Interval): NodeId | undefined {
  const range = rangeOf(bound)
  if (move.kind === 'sphere') {
    const largest = builder.axes(bound).includes(move.axis) ? builder.reduce('max_over', [move.axis], bound) : bound
    return isNonnegative(range) ? largest : builder.apply('max', largest, builder.constant(0))
  }
  if (isPositive(range)) return bound
  return isNonnegative(range) && range.high > 0 ? builder.apply('max', bound, builder.constant(LEAST)) : undefined
}
