import type { Typed } from '../../middle/model.ts'
import type { NodeType } from '../analysis.ts'
import type { Expr } from '../ast.ts'
import type { CheckContext, ExprPlace } from './scope.ts'

const unknown: NodeType = { kind: 'unknown' }

/** Keeps what an expression turned out to be. In a def that is known for each call; elsewhere the last look counts. */
export function note(c: CheckContext, e: Expr, value: Typed | undefined, { parameters: call }: ExprPlace): Typed | undefined {
  const before = c.nodeTypes.get(e)
  const earlier = before === undefined ? unknown : before.call === call ? before.earlier : before.type
  c.nodeTypes.set(e, { call, earlier, type: either(earlier, typeOf(value)) })
  return value
}

function typeOf(value: Typed | undefined): NodeType {
  if (value === undefined) return unknown
  return { kind: 'known', axes: value.axes, ...(value.element === undefined ? {} : { element: value.element }) }
}

function either(a: NodeType, b: NodeType): NodeType {
  if (a.kind === 'unknown') return b
  if (a.kind !== 'known' || b.kind !== 'known') return a
  const same = a.element === b.element && a.axes.length === b.axes.length && a.axes.every((axis, i) => axis === b.axes[i])
  return same ? a : { kind: 'depends' }
}

export function nodeTypes(c: CheckContext): ReadonlyMap<Expr, NodeType> {
  return new Map([...c.nodeTypes].map(([e, { type }]) => [e, type]))
}
