import type { Adjoint } from './adjoint.ts'
import { without } from './builder.ts'
import type { NodeId, NodeOf } from './graph.ts'
import { twinOf } from './layout.ts'
import type { Maths } from './maths.ts'
import type { StructuralContext } from './structural-context.ts'

/** Of the matrix, from that of its factor. */
export function choleskyPullback(node: NodeOf<'cholesky'>, { m, id, adjoint }: StructuralContext): readonly Adjoint[] {
  const { rows, columns } = node
  return [cutOff(m, { ...adjoint, g: m.builder.choleskyGradient(id, adjoint.g, rows, columns) }, [rows, columns])]
}

/** By its formula, which is of operations that have derivatives. */
export function choleskyGradientPullback(node: NodeOf<'cholesky_gradient'>, context: StructuralContext): readonly (Adjoint | undefined)[] {
  const { m, adjoint, table, known, pullback } = context
  return pullback(m.builder, choleskyGradient(m, node), adjoint, node.args, { table, known })
}

/**
 * The adjoint of a matrix from that of its factor: with P = Phi(L' Lbar) and S = L^-T P L^-1, it is Phi(S + S'), where
 * Phi keeps the lower triangle and halves the diagonal, since only the lower triangle of the matrix is read.
 * Murray (2016), Differentiation of the Cholesky decomposition, arXiv:1602.07527, equations 8 to 10.
 */
function choleskyGradient(m: Maths, { rows, columns, args, axes }: NodeOf<'cholesky_gradient'>): NodeId {
  const { builder } = m
  const [lower, adjoint] = args as readonly [NodeId, NodeId]
  const twin = spareAxis(columns, axes)
  const read = m.where(m.less_equal(builder.index(columns), builder.index(rows)), lower, m.k(0))
  // Above the diagonal Lbar has no part in the lower triangle of P.
  const p = phi(m, columns, twin, m.sum([rows], m.mul(read, builder.rename(adjoint, columns, twin))))
  const half = builder.solveLower(lower, p, rows, columns, true)
  const factor = builder.rename(builder.rename(lower, columns, twin), rows, columns)
  const s = builder.solveLower(factor, half, columns, twin, true)
  return phi(m, rows, columns, m.add(s, swapped(m, s, rows, columns, twin)))
}

/**
 * The adjoint of b is bbar = L^-T zbar, and that of L is -bbar z' where it is read; of a transposed system, L^-1 zbar
 * and -z bbar'. Giles (2008), Collected matrix derivative results for forward and reverse mode, section 2.3.1.
 */
export function solvePullback(node: NodeOf<'solve_lower'>, context: StructuralContext): readonly (Adjoint | undefined)[] {
  const { m, id, adjoint, wants } = context
  const { rows, columns, transposed } = node
  const [lower, b] = node.args as readonly [NodeId, NodeId]
  const back = m.builder.solveLower(lower, adjoint.g, rows, columns, !transposed)
  const to = transposed ? rows : columns
  const given = (operand: NodeId, x: NodeId): Adjoint => {
    const extra = without(node.axes, [to, ...m.builder.axes(operand)])
    return cutOff(m, { ...adjoint, g: m.sum(extra, x) }, [to, ...extra])
  }
  const ofLower = (): NodeId => {
    const read = m.less_equal(m.builder.index(columns), m.builder.index(rows))
    return m.where(read, m.neg(m.mul(back, id)), m.k(0))
  }
  return [wants(lower) ? given(lower, ofLower()) : undefined, wants(b) ? given(b, back) : undefined]
}

/** What nothing alive depends on gets nothing, however undefined the factor is. `gone`: axes of the node that it lacks. */
function cutOff(m: Maths, { g, alive }: Adjoint, gone: readonly string[]): Adjoint {
  if (alive === undefined) return { g }
  const any = m.builder.reduce('max_over', gone, alive)
  return { g: m.where(any, g, m.k(0)), alive: any }
}

/** The lower triangle with half the diagonal. */
function phi(m: Maths, rows: string, columns: string, x: NodeId): NodeId {
  const [i, j] = [m.builder.index(rows), m.builder.index(columns)]
  return m.where(m.less(j, i), x, m.where(m.equal(i, j), m.mul(m.k(0.5), x), m.k(0)))
}

function swapped({ builder }: Maths, x: NodeId, rows: string, columns: string, aside: string): NodeId {
  return builder.rename(builder.rename(builder.rename(x, rows, aside), columns, rows), aside, columns)
}

function spareAxis(axis: string, taken: readonly string[]): string {
  const twin = twinOf(axis)
  return taken.includes(twin) ? spareAxis(twin, taken) : twin
}
