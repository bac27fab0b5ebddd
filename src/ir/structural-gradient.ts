import { must } from '../base/internal-error.ts'
import { type Adjoint, product } from './adjoint.ts'
import { union, without } from './builder.ts'
import { entmaxPullback, thresholdPullback } from './entmax-gradient.ts'
import type { Node, NodeId, NodeOf, ReductionOp, StructuralOp } from './graph.ts'
import type { Knowledge } from './infinities.ts'
import { choleskyGradientPullback, choleskyPullback, solvePullback } from './linear-gradient.ts'
import type { Maths } from './maths.ts'
import { scanPullback } from './scan-gradient.ts'
import type { StructuralContext } from './structural-context.ts'

/** What reductions and structured operations give to the adjoints of their operands, over (some of) the operand's axes. */
export function structuralPullback(context: StructuralContext): readonly (Adjoint | undefined)[] {
  const rule = rules[context.node.op as keyof typeof rules] as GradientRule<Node>
  return rule(context.node, context)
}

type GradientRule<N extends Node> = (node: N, context: StructuralContext) => readonly (Adjoint | undefined)[]
type GradientTable = { readonly [K in StructuralOp]: GradientRule<NodeOf<K>> } & {
  readonly [K in ReductionOp]: GradientRule<NodeOf<ReductionOp>>
}

const nothing = (): readonly undefined[] => []

export const rules: GradientTable = {
  const: nothing,
  input: nothing,
  size: nothing,
  index: nothing,
  // The adjoint does not vary over what was summed: it is used as it is.
  sum: (_node, { adjoint }) => [adjoint],
  prod: (node, { m, known, adjoint }) => times(m, known, adjoint, productOfOthers(m, node.over, operand(node, 0))),
  max_over: extreme,
  min_over: extreme,
  logsumexp: (node, { m, known, adjoint, id }) => {
    const [weighted] = times(m, known, adjoint, weights(m, operand(node, 0), id))
    return [{ ...must(weighted, 'weighted'), vanishes: true }]
  },
  pick: (node, { m, adjoint }) => {
    const [x, index] = [operand(node, 0), operand(node, 1)]
    const over = without(m.builder.axes(index), without(m.builder.axes(x), [node.axis]))
    const back = (g: NodeId): NodeId => m.builder.scatter(g, node.axis, index, over)
    return [{ g: back(adjoint.g), alive: m.less(m.k(0), back(adjoint.alive ?? m.k(1))) }]
  },
  scatter: (node, { m, adjoint }) => {
    const [g, index] = [operand(node, 0), operand(node, 1)]
    const extra = without(union([m.builder.axes(g), m.builder.axes(index)]), m.builder.axes(g))
    return [linear(m, adjoint, (x) => m.sum(extra, m.builder.pick(x, node.axis, index)))]
  },
  rename: (node, { m, adjoint }) => [linear(m, adjoint, (g) => m.builder.rename(g, node.to, node.from))],
  shift: (node, { m, adjoint }) => {
    const back = (g: NodeId): NodeId => m.builder.shift(g, node.axis, -node.by)
    return [{ g: back(adjoint.g), alive: back(adjoint.alive ?? m.k(1)) }]
  },
  cumsum: (node, { m, adjoint }) => [linear(m, adjoint, (g) => m.builder.cumsum(g, node.axis, !node.reverse))],
  scan: scanPullback,
  cholesky: choleskyPullback,
  cholesky_gradient: choleskyGradientPullback,
  threshold: thresholdPullback,
  entmax_potential: entmaxPullback,
  solve_lower: solvePullback,
}

function times(m: Maths, known: Knowledge, adjoint: Adjoint, d: NodeId): readonly Adjoint[] {
  return [product(m, known, adjoint, d, m.mul(adjoint.g, d))]
}

/** An operation that is its own derivative, transposed: the count of live uses goes back the same way. */
function linear(m: Maths, { g, alive }: Adjoint, back: (g: NodeId) => NodeId): Adjoint {
  return alive === undefined ? { g: back(g) } : { g: back(g), alive: m.less(m.k(0), back(alive)) }
}

/** Equal extremes share the adjoint evenly. */
function extreme(node: NodeOf<ReductionOp>, { m, adjoint, id }: StructuralContext): readonly Adjoint[] {
  const here = m.equal(operand(node, 0), id)
  const share = m.div(adjoint.g, m.sum(node.over, here))
  return [{ g: m.where(here, share, m.k(0)), alive: adjoint.alive === undefined ? here : m.mul(adjoint.alive, here) }]
}

/**
 * d prod / dx_i, right where factors are zero: with the zeros replaced by ones, the product over x_i if x_i is the only
 * zero there is, or if there is none; else 0.
 */
function productOfOthers(m: Maths, over: readonly string[], x: NodeId): NodeId {
  const zero = m.equal(x, m.k(0))
  const filled = m.where(zero, m.k(1), x)
  const others = m.div(m.builder.reduce('prod', over, filled), filled)
  return m.where(m.equal(m.sum(over, zero), zero), others, m.k(0))
}

/** exp(x - logsumexp x): all zero, rather than NaN, where every x is minus infinity. */
export function weights(m: Maths, x: NodeId, logsumexp: NodeId): NodeId {
  return m.exp(m.sub(x, m.log_total(logsumexp)))
}

function operand(node: Node, k: number): NodeId {
  return must(node.args[k], `operand ${k} of ${node.op}`)
}
