import { InternalError, must } from '../base/internal-error.ts'
import { type GraphBuilder, union, without } from './builder.ts'
import { type Derivatives, derivatives, singular } from './derivatives.ts'
import type { ElementwiseOp, Node, NodeId } from './graph.ts'
import { type Maths, maths } from './maths.ts'
import { isElementwise } from './scalar.ts'
import { simplifiedWithin } from './simplify-within.ts'
import { type Adjoint, type StructuralContext, structuralPullback } from './structural-gradient.ts'

/**
 * The derivatives of the scalar `of` by each of `wrt`, as nodes of the same builder (reverse mode, graph to graph).
 *
 * `wrt` are taken as leaves: the derivative does not go through one of them to another. A gradient may lack axes of its
 * node: it is then constant along them. Where `of` does not depend on a node the gradient is the constant 0.
 * What is differentiated is simplified before, so that no derivative is taken of what cancels (log of exp, say).
 * `table`: the scalar derivatives to use. Throws `InternalError` when `of` has axes.
 */
export function gradient(builder: GraphBuilder, of: NodeId, wrt: readonly NodeId[], table: Derivatives = derivatives): readonly NodeId[] {
  const [simple] = simplifiedWithin(builder, [of], wrt)
  return plainGradient(builder, must(simple, 'simplified'), wrt, table)
}

/** The same without simplifying first. */
export function plainGradient(
  builder: GraphBuilder,
  of: NodeId,
  wrt: readonly NodeId[],
  table: Derivatives = derivatives,
): readonly NodeId[] {
  if (builder.axes(of).length > 0) throw new InternalError(`the gradient of something with the axes ${builder.axes(of)}`)
  return pullback(builder, of, builder.constant(1), wrt, table).map((g) => g ?? builder.constant(0))
}

/**
 * The adjoints of `wrt` when that of `of` is `seed` (whose axes are among those of `of`, and constant along the rest);
 * undefined for none.
 */
export function pullback(
  builder: GraphBuilder,
  of: NodeId,
  seed: NodeId,
  wrt: readonly NodeId[],
  table: Derivatives = derivatives,
): readonly (NodeId | undefined)[] {
  const leaves = new Set(wrt)
  const between = dependents(builder, of, leaves)
  const depends = new Set(between)
  const m = maths(builder)
  const adjoints = new Map<NodeId, Adjoint>([[of, { g: seed }]])
  for (const id of between.toReversed()) {
    const adjoint = adjoints.get(id)
    if (adjoint === undefined || leaves.has(id)) continue
    const node = builder.node(id)
    contributions({ m, node, id, adjoint, table, wants: (arg) => depends.has(arg), pullback }).forEach((c, k) => {
      const arg = must(node.args[k], 'operand')
      if (c !== undefined && depends.has(arg)) adjoints.set(arg, added(m, adjoints.get(arg), c))
    })
  }
  return wrt.map((id) => adjoints.get(id)?.g)
}

/** The nodes that `of` is made of and that depend on `leaves`, which are not looked into; operands first. */
function dependents(builder: GraphBuilder, of: NodeId, leaves: ReadonlySet<NodeId>): readonly NodeId[] {
  const reached = new Set([of])
  for (const id of reached) if (!leaves.has(id)) for (const arg of builder.node(id).args) reached.add(arg)
  const depends = new Set<NodeId>()
  for (const id of [...reached].sort((a, b) => a - b)) {
    if (leaves.has(id) || builder.node(id).args.some((arg) => depends.has(arg))) depends.add(id)
  }
  return [...depends]
}

/** What a node gives to the adjoint of each of its operands. */
function contributions(context: StructuralContext): readonly (Adjoint | undefined)[] {
  const { node, wants } = context
  const op = node.op
  if (!isElementwise(op)) return structuralPullback(context)
  return node.args.map((arg, k) => (wants(arg) ? elementwiseContribution(context, op, k) : undefined))
}

function elementwiseContribution(context: StructuralContext, op: ElementwiseOp, k: number): Adjoint | undefined {
  const { m, node, id, adjoint, table } = context
  const rule = must(table[op][k], `derivative ${k} of ${op}`)
  const [a = 0, b = 0, c = 0] = node.args
  if (typeof rule !== 'function') return reducedTo(m, node, k, branch(m, adjoint, rule.passesWhere(m, a, b, c)))
  const value = rule(m, adjoint.g, id, a, b, c)
  if (value === undefined) return undefined
  const causes = (singular[op] ?? []).map((i) => must(node.args[i], 'operand'))
  return reducedTo(m, node, k, { ...adjoint, g: cutOff(m, adjoint, value, causes) })
}

/** Below `condition`: by `where`, never by multiplication, so that infinities on the other side do not leak. */
function branch(m: Maths, adjoint: Adjoint, condition: NodeId): Adjoint {
  const alive = adjoint.alive === undefined ? condition : m.mul(adjoint.alive, condition)
  return { g: m.where(condition, adjoint.g, m.k(0)), alive }
}

/** Nothing, where nothing is alive. What does not vary between the dead and the living is no danger to the dead alone. */
function cutOff(m: Maths, { alive }: Adjoint, value: NodeId, causes: readonly NodeId[]): NodeId {
  if (alive === undefined) return value
  const varies = union(causes.map((id) => m.builder.axes(id))).some((a) => m.builder.axes(alive).includes(a))
  const scalar = m.builder.axes(alive).length === 0 && causes.length > 0
  return varies || scalar ? m.where(alive, value, m.k(0)) : value
}

/** Broadcasting back: the sum over the axes that the node has and its operand lacks. */
function reducedTo(m: Maths, node: Node, k: number, { g, alive }: Adjoint): Adjoint {
  const extra = without(node.axes, m.builder.axes(must(node.args[k], 'operand')))
  if (extra.length === 0) return alive === undefined ? { g } : { g, alive }
  const sum = m.sum(extra, g)
  return alive === undefined ? { g: sum } : { g: sum, alive: m.builder.reduce('max_over', extra, alive) }
}

/** Something is alive where any of its uses is; where one use is not below a branch there is nothing to say. */
function added(m: Maths, before: Adjoint | undefined, more: Adjoint): Adjoint {
  if (before === undefined) return more
  const g = m.add(before.g, more.g)
  return before.alive === undefined || more.alive === undefined ? { g } : { g, alive: m.max(before.alive, more.alive) }
}
