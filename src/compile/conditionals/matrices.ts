import { LEAST_SCALE, MOST_SCALE } from '../../families/formulas/factors.ts'
import type { NodeId, NodeOf, Op } from '../../ir/graph.ts'
import { interpretation } from '../../ir/interpretation.ts'
import type { NotLinear } from './analysis.ts'
import type { LinearAlgebra } from './entries.ts'
import { free, isFree, type Linear, negated, onlyWhere, picked, plus, summed, times } from './linear.ts'
import { hasAxes, type MatrixView, multiple, named, view } from './matrix-view.ts'
import { linearOf } from './rules.ts'
import { identityIn } from './scaled-identity.ts'

/** What a node is on the way through the Cholesky factor L of a matrix S. `scale` has none of the axes of the factor. */
type FactorWay =
  | { readonly kind: 'factor'; readonly of: MatrixView }
  | { readonly kind: 'diagonal'; readonly of: MatrixView }
  | { readonly kind: 'log diagonal'; readonly of: MatrixView; readonly scale: NodeId }
  /** L^-1 y, and products of two of these. */
  | { readonly kind: 'whitened'; readonly of: MatrixView; readonly right: NodeId; readonly scale: NodeId }
  | { readonly kind: 'products'; readonly of: MatrixView; readonly left: NodeId; readonly right: NodeId; readonly scale: NodeId }
  /** M^-1 L for another factor M, over `out` and the columns of L; and its squares. */
  | { readonly kind: 'ratio' | 'squares'; readonly of: MatrixView; readonly by: NodeId; readonly out: string; readonly scale: NodeId }
  /** Made of L to see whether there is a factor; and 1 where there is, and `free` holds. */
  | { readonly kind: 'guard' }
  | { readonly kind: 'check'; readonly free: NodeId }

interface MatrixLook {
  readonly linear?: Linear
  readonly matrix?: MatrixView
  readonly way?: FactorWay
  readonly failed?: Op
}

/** What each node is as a function of a matrix `state`, all else held: linear in it, its inverse, and the logarithm of its determinant. */
export function matrixAnalysis(
  a: LinearAlgebra,
  state: NodeId,
  axes: readonly string[],
  [rows, columns]: readonly [string, string],
): (id: NodeId) => Linear | NotLinear {
  const variable = view(a, axes, rows, columns)
  const look = interpretation<MatrixLook>(a.m.builder, (node, args, id): MatrixLook => {
    if (id === state) return { linear: variable.itself, matrix: variable }
    const linear = args.flatMap((x) => x.linear ?? [])
    if (linear.length === args.length && linear.every(isFree)) return { linear: free(a, withoutGuards(a, node, id, linear)) }
    const own = (ways[node.op] as WayRule<Op> | undefined)?.(a, node, args)
    if (own !== undefined) return own
    const failure = args.find((x) => x.failed !== undefined)
    if (failure !== undefined) return failure
    const known = linear.length === args.length ? linearOf(a, node, id, linear, false) : undefined
    if (known === undefined) return { failed: node.op }
    const matrix = through(a, node, args)
    return { linear: known, ...(matrix && { matrix: { ...matrix, itself: known } }) }
  })
  return (id) => {
    const { linear, failed } = look(id)
    return linear ?? { failed: failed ?? a.m.builder.node(id).op }
  }
}

/** A node that may be made of parts with guards, from which those are gone by now. */
function withoutGuards({ m }: LinearAlgebra, node: NodeOf<Op>, id: NodeId, args: readonly Linear[]): NodeId {
  const constants = args.map((x) => x.constant)
  return constants.every((c, i) => c === node.args[i]) ? id : m.builder.like(node, constants)
}

/** The matrix that a node is where it only takes elements of one, calls its axes otherwise, or multiplies it. */
function through(a: LinearAlgebra, node: NodeOf<Op>, [x, y]: readonly MatrixLook[]): Omit<MatrixView, 'itself'> | undefined {
  if (node.op === 'rename') return x?.matrix && named(a, x.matrix, node.from, node.to)
  if (node.op === 'pick') {
    const { matrix } = x ?? {}
    const index = y?.linear?.constant
    if (matrix === undefined || index === undefined || node.axis === matrix.rows || node.axis === matrix.columns) return undefined
    const take = (l: Linear): Linear => picked(a, l, node.axis, index)
    return { ...matrix, inverse: take(matrix.inverse), logDeterminant: take(matrix.logDeterminant) }
  }
  if (node.op !== 'mul' && node.op !== 'div') return undefined
  const [matrix, other] = x?.matrix !== undefined ? [x.matrix, y] : node.op === 'mul' ? [y?.matrix, x] : []
  const given = other?.linear && isFree(other.linear) ? other.linear.constant : undefined
  if (matrix === undefined || given === undefined || hasAxes(a, given, matrix)) return undefined
  return multiple(a, matrix, node.op === 'mul' ? given : a.m.reciprocal(given))
}

type WayRule<K extends Op> = (a: LinearAlgebra, node: NodeOf<K>, args: readonly MatrixLook[]) => MatrixLook | undefined

/** Undefined where a node is no step of the way. */
const ways: { readonly [K in Op]?: WayRule<K> } = {
  cholesky: (_, { rows, columns }, [x]) => {
    const { matrix } = x ?? {}
    const isIt = matrix !== undefined && [rows, columns].every((axis) => axis === matrix.rows || axis === matrix.columns)
    // A symmetric matrix has no first axis.
    return isIt ? { way: { kind: 'factor', of: { ...matrix, rows, columns } } } : undefined
  },
  rename: (a, { from, to }, [x]) =>
    x?.way?.kind === 'factor' && from === x.way.of.columns ? { way: { kind: 'factor', of: named(a, x.way.of, from, to) } } : undefined,
  where: (a, _, [condition, yes, no]) => {
    const other = freeIn(no)
    if (condition?.way?.kind !== 'check' || other === undefined) return undefined
    if (yes?.way?.kind === 'factor') return yes
    if (yes?.linear === undefined) return undefined
    const held = condition.way.free
    if (a.m.known(held) === 1) return yes
    return { linear: plus(a, onlyWhere(a, held, yes.linear), free(a, a.m.where(held, a.m.k(0), other))) }
  },
  pick: (a, { axis, args: [, index = 0] }, [x]) => {
    if (x?.way?.kind !== 'factor' || axis !== x.way.of.columns) return undefined
    return a.m.builder.index(x.way.of.rows) === index ? { way: { kind: 'diagonal', of: x.way.of } } : undefined
  },
  log: ({ m }, _, [x]) => (x?.way?.kind === 'diagonal' ? { way: { kind: 'log diagonal', of: x.way.of, scale: m.k(1) } } : undefined),
  neg: (a, _, [x]) => x && scaled(a, x, a.m.k(-1)),
  mul: (a, _, [x, y]) => (x && y ? multiplied(a, x, y) : undefined),
  div: (a, _, [x, y]) => {
    const divisor = freeIn(y)
    return x && divisor !== undefined ? scaled(a, x, a.m.reciprocal(divisor)) : undefined
  },
  square: (a, _, [x]) => x && multiplied(a, x, x),
  sum: (a, { over }, [x]) => (x?.way === undefined ? undefined : added(a, x.way, over)),
  abs: (_, __, [x]) => (x?.way?.kind === 'factor' ? { way: { kind: 'guard' } } : undefined),
  less_equal: ({ m }, { args: [low = 0, high = 0] }, [x, y]) => {
    if (y?.way?.kind === 'diagonal' && m.known(low) === LEAST_SCALE) return { way: { kind: 'guard' } }
    return x?.way?.kind === 'guard' && m.known(high) === MOST_SCALE ? { way: { kind: 'check', free: m.k(1) } } : undefined
  },
  equal: ({ m }, _, [x, y]) => (x?.way?.kind === 'guard' && freeIn(y) !== undefined ? { way: { kind: 'check', free: m.k(1) } } : undefined),
  solve_lower: (a, { rows, columns, transposed }, [x, y]) => {
    const { m } = a
    const [left, right] = [freeIn(x), freeIn(y)]
    const factor = x?.way?.kind === 'factor' ? x.way.of : undefined
    if (factor !== undefined && (factor.rows !== rows || factor.columns !== columns)) return undefined
    if (factor !== undefined && !transposed)
      return right === undefined ? undefined : { way: { kind: 'whitened', of: factor, right, scale: m.k(1) } }
    if (factor !== undefined) return y?.way?.kind === 'whitened' && y.way.of === factor ? solved(a, y.way) : undefined
    const isRatio = y?.way?.kind === 'factor' && y.way.of.rows === rows && !transposed
    return isRatio && left !== undefined ? { way: { kind: 'ratio', of: y.way.of, by: left, out: columns, scale: m.k(1) } } : undefined
  },
}

function freeIn(x: MatrixLook | undefined): NodeId | undefined {
  return x?.linear && isFree(x.linear) ? x.linear.constant : undefined
}

function multiplied(a: LinearAlgebra, x: MatrixLook, y: MatrixLook): MatrixLook | undefined {
  const [p, q] = [x.way, y.way]
  if (p?.kind === 'check' && q?.kind === 'check') return { way: { kind: 'check', free: a.m.mul(p.free, q.free) } }
  if (p?.kind === 'whitened' && q?.kind === 'whitened' && p.of === q.of)
    return { way: { kind: 'products', of: p.of, left: p.right, right: q.right, scale: a.m.mul(p.scale, q.scale) } }
  if (p?.kind === 'ratio' && p === q) return { way: { ...p, kind: 'squares', scale: a.m.square(p.scale) } }
  const [one, other] = p === undefined ? [y, freeIn(x)] : [x, freeIn(y)]
  return other === undefined ? undefined : scaled(a, one, other)
}

/** Times a factor without the matrix. */
function scaled(a: LinearAlgebra, { way }: MatrixLook, by: NodeId): MatrixLook | undefined {
  if (way?.kind === 'check') return { way: { kind: 'check', free: a.m.mul(way.free, by) } }
  if (way === undefined || !('scale' in way) || hasAxes(a, by, way.of)) return undefined
  if ('out' in way && a.m.builder.axes(by).includes(way.out)) return undefined
  return { way: { ...way, scale: a.m.mul(way.scale, by) } }
}

/** Sums that lead back to statistics: log|S| = 2 sum log L_ii; y' S^-1 z; tr((M M')^-1 S). */
function added(a: LinearAlgebra, way: FactorWay, over: readonly string[]): MatrixLook | undefined {
  const { m } = a
  if (way.kind === 'guard') return { way }
  if (!('of' in way)) return undefined
  const { rows, columns, itself, inverse, logDeterminant } = way.of
  if (way.kind === 'log diagonal' && over.includes(rows)) return rest(times(a, logDeterminant, m.k(0.5)), way.scale, [rows])
  if (way.kind === 'products' && over.includes(columns)) {
    const weights = m.mul(way.left, m.builder.rename(way.right, rows, columns))
    return rest(summed(a, times(a, inverse, weights), [rows, columns]), way.scale, [columns])
  }
  if (way.kind === 'squares' && over.includes(columns) && over.includes(way.out)) {
    const whole = m.builder.solveLower(way.by, m.equal(m.builder.index(rows), m.builder.index(columns)), rows, way.out)
    const precision = m.builder.solveLower(way.by, whole, rows, way.out, true)
    return rest(summed(a, times(a, itself, precision), [rows, columns]), way.scale, [columns, way.out])
  }
  return undefined

  function rest(linear: Linear, scale: NodeId, done: readonly string[]): MatrixLook {
    return { linear: summed(a, times(a, linear, scale), over.filter((axis) => !done.includes(axis))) } // biome-ignore format: one thought
  }
}

/** S^-1 y; of y that is the identity, S^-1, which is a matrix again. */
function solved(a: LinearAlgebra, { of, right, scale }: Extract<FactorWay, { kind: 'whitened' }>): MatrixLook {
  const { rows, columns, inverse } = of
  const one = identityIn(a, right, rows)
  if (one === undefined)
    return { linear: times(a, summed(a, times(a, inverse, a.m.builder.rename(right, rows, columns)), [columns]), scale) }
  const whole = named(a, of, columns, one.column)
  const by = a.m.mul(scale, one.scale)
  const linear = times(a, whole.inverse, by)
  if (hasAxes(a, by, whole)) return { linear }
  return {
    linear,
    matrix: multiple(a, { ...whole, itself: whole.inverse, inverse: whole.itself, logDeterminant: negated(a, whole.logDeterminant) }, by),
  }
}
