import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { FamilyContext } from '../parts/density.ts'
import { type Factored, factored, squaredDistance } from './factors.ts'

export const LOG_PI = 1.1447298858494002
export const LOG_2PI = 1.8378770664093453

/** The axis of the elements, or of the rows. */
export function first(context: FamilyContext): string {
  return must(context.over[0], 'the axis of the family')
}

export function second(context: FamilyContext): string {
  return must(context.over[1], 'the second axis of the family')
}

/** The factor of an argument that is a covariance along `rows` and an axis of its own. */
export function covariance(m: Maths, context: FamilyContext, k: number, matrix: NodeId, rows: string): Factored {
  return factored(m, matrix, rows, must(context.own?.[k], 'the other axis of a covariance'))
}

/** The formula where all conditions hold, minus infinity elsewhere. */
export function where(m: Maths, conditions: readonly NodeId[], formula: NodeId): NodeId {
  return m.where(m.times(...conditions), formula, m.k(Number.NEGATIVE_INFINITY))
}

export const half = (m: Maths, x: NodeId): NodeId => m.mul(m.k(0.5), x)

export function multiNormal(m: Maths, x: NodeId, mu: NodeId, s: Factored): NodeId {
  const constant = m.mul(m.k(LOG_2PI), m.builder.size(s.rows))
  const distance = squaredDistance(m, s, m.sub(x, mu))
  return where(m, [s.valid], m.neg(half(m, m.plus(distance, s.logDeterminant, constant))))
}
