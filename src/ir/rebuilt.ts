import { must } from '../base/internal-error.ts'
import type { GraphBuilder } from './builder.ts'
import type { Node, NodeId, NodeOf, ReductionOp } from './graph.ts'
import type { StructuredOp } from './structure.ts'

type RebuiltOperands = (k: number) => NodeId
type RebuildRule<N extends Node> = (builder: GraphBuilder, node: N, arg: RebuiltOperands, args: readonly NodeId[]) => NodeId

/** A node that is not elementwise, written again with other operands: as its builder would, which may make less of it. */
export function rebuilt(builder: GraphBuilder, node: Node, args: readonly NodeId[]): NodeId {
  const rule = rules[node.op as StructuredOp] as RebuildRule<Node>
  return rule(builder, node, (k) => must(args[k], `operand ${k} of ${node.op}`), args)
}

const reduced: RebuildRule<NodeOf<ReductionOp>> = (b, n, arg) => b.reduce(n.op, n.over, arg(0))

const rules: { readonly [K in StructuredOp]: RebuildRule<NodeOf<K>> } = {
  const: (b, n) => b.constant(n.value),
  input: (b, n) => b.input(n.name, b.port(n.name).axes),
  size: (b, n) => b.size(n.axis),
  index: (b, n) => b.index(n.axis),
  sum: reduced,
  prod: reduced,
  max_over: reduced,
  min_over: reduced,
  logsumexp: reduced,
  pick: (b, n, arg) => b.pick(arg(0), n.axis, arg(1)),
  scatter: (b, n, arg) => b.scatter(arg(0), n.axis, arg(1), n.over),
  rename: (b, n, arg) => b.rename(arg(0), n.from, n.to),
  shift: (b, n, arg) => b.shift(arg(0), n.axis, n.by),
  cumsum: (b, n, arg) => b.cumsum(arg(0), n.axis, n.reverse),
  scan: (b, n, arg, [, ...elements]) =>
    b.scan(
      n.axis,
      n.reverse,
      n.body,
      arg(0),
      elements,
      n.axes.filter((a) => a !== n.axis),
    ),
  cholesky: (b, n, arg) => b.cholesky(arg(0), n.rows, n.columns),
  cholesky_gradient: (b, n, arg) => b.choleskyGradient(arg(0), arg(1), n.rows, n.columns),
  threshold: (b, n, arg) => b.threshold(arg(0), arg(1), n.axis),
  entmax_potential: (b, n, arg) => b.entmaxPotential(arg(0), arg(1), n.axis),
  solve_lower: (b, n, arg) => b.solveLower(arg(0), arg(1), n.rows, n.columns, n.transposed),
}
