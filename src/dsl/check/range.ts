import { pow } from '../../base/special/pow.ts'
import type { FunctionName } from '../../middle/functions.ts'
import type { Typed, ValueType } from '../../middle/model.ts'
import type { Context } from './scope.ts'
import { fixedSize } from './scope.ts'

/** An interval that surely holds every value of an expression; a constant has `low === high`. */
export interface Range {
  readonly low: number
  readonly high: number
}

export const anything: Range = { low: -Infinity, high: Infinity }
const atLeastZero: Range = { low: 0, high: Infinity }
const fraction: Range = { low: 0, high: 1 }

/** What is known of the values of an expression from its constants and the declared types of its variables. */
export function rangeOf(c: Context, t: Typed): Range {
  const known = c.ranges.get(t)
  if (known !== undefined) return known
  c.ranges.set(t, anything)
  const range = tidy(compute(c, t))
  c.ranges.set(t, range)
  return range
}

/** The value, where it is a constant. */
export function constantOf(c: Context, t: Typed): number | undefined {
  const { low, high } = rangeOf(c, t)
  return low === high ? low : undefined
}

function tidy({ low, high }: Range): Range {
  return Number.isNaN(low) || Number.isNaN(high) ? anything : { low, high }
}

function compute(c: Context, t: Typed): Range {
  switch (t.kind) {
    case 'number':
      return { low: t.value, high: t.value }
    case 'variable':
      return rangeOfType(c, c.scope.variables.get(t.name)?.type)
    case 'let': {
      const value = c.lets.get(t.name)
      return value === undefined ? anything : rangeOf(c, value)
    }
    case 'size':
      return sizeRange(c, t.axis)
    case 'index':
      return { low: 1, high: Infinity }
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
      return reduced(t.fn, rangeOf(c, t.arg))
    case 'along':
      return along(t.fn, rangeOf(c, t.arg))
    case 'pick':
    case 'rename':
      return rangeOf(c, t.target)
    case 'shift': {
      const [within, outside] = [rangeOf(c, t.target), rangeOf(c, t.fill ?? t.target)]
      return { low: Math.min(within.low, outside.low), high: Math.max(within.high, outside.high) }
    }
    default:
      return anything
  }
}

function sizeRange(c: Context, axis: string): Range {
  const size = fixedSize(c.scope, axis)
  return size === undefined ? atLeastZero : { low: size, high: size }
}

export function rangeOfType(c: Context, type: ValueType<Typed> | undefined): Range {
  switch (type?.kind) {
    case 'real':
      return {
        low: type.lower === undefined ? -Infinity : rangeOf(c, type.lower).low,
        high: type.upper === undefined ? Infinity : rangeOf(c, type.upper).high,
      }
    case 'positive':
    case 'nonnegative':
    case 'count':
      return atLeastZero
    case 'probability':
    case 'bit':
    case 'simplex':
      return fraction
    case 'spin':
    case 'unit':
    case 'correlation':
      return { low: -1, high: 1 }
    default:
      return anything
  }
}

function reduced(fn: string, arg: Range): Range {
  if (fn === 'mean' || fn === 'max' || fn === 'min') return arg
  if (fn === 'norm') return atLeastZero
  if (fn === 'prod') return arg.low >= 0 ? { low: 0, high: arg.high <= 1 ? 1 : Infinity } : anything
  if (fn === 'sum') return { low: arg.low >= 0 ? 0 : -Infinity, high: arg.high <= 0 ? 0 : Infinity }
  return anything
}

function along(fn: string, arg: Range): Range {
  if (fn === 'softmax') return fraction
  if (fn === 'normalize') return { low: arg.low >= 0 ? 0 : -1, high: arg.high <= 0 ? 0 : 1 }
  return fn === 'cumsum' ? reduced('sum', arg) : anything
}

function applied(fn: FunctionName, args: readonly Range[]): Range {
  const [a = anything, b = anything, c = anything] = args
  const rule = rules[fn]
  return rule === undefined ? anything : rule(a, b, c)
}

type Rule = (a: Range, b: Range, c: Range) => Range

function rising(f: (x: number) => number): Rule {
  return (a) => ({ low: f(a.low), high: f(a.high) })
}

function corners(f: (x: number, y: number) => number): Rule {
  return (a, b) => {
    const all = [f(a.low, b.low), f(a.low, b.high), f(a.high, b.low), f(a.high, b.high)]
    return { low: Math.min(...all), high: Math.max(...all) }
  }
}

/** 0 times infinity is 0 for an interval: infinity stands for "as large as you like", not for a value. */
function times(x: number, y: number): number {
  return x === 0 || y === 0 ? 0 : x * y
}

function square(a: Range): Range {
  const high = Math.max(a.low * a.low, a.high * a.high)
  return { low: a.low > 0 ? a.low * a.low : a.high < 0 ? a.high * a.high : 0, high }
}

function power(a: Range, b: Range): Range {
  if (a.low === a.high && b.low === b.high) return { low: pow(a.low, b.low), high: pow(a.low, b.low) }
  if (b.low === 2 && b.high === 2) return square(a)
  if (b.low === b.high && b.low > 0 && b.low % 2 === 0) return atLeastZero
  return a.low >= 0 ? atLeastZero : anything
}

function divide(a: Range, b: Range): Range {
  if (b.low > 0 || b.high < 0) return corners((x, y) => (Math.abs(y) === Infinity ? 0 : x / y))(a, b, anything)
  if (b.low < 0) return anything
  return a.low >= 0 ? atLeastZero : a.high <= 0 ? { low: -Infinity, high: 0 } : anything
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const softplus = (x: number) => (x > 30 ? x : Math.log1p(Math.exp(x)))
/** Below its domain a logarithm is not a number; the interval then starts at minus infinity. */
const log = (x: number) => (x < 0 ? -Infinity : Math.log(x))

/** Interval rules; a function without one may give anything. */
const rules: { readonly [F in FunctionName]?: Rule } = {
  add: (a, b) => ({ low: a.low + b.low, high: a.high + b.high }),
  sub: (a, b) => ({ low: a.low - b.high, high: a.high - b.low }),
  mul: corners(times),
  div: divide,
  pow: power,
  neg: (a) => ({ low: -a.high, high: -a.low }),
  exp: rising(Math.exp),
  log: rising(log),
  sqrt: (a) => ({ low: Math.sqrt(Math.max(0, a.low)), high: Math.sqrt(Math.max(0, a.high)) }),
  square,
  abs: (a) => ({ low: a.low > 0 ? a.low : a.high < 0 ? -a.high : 0, high: Math.max(-a.low, a.high) }),
  floor: rising(Math.floor),
  ceil: rising(Math.ceil),
  round: rising(Math.round),
  tanh: rising(Math.tanh),
  sigmoid: rising(sigmoid),
  inv_logit: rising(sigmoid),
  softplus: rising(softplus),
  log1p_exp: rising(softplus),
  relu: rising((x) => Math.max(0, x)),
  cosh: () => ({ low: 1, high: Infinity }),
  log_cosh: () => atLeastZero,
  Phi: () => fraction,
  not: () => fraction,
  and: () => fraction,
  or: () => fraction,
  equal: () => fraction,
  not_equal: () => fraction,
  less: () => fraction,
  less_equal: () => fraction,
  greater: () => fraction,
  greater_equal: () => fraction,
  min: (a, b) => ({ low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) }),
  max: (a, b) => ({ low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) }),
  where: (_, b, c) => ({ low: Math.min(b.low, c.low), high: Math.max(b.high, c.high) }),
}
