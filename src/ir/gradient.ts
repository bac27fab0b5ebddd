import { InternalError, must } from '../base/internal-error.ts'
import { type Adjoint, product } from './adjoint.ts'
import { type GraphBuilder, without } from './builder.ts'
import { type Derivatives, derivatives } from './derivatives.ts'
import { elementwiseFacts } from './facts.ts'
import type { ElementwiseOp, Node, NodeId } from './graph.ts'
import { type GivenInput, knowledge, ordinary } from './infinities.ts'
import { type Maths, maths } from './maths.ts'
import { isElementwise } from './scalar.ts'
import { simplifiedWithin } from './simplify-within.ts'
import type { GradientRules, StructuralContext } from './structural-context.ts'
import { structuralPullback } from './structural-gradient.ts'

/**
 * The derivatives of the scalar `of` by each of `wrt`, as nodes of the same builder (reverse mode, graph to graph).
 *
 * `wrt` are taken as leaves: the derivative does not go through one of them to another. A gradient may lack axes of its
 * node: it is then constant along them. Where `of` does not depend on a node the gradient is the constant 0.
 * What is differentiated is simplified before, so that no derivative is taken of what cancels (log of exp, say).
 * Throws `InternalError` when `of` has axes.
 */
export function gradient(builder: GraphBuilder, of: NodeId, wrt: readonly NodeId[], options: GradientOptions = {}): readonly NodeId[] {
  const [simple] = simplifiedWithin(builder, [of], wrt)
  return plainGradient(builder, must(simple, 'simplified'), wrt, options)
}

export interface GradientOptions {
  /** The scalar derivatives to use. */
  readonly table?: Derivatives
  /** What is known of the inputs; of those that it knows nothing of, that they are ordinary numbers. */
  readonly inputs?: (name: string) => GivenInput
}

/** The same without simplifying first. */
export function plainGradient(
  builder: GraphBuilder,
  of: NodeId,
  wrt: readonly NodeId[],
  { table = derivatives, inputs = () => ordinary }: GradientOptions = {},
): readonly NodeId[] {
  if (builder.axes(of).length > 0) throw new InternalError(`the gradient of something with the axes ${builder.axes(of)}`)
  const rules = { table, known: knowledge(builder, inputs) }
  return pullback(builder, of, { g: builder.constant(1) }, wrt, rules).map((a) => a?.g ?? builder.constant(0))
}

/**
 * The adjoints of `wrt` when that of `of` is `seed` (whose axes are among those of `of`, and constant along the rest);
 * undefined for none.
 */
function pullback(
  builder: GraphBuilder,
  of: NodeId,
  seed: Adjoint,
  wrt: readonly NodeId[],
  { table, known }: GradientRules,
): readonly (Adjoint | undefined)[] {
  const leaves = new Set(wrt)
  const between = dependents(builder, of, leaves)
  const depends = new Set(between)
  const m = maths(builder)
  const adjoints = new Map<NodeId, Adjoint>([[of, seed]])
  for (const id of between.toReversed()) {
    const adjoint = adjoints.get(id)
    if (adjoint === undefined || leaves.has(id)) continue
    const node = builder.node(id)
    contributions({ m, node, id, adjoint, table, known, wants: (arg) => depends.has(arg), pullback }).forEach((c, k) => {
      const arg = must(node.args[k], 'operand')
      if (c !== undefined && depends.has(arg)) adjoints.set(arg, added(m, adjoints.get(arg), c))
    })
  }
  return wrt.map((id) => adjoints.get(id))
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
  const { node, wants, adjoint } = context
  const op = node.op
  if (isElementwise(op)) return node.args.map((arg, k) => (wants(arg) ? elementwiseContribution(context, op, k) : undefined))
  const { vanishes = false, steep = false } = adjoint
  return structuralPullback(context).map((c) => (c === undefined ? undefined : { vanishes, steep, ...c }))
}

function elementwiseContribution(context: StructuralContext, op: ElementwiseOp, k: number): Adjoint | undefined {
  const { m, node, id, adjoint, table, known } = context
  const rule = must(table[op][k], `derivative ${k} of ${op}`)
  const [a = 0, b = 0, c = 0] = node.args
  if (typeof rule !== 'function') return reducedTo(m, node, k, branch(m, adjoint, rule.passesWhere(m, a, b, c)))
  const value = rule(m, adjoint.g, id, a, b, c)
  if (value === undefined) return undefined
  if (signs.has(op)) return reducedTo(m, node, k, { ...adjoint, g: value })
  const d = must(rule(m, m.k(1), id, a, b, c), 'derivative')
  const contribution = product(m, known, adjoint, d, value, singularOperands(node, op))
  return reducedTo(m, node, k, elementwiseFacts[op].steep && known.infinite(d) ? { ...contribution, steep: true } : contribution)
}

/** Operations whose derivatives are 1 or -1. */
const signs: ReadonlySet<ElementwiseOp> = new Set(['neg', 'add', 'sub'])

function singularOperands(node: Node, op: ElementwiseOp): readonly NodeId[] {
  return elementwiseFacts[op].singular.map((i) => must(node.args[i], 'operand'))
}

/** Below `condition`: by `where`, never by multiplication, so that infinities on the other side do not leak. */
function branch(m: Maths, adjoint: Adjoint, condition: NodeId): Adjoint {
  const alive = adjoint.alive === undefined ? condition : m.mul(adjoint.alive, condition)
  return { ...adjoint, g: m.where(condition, adjoint.g, m.k(0)), alive }
}

/** Broadcasting back: the sum over the axes that the node has and its operand lacks. */
function reducedTo(m: Maths, node: Node, k: number, adjoint: Adjoint): Adjoint {
  const { g, alive } = adjoint
  const extra = without(node.axes, m.builder.axes(must(node.args[k], 'operand')))
  if (extra.length === 0) return adjoint
  const sum = m.sum(extra, g)
  return alive === undefined ? { ...adjoint, g: sum } : { ...adjoint, g: sum, alive: m.builder.reduce('max_over', extra, alive) }
}

/** Something is alive where any of its uses is; where one use is not below a branch there is nothing to say. */
function added(m: Maths, before: Adjoint | undefined, more: Adjoint): Adjoint {
  if (before === undefined) return more
  const [a, b] = [before, more].map(({ vanishes = false, alive }) => ({ vanishes, alive })) as [Adjointness, Adjointness]
  const sum = { g: m.add(before.g, more.g), steep: before.steep === true || more.steep === true }
  if (a.alive !== undefined && b.alive !== undefined) {
    return { ...sum, vanishes: a.vanishes || b.vanishes, alive: m.max(a.alive, b.alive) }
  }
  // What is 0 now and then, and what is not there now and then, are 0 together; where one never is, the sum is not either.
  return { ...sum, vanishes: (a.vanishes || a.alive !== undefined) && (b.vanishes || b.alive !== undefined) }
}

type Adjointness = Required<Pick<Adjoint, 'vanishes'>> & { readonly alive: NodeId | undefined }
