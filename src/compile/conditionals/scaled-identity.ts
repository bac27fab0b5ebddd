import type { NodeId, NodeOf } from '../../ir/graph.ts'
import type { LinearAlgebra } from './entries.ts'

export interface ScaledIdentity {
  readonly column: string
  readonly scale: NodeId
}

/** A number where positions along `rows` and another axis are the same, 0 elsewhere. */
export function identityIn(a: LinearAlgebra, id: NodeId, rows: string): ScaledIdentity | undefined {
  const { m } = a
  const { builder } = m
  const node = builder.node(id)
  const { args } = node
  if (node.op === 'rename') return identityNamed(a, node, rows)
  if (node.op === 'mul') {
    const [x, y] = args as readonly [NodeId, NodeId]
    const [one, by] = [identityIn(a, x, rows), identityIn(a, y, rows)]
    const [found, factor] = one === undefined ? [by, x] : [one, y]
    const isFlat = found !== undefined && builder.axes(factor).every((axis) => axis !== rows && axis !== found.column)
    return found && isFlat ? { ...found, scale: m.mul(found.scale, factor) } : undefined
  }
  const [test = id, scale = m.k(1), no] = node.op === 'where' ? args : [id]
  const { op, args: sides } = builder.node(test)
  const [column, ...more] = builder.axes(test).filter((axis) => axis !== rows)
  if (op !== 'equal' || column === undefined || more.length > 0 || (no !== undefined && m.known(no) !== 0)) return undefined
  const isFlat = builder.axes(scale).every((axis) => axis !== rows && axis !== column)
  const [x, y] = sides.map((side) => positionIn(a, side))
  const isSame =
    x !== undefined && y !== undefined && x.from === y.from && [rows, column].every((axis) => x.axis === axis || y.axis === axis)
  return isFlat && isSame ? { column, scale } : undefined
}

/** A position along an axis, counted from a number. */
function positionIn({ m }: LinearAlgebra, id: NodeId): { readonly axis: string; readonly from: number } | undefined {
  const node = m.builder.node(id)
  if (node.op === 'index') return { axis: node.axis, from: 0 }
  if (node.op !== 'add') return undefined
  const [x, y] = node.args.map((arg) => ({ from: m.known(arg), inner: m.builder.node(arg) }))
  const [from, inner] = x?.from === undefined ? [y?.from, x?.inner] : [x.from, y?.inner]
  return from !== undefined && inner?.op === 'index' ? { axis: inner.axis, from } : undefined
}

function identityNamed(a: LinearAlgebra, { from, to, args: [x = 0] }: NodeOf<'rename'>, rows: string): ScaledIdentity | undefined {
  const found = identityIn(a, x, rows === to ? from : rows)
  if (found === undefined) return undefined
  const { column, scale } = found
  return { column: column === from ? to : column, scale: a.m.builder.rename(scale, from, to) }
}
