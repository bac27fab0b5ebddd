import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { type Kind, ownAxes } from '../../middle/kinds.ts'
import type { ValueType } from '../../middle/model.ts'
import { nonnegative, positive, probability, real } from './interval.ts'
import { cholesky, correlation, covariance } from './matrix.ts'
import type { BoundNodes, Mapped, NoTransform, Transform } from './transform.ts'
import { ordered, simplex, unit } from './vector.ts'

export type { BoundNodes, EntropyRule, NoTransform, Transform } from './transform.ts'

const discrete = { pending: 'it is discrete, and moves by jumps' } as const

/** How states of every type are moved as plain reals. */
export const transforms: { readonly [K in Kind]: Transform<K> | NoTransform } = {
  real,
  positive,
  nonnegative,
  probability,
  unit,
  simplex,
  ordered,
  spin: discrete,
  bit: discrete,
  count: discrete,
  element: discrete,
  covariance,
  cholesky,
  correlation,
}

/** The transform of a type, or why it has none. */
export function transformOf(type: ValueType): Transform | NoTransform {
  return transforms[type.kind] as Transform | NoTransform
}

export function hasTransform(transform: Transform | NoTransform): transform is Transform {
  return !('pending' in transform)
}

/** The value of coordinates `y`, and the log Jacobian summed over the variable's axes. */
export function constrained(
  m: Maths,
  transform: Transform,
  type: ValueType,
  axes: readonly string[],
  y: NodeId,
  bounds: BoundNodes,
): Mapped {
  const { value, logJacobian } = transform.forward(m, type, y, bounds)
  const along = ownAxes(type)
  return {
    value,
    logJacobian: m.sum(
      axes.filter((a) => !along.includes(a)),
      logJacobian,
    ),
  }
}
