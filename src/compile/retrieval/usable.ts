import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { isNonnegative, isPositive, type Range, ranges } from '../curvature/range.ts'
import type { Move } from './coordinates.ts'

/** Keeps gradient/U a number where data make a curvature exactly 0, and with it the gradient. */
const LEAST = 1e-300

/**
 * A curvature to step by, or undefined. On a line the step gradient/U needs U > 0. On a sphere |x| is fixed, so that a
 * bound of any sign has the minimiser `normalize(U x - gradient)`; there U must be one number per vector.
 */
export function usable(builder: GraphBuilder, bound: NodeId, move: Move, inputs: (name: string) => Range): NodeId | undefined {
  if (move.kind === 'sphere') return builder.reduce('max_over', builder.axes(bound).includes(move.axis) ? [move.axis] : [], bound)
  const range = ranges(builder, [bound], inputs)(bound)
  if (isPositive(range)) return bound
  return isNonnegative(range) && range.hi > 0 ? builder.apply('max', bound, builder.constant(LEAST)) : undefined
}
