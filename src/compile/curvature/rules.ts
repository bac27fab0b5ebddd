import { must } from '../../base/internal-error.ts'
import type { Interval } from '../../base/interval.ts'
import type { Node, NodeId, NodeOf, Op, UnaryOp } from '../../ir/graph.ts'
import { weights } from '../../ir/structural-gradient.ts'
import {
  type CurvatureBounds,
  composed,
  linear,
  mapBounds,
  mapped,
  negatedBounds,
  productOf,
  scaledBounds,
  sumOf,
  unknown,
  where,
} from './bounds.ts'
import { type CurvatureCoordinate, type CurvatureEntry, type EntryAlgebra, freshAxis, lifted, summed, zero } from './entries.ts'
import { logsumexpBounds } from './logsumexp.ts'
import { powerShape, reciprocalShape, type Shape, shapes } from './shapes.ts'

/** What the rules see: the operands' bounds (undefined where an operand does not depend on the states). */
export interface CurvatureContext {
  readonly algebra: EntryAlgebra
  readonly id: NodeId
  readonly args: readonly (CurvatureBounds | undefined)[]
  readonly range: (id: NodeId) => Interval
}

type CurvatureRule<K extends Op> = (node: NodeOf<K>, c: CurvatureContext) => CurvatureBounds

const never = (): CurvatureBounds => unknown
const bent = (node: Node, c: CurvatureContext): CurvatureBounds => elementwise(node, c)

/** How each operation passes on what is known of its operands, at least one of which depends on the states. */
const rules: { readonly [K in Op]: CurvatureRule<K> } = {
  const: never,
  input: never,
  size: never,
  index: never,
  neg: (_n, c) => negatedBounds(c.algebra, first(c)),
  exp: bent,
  expm1: bent,
  log: bent,
  log1p: bent,
  sqrt: bent,
  square: bent,
  abs: bent,
  sign: never,
  floor: never,
  ceil: never,
  round: never,
  sin: bent,
  cos: bent,
  tan: never,
  asin: never,
  acos: never,
  atan: bent,
  sinh: never,
  cosh: bent,
  tanh: bent,
  sigmoid: bent,
  softplus: bent,
  logcosh: bent,
  lgamma: bent,
  digamma: bent,
  trigamma: never,
  erf: bent,
  erfc: bent,
  log_erfc: bent,
  log_total: (_n, c) => (c.args.every(isLinear) ? { lower: zero } : unknown),
  add: (n, c) => added(n, c, (q) => q),
  sub: (n, c) => added(n, c, (q) => negatedBounds(c.algebra, q)),
  mul: (n, c) => multiplied(n, c),
  div: (n, c) => divided(n, c),
  pow: (n, c) => raised(n, c),
  min: (_n, c) => (c.args.every(isLinear) ? { upper: zero } : unknown),
  max: (_n, c) => (c.args.every(isLinear) ? { lower: zero } : unknown),
  less: never,
  less_equal: never,
  equal: never,
  xlogy: (n, c) => timesLog(n, c),
  log_bessel_i: never,
  bessel_ratio: never,
  log1p_square: (n, c) => logSquare(n, c),
  log_gamma_p: never,
  log_gamma_q: never,
  log_gamma_p_by_shape: never,
  log_gamma_q_by_shape: never,
  log_beta: never,
  digamma_gap: never,
  log_beta_i: never,
  log_beta_i_by_first: never,
  log_beta_i_by_second: never,
  log_von_mises_mass: never,
  log_von_mises_mass_by_kappa: never,
  where: (n, c) => chosen(n, c),
  sum: (n, c) => mapped(first(c), (e) => summed(c.algebra, e, n.over)),
  prod: never,
  max_over: (_n, c) => (c.args.every(isLinear) ? { lower: zero } : unknown),
  min_over: (_n, c) => (c.args.every(isLinear) ? { upper: zero } : unknown),
  logsumexp: (n, c) => {
    const { m } = c.algebra
    const f = must(n.args[0], 'operand')
    return logsumexpBounds(c.algebra, first(c), n.over, weights(m, f, c.id), m.builder.axes(f))
  },
  pick: (n, c) => picked(n, c),
  scatter: never,
  rename: (n, c) => mapBounds(lift(first(c), n, c), (e) => renamed(e, n, c.algebra)),
  shift: (n, c) => mapBounds(first(c), (e) => shifted(e, n, c.algebra)),
  cumsum: (n, c) => mapBounds(first(c), (e) => accumulated(e, n, c.algebra)),
  scan: never,
  cholesky: never,
  cholesky_gradient: never,
  // Convex in the first operand where the second is fixed.
  threshold: convex,
  entmax_potential: convex,
  solve_lower: never,
}

/** Of what is linear in the states, by a rule that is convex in it. */
function convex(_node: Node, c: CurvatureContext): CurvatureBounds {
  return c.args[1] === undefined && isLinear(c.args[0]) ? { lower: zero } : unknown
}

export function boundsOf(node: Node, c: CurvatureContext): CurvatureBounds {
  return (rules[node.op] as CurvatureRule<Op>)(node, c)
}

function first(c: CurvatureContext): CurvatureBounds {
  return c.args[0] ?? linear(zero)
}

const isLinear = (b: CurvatureBounds | undefined): boolean => b === undefined || b.weights !== undefined

function lift(b: CurvatureBounds, node: Node, c: CurvatureContext): CurvatureBounds {
  return mapped(b, (e) => lifted(c.algebra, e, node.axes))
}

function added(node: Node, c: CurvatureContext, second: (b: CurvatureBounds) => CurvatureBounds): CurvatureBounds {
  const [p = linear(zero), q = linear(zero)] = c.args
  return sumOf(c.algebra, p, second(q), node.axes)
}

function multiplied(node: Node, c: CurvatureContext): CurvatureBounds {
  const [a = -1, b = -1] = node.args
  const [p, q] = c.args
  if (p !== undefined && q !== undefined) return a === b ? square(node, c) : productOf(c.algebra, p, q, node.axes)
  const [moving, factor] = p === undefined ? [q, a] : [p, b]
  return scaledBounds(c.algebra, must(moving, 'operand'), factor, c.range(factor), node.axes)
}

function square(node: Node, c: CurvatureContext): CurvatureBounds {
  return bend(c, shapes.square as Shape, node)
}

function divided(node: Node, c: CurvatureContext): CurvatureBounds {
  const { m } = c.algebra
  const [a = -1, b = -1] = node.args
  const [p, q] = c.args
  const reciprocal = m.reciprocal(b)
  if (q === undefined) return scaledBounds(c.algebra, must(p, 'operand'), reciprocal, c.range(reciprocal), node.axes)
  const shape = reciprocalShape(c.range(b))
  if (p !== undefined || shape === undefined) return unknown
  const slope = shape.slope?.(m, b, reciprocal)
  const inverse = composed(c.algebra, q, shape, slope, slope === undefined ? c.range(b) : c.range(slope), m.builder.axes(b))
  return scaledBounds(c.algebra, inverse, a, c.range(a), node.axes)
}

/** log(1 + (a / b)^2) for a fixed b: a logarithm of a square. */
function logSquare(node: Node, c: CurvatureContext): CurvatureBounds {
  const { m } = c.algebra
  const [a = -1, b = -1] = node.args
  const { square, log1p } = shapes as { readonly square: Shape; readonly log1p: Shape }
  if (c.args[1] !== undefined) return unknown
  const squared = m.square(a)
  const slope = m.mul(m.k(2), a)
  const inner = composed(c.algebra, first(c), square, slope, c.range(slope), m.builder.axes(a))
  const factor = m.reciprocal(m.square(b))
  const scaled = scaledBounds(c.algebra, inner, factor, c.range(factor), node.axes)
  const outer = m.reciprocal(m.add(m.k(1), m.mul(squared, factor)))
  return composed(c.algebra, scaled, log1p, outer, c.range(outer), node.axes)
}

/** a log(b), where one of the two does not move. */
function timesLog(node: Node, c: CurvatureContext): CurvatureBounds {
  const { m } = c.algebra
  const [a = -1, b = -1] = node.args
  const [p, q] = c.args
  if (p !== undefined && q !== undefined) return unknown
  const log = m.log(b)
  if (q === undefined) return scaledBounds(c.algebra, must(p, 'operand'), log, c.range(log), node.axes)
  const slope = m.reciprocal(b)
  const bent = composed(c.algebra, q, shapes.log as Shape, slope, c.range(slope), m.builder.axes(b))
  return scaledBounds(c.algebra, bent, a, c.range(a), node.axes)
}

function raised(node: Node, c: CurvatureContext): CurvatureBounds {
  const [a = -1, b = -1] = node.args
  const exponent = c.algebra.m.builder.node(b)
  if (exponent.op !== 'const') return unknown
  const shape = exponent.value === 2 ? (shapes.square as Shape) : powerShape(exponent.value, c.range(a))
  return shape === undefined ? unknown : bend(c, shape, node)
}

function elementwise(node: Node, c: CurvatureContext): CurvatureBounds {
  const entry = shapes[node.op as UnaryOp]
  const shape = typeof entry === 'function' ? entry(c.range(must(node.args[0], 'operand'))) : entry
  return shape === undefined ? unknown : bend(c, shape, node)
}

function bend(c: CurvatureContext, shape: Shape, node: Node): CurvatureBounds {
  const operand = must(node.args[0], 'operand')
  const slope = shape.slope?.(c.algebra.m, operand, c.id)
  return composed(c.algebra, first(c), shape, slope, slope === undefined ? c.range(operand) : c.range(slope), node.axes)
}

/** A choice between two by a condition that the states do not enter. */
function chosen(node: Node, c: CurvatureContext): CurvatureBounds {
  const [condition, yes = linear(zero), no = linear(zero)] = c.args
  if (condition !== undefined) return unknown
  const { m } = c.algebra
  const test = must(node.args[0], 'condition')
  return sumOf(c.algebra, where(c.algebra, test, yes, node.axes), where(c.algebra, m.equal(test, m.k(0)), no, node.axes), node.axes)
}

function picked(node: NodeOf<'pick'>, c: CurvatureContext): CurvatureBounds {
  const [target, index] = c.args
  if (index !== undefined || target === undefined) return unknown
  const at = must(node.args[1], 'index')
  return mapBounds(lift(target, node, c), (e) => pickedEntry(e, node, at, c.algebra))
}

/** Picking from along a tied coordinate leaves the state an axis of its own, on which only the picked element counts. */
function pickedEntry(e: CurvatureEntry, { axis }: NodeOf<'pick'>, at: NodeId, a: EntryAlgebra): CurvatureEntry {
  const { builder } = a.m
  const value = builder.pick(e.value, axis, at)
  return retied(
    e,
    (c) => c.name === axis,
    (c) => {
      const name = freshAxis(a.axes, c.axis)
      const hit = a.m.equal(builder.index(name), c.offset === 0 ? at : a.m.sub(at, a.m.k(c.offset)))
      return { coordinate: { ...c, name, tied: false, offset: 0 }, value: a.m.mul(value, hit) }
    },
    value,
  )
}

function renamed(e: CurvatureEntry, { from, to }: NodeOf<'rename'>, a: EntryAlgebra): CurvatureEntry {
  const value = a.m.builder.rename(e.value, from, to)
  return retied(
    e,
    (c) => c.name === from,
    (c) => ({ coordinate: { ...c, name: to }, value }),
    value,
  )
}

function shifted(e: CurvatureEntry, { axis, by }: NodeOf<'shift'>, a: EntryAlgebra): CurvatureEntry {
  const value = a.m.builder.shift(e.value, axis, by)
  return retied(
    e,
    (c) => c.name === axis,
    (c) => ({ coordinate: { ...c, offset: c.offset + by }, value }),
    value,
  )
}

/** Element i of a running sum holds every element of the state up to i. */
function accumulated(e: CurvatureEntry, { axis, reverse }: NodeOf<'cumsum'>, a: EntryAlgebra): CurvatureEntry {
  const { m } = a
  const { builder } = m
  return retied(
    e,
    (c) => c.name === axis,
    (c) => {
      const name = freshAxis(a.axes, c.axis)
      const source = builder.rename(c.offset === 0 ? e.value : builder.shift(e.value, axis, -c.offset), axis, name)
      const [here, there] = [builder.index(axis), builder.index(name)]
      const held = reverse ? m.less_equal(here, there) : m.less_equal(there, here)
      return { coordinate: { ...c, name, tied: false, offset: 0 }, value: m.mul(source, held) }
    },
    builder.cumsum(e.value, axis, reverse),
  )
}

/** Changes the one tied coordinate that `which` finds; `otherwise` is the value where there is none. */
function retied(
  e: CurvatureEntry,
  which: (c: CurvatureCoordinate) => boolean,
  change: (c: CurvatureCoordinate) => { readonly coordinate: CurvatureCoordinate; readonly value: NodeId },
  otherwise: NodeId,
): CurvatureEntry {
  const found = e.coordinates.find((c) => c.tied && which(c))
  if (found === undefined) return { ...e, value: otherwise }
  const { coordinate, value } = change(found)
  return { value, coordinates: e.coordinates.map((c) => (c === found ? coordinate : c)) }
}
