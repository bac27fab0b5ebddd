import { exp } from './special/exponential.ts'
import { log1p, log as logOf } from './special/logarithm.ts'
import { pow } from './special/pow.ts'

/**
 * Where numbers lie, whatever the values they are made of. `zero`: whether one of them may be exactly 0. A constant has
 * `low === high`; an infinite end means "as large as you like".
 */
export interface Interval {
  readonly low: number
  readonly high: number
  readonly zero: boolean
}

export const anywhere: Interval = { low: -Infinity, high: Infinity, zero: true }
export const aboveZero: Interval = { low: 0, high: Infinity, zero: false }
export const fromZero: Interval = { low: 0, high: Infinity, zero: true }
export const fraction: Interval = { low: 0, high: 1, zero: true }
/** The sizes of axes that come with the data, which may have no rows at all (AMP515 warns of it). */
export const sizes: Interval = fromZero

export function between(low: number, high: number): Interval {
  return { low, high, zero: low <= 0 && high >= 0 }
}

export const isPositive = (a: Interval): boolean => a.low >= 0 && !a.zero
export const isNonnegative = (a: Interval): boolean => a.low >= 0
export const isNonpositive = (a: Interval): boolean => a.high <= 0

/** An end that is no number (infinity minus infinity) says nothing; what lies away from 0 does not hold it. */
export function tidy({ low, high, zero }: Interval): Interval {
  const [from, to] = [Number.isNaN(low) ? -Infinity : low, Number.isNaN(high) ? Infinity : high]
  return { low: from, high: to, zero: zero && from <= 0 && to >= 0 }
}

/** What lies in one or the other. */
export function hull(a: Interval, b: Interval): Interval {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high), zero: a.zero || b.zero }
}

export function negated(a: Interval): Interval {
  return { low: -a.high, high: -a.low, zero: a.zero }
}

export function added(a: Interval, b: Interval): Interval {
  const sum = between(a.low + b.low, a.high + b.high)
  const sameSide = (isNonnegative(a) && isNonnegative(b)) || (isNonpositive(a) && isNonpositive(b))
  return { ...sum, zero: sameSide ? a.zero && b.zero : sum.zero }
}

export function multiplied(a: Interval, b: Interval): Interval {
  // Zero times an infinite end is zero: the end is a limit, not a value.
  return { ...corners((x, y) => (x === 0 || y === 0 ? 0 : x * y), a, b), zero: a.zero || b.zero }
}

export function divided(a: Interval, b: Interval): Interval {
  const away = b.low > 0 || b.high < 0
  return away ? { ...corners((x, y) => (Math.abs(y) === Infinity ? 0 : x / y), a, b), zero: a.zero } : multiplied(a, inverted(b))
}

/** 1 over what may come near 0. */
function inverted(a: Interval): Interval {
  if (isPositive(a)) return { low: 1 / a.high, high: Infinity, zero: false }
  if (a.high <= 0 && !a.zero) return negated(inverted(negated(a)))
  return isNonnegative(a) ? aboveZero : { ...anywhere, zero: false }
}

function corners(f: (x: number, y: number) => number, a: Interval, b: Interval): { readonly low: number; readonly high: number } {
  const all = [f(a.low, b.low), f(a.low, b.high), f(a.high, b.low), f(a.high, b.high)]
  return { low: Math.min(...all), high: Math.max(...all) }
}

export function squared(a: Interval): Interval {
  const [p, q] = [a.low * a.low, a.high * a.high]
  return { low: a.low <= 0 && a.high >= 0 ? 0 : Math.min(p, q), high: Math.max(p, q), zero: a.zero }
}

export function absolute(a: Interval): Interval {
  const [p, q] = [Math.abs(a.low), Math.abs(a.high)]
  return { low: a.low <= 0 && a.high >= 0 ? 0 : Math.min(p, q), high: Math.max(p, q), zero: a.zero }
}

export function power(a: Interval, b: Interval): Interval {
  const exponent = b.low === b.high ? b.low : undefined
  if (a.low === a.high && exponent !== undefined) return between(pow(a.low, exponent), pow(a.low, exponent))
  if (exponent === 2) return squared(a)
  const isEven = exponent !== undefined && exponent > 0 && exponent % 2 === 0
  return isEven || isNonnegative(a) ? { ...fromZero, zero: a.zero } : anywhere
}

/** Of a function that increases. `neverZero`: it has no value 0, though it may come near. */
export function increasing(f: (x: number) => number, neverZero = false): (a: Interval) => Interval {
  return (a) => ({ ...between(f(a.low), f(a.high)), ...(neverZero ? { zero: false } : {}) })
}

const logarithm = increasing(logOf)
/** Below its domain a logarithm is no number; what is left starts at minus infinity. */
export const log = (a: Interval): Interval => logarithm({ ...a, low: Math.max(0, a.low), high: Math.max(0, a.high) })

export function squareRoot(a: Interval): Interval {
  return { ...between(Math.sqrt(Math.max(0, a.low)), Math.sqrt(Math.max(0, a.high))), zero: a.zero || a.low < 0 }
}

export const sigmoid = increasing((x) => 1 / (1 + exp(-x)), true)
export const softplus = increasing((x) => (x > 30 ? x : log1p(exp(x))), true)

export function least(a: Interval, b: Interval): Interval {
  return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high), zero: a.zero || b.zero }
}

export function greatest(a: Interval, b: Interval): Interval {
  return {
    low: Math.max(a.low, b.low),
    high: Math.max(a.high, b.high),
    zero: (a.zero && b.zero) || (a.zero && !isPositive(b)) || (b.zero && !isPositive(a)),
  }
}

/** A sum along an axis: numbers of one sign keep it. Of none it is 0. */
export function summed(a: Interval): Interval {
  return { low: isNonnegative(a) ? 0 : -Infinity, high: isNonpositive(a) ? 0 : Infinity, zero: true }
}

/** A product along an axis. Of no numbers it is 1. */
export function product(a: Interval): Interval {
  return isNonnegative(a) ? { low: 0, high: a.high <= 1 ? 1 : Infinity, zero: a.zero } : anywhere
}
