import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { FamilyContext } from '../parts/density.ts'

/** x is an element of an axis by its type, counted from 0, so these need no guard. */
export function elementAxis(context: FamilyContext): string {
  return must(context.element, 'the axis of the elements')
}

/** The axis of a family over one. */
export function ownAxis(context: FamilyContext): string {
  return must(context.over[0], 'the axis of the family')
}

/** 1 where the condition holds all along the axis. */
export function everywhere(m: Maths, axis: string, condition: NodeId): NodeId {
  return m.equal(m.sum([axis], condition), m.builder.size(axis))
}
