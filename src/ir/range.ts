import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from './builder.ts'
import type { ElementwiseOp, Graph, NodeId, NodeOf, Op } from './graph.ts'
import { interpretation } from './interpretation.ts'

/** Where the numbers of a node lie, whatever the inputs within their types. `zero`: whether it may be exactly 0. */
export interface Range {
  readonly lo: number
  readonly hi: number
  readonly zero: boolean
}

export const anywhere: Range = { lo: -Infinity, hi: Infinity, zero: true }

const positive: Range = { lo: 0, hi: Infinity, zero: false }
const nonnegative: Range = { lo: 0, hi: Infinity, zero: true }

export const isPositive = (r: Range): boolean => r.lo >= 0 && !r.zero
export const isNonnegative = (r: Range): boolean => r.lo >= 0
export const isNonpositive = (r: Range): boolean => r.hi <= 0

/** Ranges of nodes, worked out when they are asked for; those of inputs by name. */
export function ranges(builder: GraphBuilder, inputs: (name: string) => Range): (id: NodeId) => Range {
  return interpretation(builder, (node, args: readonly Range[]) => {
    if (node.op === 'const') return between(node.value, node.value)
    if (node.op === 'scan') return recursion(node, args)
    return node.op === 'input' ? inputs(node.name) : tidy(rules[node.op]?.(...args) ?? anywhere)
  })
}

/** A recursion that starts positive (or not negative), and whose steps keep it so. */
function recursion({ body }: NodeOf<'scan'>, [first = anywhere, ...elements]: readonly Range[]): Range {
  const stays = (prev: Range, test: (r: Range) => boolean): boolean => test(first) && test(stepOf(body, prev, elements))
  if (stays(positive, isPositive)) return positive
  return stays(nonnegative, isNonnegative) ? nonnegative : anywhere
}

function stepOf(body: Graph, prev: Range, elements: readonly Range[]): Range {
  const builder = new GraphBuilder()
  const ids = include(builder, body)
  const next = must(ids[must(body.outputs[0], 'next of a scan').node], 'next of a scan')
  return ranges(builder, (name) => (name === 'prev' ? prev : (elements[Number(name.slice(1))] ?? anywhere)))(next)
}

type Rule = (...args: readonly Range[]) => Range

export function between(lo: number, hi: number): Range {
  return { lo, hi, zero: lo <= 0 && hi >= 0 }
}

/** NaN ends (infinity minus infinity) say nothing; an interval away from 0 does not hold it. */
function tidy({ lo, hi, zero }: Range): Range {
  const [low, high] = [Number.isNaN(lo) ? -Infinity : lo, Number.isNaN(hi) ? Infinity : hi]
  return { lo: low, hi: high, zero: zero && low <= 0 && high >= 0 }
}

const x: Rule = (a = anywhere) => a
const negated = (a: Range): Range => ({ lo: -a.hi, hi: -a.lo, zero: a.zero })
/** f increasing; `image` bounds its values, `neverZero`: never 0. */
const increasing =
  (f: (v: number) => number, neverZero = false): Rule =>
  (a = anywhere) => ({ ...between(f(a.lo), f(a.hi)), ...(neverZero ? { zero: false } : {}) })
const unit: Rule = () => between(-1, 1)

function added(a: Range, b: Range): Range {
  const sum = between(a.lo + b.lo, a.hi + b.hi)
  const sameSide = (isNonnegative(a) && isNonnegative(b)) || (isNonpositive(a) && isNonpositive(b))
  return { ...sum, zero: sameSide ? a.zero && b.zero : sum.zero }
}

function multiplied(a: Range, b: Range): Range {
  // Zero times an unbounded end is zero: the end is a limit, not a value.
  const times = (p: number, q: number): number => (p === 0 || q === 0 ? 0 : p * q)
  const products = [times(a.lo, b.lo), times(a.lo, b.hi), times(a.hi, b.lo), times(a.hi, b.hi)]
  return { lo: Math.min(...products), hi: Math.max(...products), zero: a.zero || b.zero }
}

function inverted(a: Range): Range {
  if (isPositive(a)) return { lo: 1 / a.hi, hi: a.lo === 0 ? Infinity : 1 / a.lo, zero: false }
  if (a.hi <= 0 && !a.zero) return negated(inverted(negated(a)))
  if (isNonnegative(a)) return { lo: 0, hi: Infinity, zero: false }
  return { ...anywhere, zero: false }
}

/** A sum of numbers of one sign keeps it; a sum of positives is positive (axes are never empty). */
function summed(a: Range): Range {
  const lo = a.lo >= 0 ? a.lo : -Infinity
  const hi = a.hi <= 0 ? a.hi : Infinity
  return { lo, hi, zero: isNonnegative(a) || isNonpositive(a) ? a.zero : true }
}

const hull = (a: Range, b: Range): Range => ({ lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi), zero: a.zero || b.zero })

const truth: Rule = () => between(0, 1)

type Known = Partial<Record<Exclude<Op, 'const' | 'input'> | ElementwiseOp, Rule>>

const rules: Known = {
  size: () => ({ lo: 1, hi: Infinity, zero: false }),
  index: () => ({ lo: 0, hi: Infinity, zero: true }),
  neg: (a = anywhere) => negated(a),
  exp: increasing(Math.exp, true),
  expm1: increasing(Math.expm1),
  log: (a = anywhere) => between(Math.log(Math.max(0, a.lo)), Math.log(Math.max(0, a.hi))),
  log1p: (a = anywhere) => between(Math.log1p(Math.max(-1, a.lo)), Math.log1p(Math.max(-1, a.hi))),
  sqrt: (a = anywhere) => ({ ...between(Math.sqrt(Math.max(0, a.lo)), Math.sqrt(Math.max(0, a.hi))), zero: a.zero || a.lo < 0 }),
  square: (a = anywhere) => {
    const [p, q] = [a.lo * a.lo, a.hi * a.hi]
    return { lo: a.lo <= 0 && a.hi >= 0 ? 0 : Math.min(p, q), hi: Math.max(p, q), zero: a.zero }
  },
  abs: (a = anywhere) => ({
    lo: a.lo <= 0 && a.hi >= 0 ? 0 : Math.min(Math.abs(a.lo), Math.abs(a.hi)),
    hi: Math.max(Math.abs(a.lo), Math.abs(a.hi)),
    zero: a.zero,
  }),
  sign: unit,
  sin: unit,
  cos: unit,
  tanh: increasing(Math.tanh),
  erf: unit,
  cosh: () => ({ lo: 1, hi: Infinity, zero: false }),
  sigmoid: () => ({ lo: 0, hi: 1, zero: false }),
  softplus: () => ({ lo: 0, hi: Infinity, zero: false }),
  logcosh: () => ({ lo: 0, hi: Infinity, zero: true }),
  trigamma: (a = anywhere) => (isPositive(a) ? { lo: 0, hi: Infinity, zero: false } : anywhere),
  erfc: () => ({ lo: 0, hi: 2, zero: false }),
  add: (a = anywhere, b = anywhere) => added(a, b),
  sub: (a = anywhere, b = anywhere) => added(a, negated(b)),
  mul: (a = anywhere, b = anywhere) => multiplied(a, b),
  div: (a = anywhere, b = anywhere) => multiplied(a, inverted(b)),
  pow: (a = anywhere) => (isNonnegative(a) ? { lo: 0, hi: Infinity, zero: a.zero } : anywhere),
  min: (a = anywhere, b = anywhere) => ({ lo: Math.min(a.lo, b.lo), hi: Math.min(a.hi, b.hi), zero: a.zero || b.zero }),
  max: (a = anywhere, b = anywhere) => ({
    lo: Math.max(a.lo, b.lo),
    hi: Math.max(a.hi, b.hi),
    zero: (a.zero && b.zero) || (a.zero && !isPositive(b)) || (b.zero && !isPositive(a)),
  }),
  less: truth,
  less_equal: truth,
  equal: truth,
  where: (_c, a = anywhere, b = anywhere) => hull(a, b),
  sum: (a = anywhere) => summed(a),
  prod: (a = anywhere) => (isNonnegative(a) ? { lo: 0, hi: Infinity, zero: a.zero } : anywhere),
  max_over: x,
  min_over: x,
  pick: x,
  rename: x,
  shift: (a = anywhere) => hull(a, between(0, 0)),
  scatter: (a = anywhere) => hull(summed(a), between(0, 0)),
}
