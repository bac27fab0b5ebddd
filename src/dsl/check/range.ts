import {
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
} from '../../base/interval.ts'
import { exp } from '../../base/special/exponential.ts'
import { tanh } from '../../base/special/hyperbolic.ts'
import type { FunctionName } from '../../middle/functions.ts'
import { kindOf } from '../../middle/kinds.ts'
import type { Typed, ValueType } from '../../middle/model.ts'
import type { CheckContext } from './scope.ts'
import { fixedSize } from './scope.ts'

/** What is known of the values of an expression from its constants and the declared types of its variables. */
export function rangeOf(c: CheckContext, t: Typed): Interval {
  const known = c.ranges.get(t)
  if (known !== undefined) return known
  c.ranges.set(t, anywhere)
  const range = tidy(compute(c, t))
  c.ranges.set(t, range)
  return range
}

/** The value, where it is a constant. */
export function constantOf(c: CheckContext, t: Typed): number | undefined {
  const { low, high } = rangeOf(c, t)
  return low === high ? low : undefined
}

function compute(c: CheckContext, t: Typed): Interval {
  switch (t.kind) {
    case 'number':
      return between(t.value, t.value)
    case 'variable':
      return rangeOfType(c, c.scope.variables.get(t.name)?.type)
    case 'let': {
      const value = c.lets.get(t.name)
      return value === undefined ? anywhere : rangeOf(c, value)
    }
    case 'size':
      return sizeRange(c, t.axis)
    case 'index':
      return { low: 1, high: Infinity, zero: false }
    case 'weight':
      return fraction
    case 'call':
      return rangeOf(c, t.body)
    case 'apply':
      return applied(
        t.fn as FunctionName,
        t.args.map((a) => rangeOf(c, a)),
      )
    case 'reduce':
      return reduced[t.fn]?.(rangeOf(c, t.arg)) ?? anywhere
    case 'along':
      return alongAxis[t.fn]?.(rangeOf(c, t.arg)) ?? anywhere
    case 'pick':
    case 'rename':
      return rangeOf(c, t.target)
    case 'shift':
      return hull(rangeOf(c, t.target), rangeOf(c, t.fill ?? t.target))
    default:
      return anywhere
  }
}

function sizeRange(c: CheckContext, axis: string): Interval {
  const size = fixedSize(c.scope, axis)
  return size === undefined ? sizes : between(size, size)
}

/** Bounds lie where the expressions do. */
export function rangeOfType(c: CheckContext, type: ValueType<Typed> | undefined): Interval {
  if (type === undefined) return anywhere
  if (type.kind !== 'real') return kindOf(type).range
  const { lower, upper } = type
  return between(lower === undefined ? -Infinity : rangeOf(c, lower).low, upper === undefined ? Infinity : rangeOf(c, upper).high)
}

const reduced: Readonly<Record<string, (a: Interval) => Interval>> = {
  mean: (a) => a,
  max: (a) => a,
  min: (a) => a,
  norm: (a) => ({ ...fromZero, zero: a.zero }),
  prod: product,
  sum: summed,
}

const alongAxis: Readonly<Record<string, (a: Interval) => Interval>> = {
  softmax: () => fraction,
  sparsemax: () => fraction,
  entmax: () => fraction,
  normmax: () => fraction,
  normalize: (a) => ({ low: a.low >= 0 ? 0 : -1, high: a.high <= 0 ? 0 : 1, zero: a.zero }),
  cumsum: summed,
}

type RangeRule = (a: Interval, b: Interval, c: Interval) => Interval

function applied(fn: FunctionName, [a = anywhere, b = anywhere, c = anywhere]: readonly Interval[]): Interval {
  return rules[fn]?.(a, b, c) ?? anywhere
}

const truth: RangeRule = () => fraction

/** Interval rules; a function without one may give anything. */
const rules: { readonly [F in FunctionName]?: RangeRule } = {
  add: added,
  sub: (a, b) => added(a, negated(b)),
  mul: multiplied,
  div: divided,
  pow: power,
  neg: negated,
  exp: increasing(exp, true),
  log,
  sqrt: squareRoot,
  square: squared,
  abs: absolute,
  floor: increasing(Math.floor),
  ceil: increasing(Math.ceil),
  round: increasing(Math.round),
  tanh: increasing(tanh),
  sigmoid,
  inv_logit: sigmoid,
  softplus,
  log1p_exp: softplus,
  relu: increasing((x) => Math.max(0, x)),
  cosh: () => ({ low: 1, high: Infinity, zero: false }),
  log_cosh: () => fromZero,
  Phi: truth,
  not: truth,
  and: truth,
  or: truth,
  equal: truth,
  not_equal: truth,
  less: truth,
  less_equal: truth,
  greater: truth,
  greater_equal: truth,
  min: least,
  max: greatest,
  where: (_, b, c) => hull(b, c),
}
