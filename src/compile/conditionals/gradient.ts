import { InternalError, must } from '../../base/internal-error.ts'
import { without } from '../../ir/builder.ts'
import type { Node, NodeId, NodeOf, Op } from '../../ir/graph.ts'
import { dependents, reachable } from '../../ir/walk.ts'
import type { LinearAlgebra } from './entries.ts'
import {
  free,
  isAffine,
  type Linear,
  mapped,
  negated,
  onlyWhere,
  picked,
  plus,
  renamed,
  scattered,
  shifted,
  summed,
  times,
} from './linear.ts'

/**
 * The gradient of a sum of scalars that are at most quadratic in a variable, itself linear in it: the weights are
 * the second derivatives. Undefined where powers other than these come up on the way. Adjoints pass down through linear operations without the variable, until a product of two linear nodes.
 */
export function gradientOf(
  a: LinearAlgebra,
  roots: readonly NodeId[],
  variable: NodeId,
  linear: (id: NodeId) => Linear,
): Linear | undefined {
  const { builder } = a.m
  const ids = reachable(builder, roots)
  const moving = dependents(builder, ids, new Set([variable]))
  if ([...moving].some((id) => !linear(id).quadratic && !isAffine(linear(id)))) return undefined
  const adjoints = new Map<NodeId, Linear>()
  const add = (id: NodeId, more: Linear): void => {
    if (!moving.has(id)) return
    const before = adjoints.get(id)
    const own = summed(a, more, without(more.axes, builder.axes(id)))
    adjoints.set(id, before === undefined ? own : plus(a, before, own))
  }
  for (const root of roots) add(root, free(a, a.m.k(1)))
  for (const id of ids.toReversed()) {
    const adjoint = adjoints.get(id)
    if (adjoint === undefined || id === variable) continue
    const node = builder.node(id)
    const rule = must(rules[node.op] as LinearGradientRule<Op> | undefined, `what ${node.op} passes down`)
    rule({ a, node, adjoint, linear, moves: (arg) => moving.has(arg) }, node).forEach((contribution, i) => {
      if (contribution !== undefined) add(must(node.args[i], 'operand'), contribution)
    })
  }
  return adjoints.get(variable) ?? free(a, a.m.k(0))
}

interface Pass {
  readonly a: LinearAlgebra
  readonly node: Node
  readonly adjoint: Linear
  readonly linear: (id: NodeId) => Linear
  readonly moves: (id: NodeId) => boolean
}

type LinearGradientRule<K extends Op> = (p: Pass, node: NodeOf<K>) => readonly (Linear | undefined)[]

/** Of the operations through which a quadratic can pass: those that are linear, and products. */
const rules: { readonly [K in Op]?: LinearGradientRule<K> } = {
  neg: ({ a, adjoint }) => [negated(a, adjoint)],
  add: ({ adjoint }) => [adjoint, adjoint],
  sub: ({ a, adjoint }) => [adjoint, negated(a, adjoint)],
  mul: (p, { args: [x = 0, y = 0] }) => [byFactor(p, x, y), byFactor(p, y, x)],
  square: (p, { args: [x = 0] }) => [doubled(p, byFactor(p, x, x))],
  pow: (p, { args: [x = 0] }) => [doubled(p, byFactor(p, x, x))],
  div: ({ a, adjoint }, { args: [, y = 0] }) => [times(a, adjoint, a.m.reciprocal(y))],
  where: ({ a, adjoint }, { args: [condition = 0] }) => [
    undefined,
    onlyWhere(a, condition, adjoint),
    onlyWhere(a, a.m.sub(a.m.k(1), condition), adjoint),
  ],
  sum: ({ adjoint }) => [adjoint],
  rename: ({ a, adjoint }, { from, to }) => [renamed(a, adjoint, to, from)],
  pick: ({ a, adjoint }, { axis, args: [x = 0, index = 0] }) => {
    const { builder } = a.m
    return [scattered(a, adjoint, axis, index, without(builder.axes(index), without(builder.axes(x), [axis])))]
  },
  scatter: ({ a, adjoint }, { axis, args: [, index = 0] }) => [picked(a, adjoint, axis, index)],
  shift: ({ a, adjoint }, { axis, by }) => [shifted(a, adjoint, axis, -by)],
  cumsum: ({ a, adjoint }, { axis, reverse }) => [mapped(a, adjoint, [axis], adjoint.axes, (x) => a.m.builder.cumsum(x, axis, !reverse))],
  solve_lower: ({ a, adjoint }, { rows, columns, transposed, args: [matrix = 0, b = 0] }) => [
    undefined,
    mapped(
      a,
      adjoint,
      [rows, columns],
      [...new Set([...a.m.builder.axes(b), ...a.m.builder.axes(matrix)])].filter((x) => x !== (transposed ? rows : columns)).sort(),
      (x) => a.m.builder.solveLower(matrix, x, rows, columns, !transposed),
    ),
  ],
}

/** What `x` gets from x times y. */
function byFactor({ a, adjoint, linear, moves }: Pass, x: NodeId, y: NodeId): Linear | undefined {
  if (!moves(x)) return undefined
  if (!moves(y)) return times(a, adjoint, y)
  if (adjoint.parts.size > 0) throw new InternalError('a product of three factors that depend on a variable')
  return times(a, linear(y), adjoint.constant)
}

function doubled({ a }: Pass, x: Linear | undefined): Linear | undefined {
  return x && times(a, x, a.m.k(2))
}
