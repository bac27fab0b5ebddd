import { must } from '../base/internal-error.ts'
import {
  aboveZero,
  absolute,
  added,
  anywhere,
  between,
  divided,
  fraction,
  fromZero,
  greatest,
  hull,
  type Interval,
  increasing,
  isNonnegative,
  isPositive,
  least,
  log,
  multiplied,
  negated,
  power,
  product,
  sigmoid,
  sizes,
  softplus,
  squared,
  squareRoot,
  summed,
  tidy,
} from '../base/interval.ts'
import { exp } from '../base/special/exponential.ts'
import { expm1, tanh } from '../base/special/hyperbolic.ts'
import { log1p } from '../base/special/logarithm.ts'
import { GraphBuilder, include } from './builder.ts'
import type { ElementwiseOp, Graph, NodeId, NodeOf, Op } from './graph.ts'
import { interpretation } from './interpretation.ts'
import { LEAST_TOTAL } from './scalar.ts'

/** Ranges of nodes, worked out when they are asked for; those of inputs by name. */
export function ranges(builder: GraphBuilder, inputs: (name: string) => Interval): (id: NodeId) => Interval {
  return interpretation(builder, (node, args: readonly Interval[]) => {
    if (node.op === 'const') return between(node.value, node.value)
    if (node.op === 'scan') return recursion(node, args)
    return node.op === 'input' ? inputs(node.name) : applied(node.op, args)
  })
}

/** A recursion that starts positive (or not negative), and whose steps keep it so. */
function recursion({ body }: NodeOf<'scan'>, [first = anywhere, ...elements]: readonly Interval[]): Interval {
  const stays = (prev: Interval, test: (r: Interval) => boolean): boolean => test(first) && test(stepOf(body, prev, elements))
  if (stays(aboveZero, isPositive)) return aboveZero
  return stays(fromZero, isNonnegative) ? fromZero : anywhere
}

function stepOf(body: Graph, prev: Interval, elements: readonly Interval[]): Interval {
  const builder = new GraphBuilder()
  const ids = include(builder, body)
  const next = must(ids[must(body.outputs[0], 'next of a scan').node], 'next of a scan')
  return ranges(builder, (name) => (name === 'prev' ? prev : (elements[Number(name.slice(1))] ?? anywhere)))(next)
}

function applied(op: Exclude<Op, 'const' | 'input'>, [a = anywhere, b = anywhere, c = anywhere]: readonly Interval[]): Interval {
  return tidy(rules[op]?.(a, b, c) ?? anywhere)
}

type NodeRangeRule = (a: Interval, b: Interval, c: Interval) => Interval

const whole: NodeRangeRule = (a) => a
const unit: NodeRangeRule = () => between(-1, 1)
const truth: NodeRangeRule = () => fraction

type NodeRanges = Partial<Record<Exclude<Op, 'const' | 'input'> | ElementwiseOp, NodeRangeRule>>

/** Operations that have none may give anything. */
const rules: NodeRanges = {
  size: () => sizes,
  index: () => fromZero,
  neg: negated,
  exp: increasing(exp, true),
  expm1: increasing(expm1),
  log,
  log1p: (a) => increasing(log1p)({ ...a, low: Math.max(-1, a.low), high: Math.max(-1, a.high) }),
  sqrt: squareRoot,
  square: squared,
  abs: absolute,
  sign: unit,
  sin: unit,
  cos: unit,
  tanh: increasing(tanh),
  erf: unit,
  cosh: () => ({ low: 1, high: Infinity, zero: false }),
  sigmoid,
  softplus,
  logcosh: () => fromZero,
  trigamma: (a) => (isPositive(a) ? aboveZero : anywhere),
  erfc: () => ({ low: 0, high: 2, zero: false }),
  add: added,
  sub: (a, b) => added(a, negated(b)),
  mul: multiplied,
  div: divided,
  pow: power,
  min: least,
  max: greatest,
  log_total: (a) => greatest(a, between(LEAST_TOTAL, LEAST_TOTAL)),
  less: truth,
  less_equal: truth,
  equal: truth,
  where: (_, a, b) => hull(a, b),
  sum: summed,
  prod: product,
  max_over: whole,
  min_over: whole,
  pick: whole,
  rename: whole,
  shift: (a) => hull(a, between(0, 0)),
  scatter: (a) => hull(summed(a), between(0, 0)),
}
