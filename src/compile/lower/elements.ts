import type { NodeId } from '../../ir/graph.ts'
import type { Typed } from '../../middle/model.ts'
import type { LowerContext, Lowered } from './context.ts'
import { allLegal, pickedAt } from './legality.ts'

/** An expression as a number for arithmetic: elements count from 1, as the user wrote them. */
export function asNumber(c: LowerContext, e: Typed, x: NodeId): NodeId {
  return e.element === undefined ? x : c.m.add(x, c.m.k(1))
}

/** An expression as a position along an axis, from 0. */
export function asPosition(c: LowerContext, e: Typed, x: NodeId): NodeId {
  return e.element === undefined ? c.m.sub(x, c.m.k(1)) : x
}

/** A number in a choice between elements is the number of one. */
export function asElement(c: LowerContext, axis: string, operand: Typed, a: Lowered): Lowered {
  const position = asPosition(c, operand, a.node)
  if (operand.element !== undefined) return { ...a, node: position }
  const { at, legality } = pickedAt(c, axis, operand, position)
  return { ...a, node: at, legality: allLegal(c.m, [a.legality, legality]) }
}
