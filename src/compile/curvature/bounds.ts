import { type Interval, isNonnegative, isNonpositive } from '../../base/interval.ts'
import type { NodeId } from '../../ir/graph.ts'
import {
  type Entries,
  type EntryAlgebra,
  isSingle,
  lifted,
  mapEntries,
  mapValues,
  negated,
  plus,
  scaled,
  squared,
  zero,
} from './entries.ts'
import type { Shape } from './shapes.ts'

/**
 * What is known of a node n as a function of the moving states: with d = y - x and n's gradient at x,
 * `lower/2 <= (n(y) - n(x) - gradient.d) / (d weighted) <= upper/2`, that is
 * `n(y) <= n(x) + gradient.d + sum_i upper_i d_i^2 / 2` for every y, and likewise from below. Absent: no bound is known.
 */
export interface CurvatureBounds {
  /** Set when n is linear in the states (up to a constant): its weights. */
  readonly weights?: Entries
  readonly upper?: Entries
  readonly lower?: Entries
}

export const unknown: CurvatureBounds = {}

export function linear(weights: Entries): CurvatureBounds {
  return { weights, upper: zero, lower: zero }
}

/** Keeps what is defined: absent stays absent. */
function pair<T, U>(a: T | undefined, b: T | undefined, f: (a: T, b: T) => U): U | undefined {
  return a === undefined || b === undefined ? undefined : f(a, b)
}

function one<T, U>(a: T | undefined, f: (a: T) => U): U | undefined {
  return a === undefined ? undefined : f(a)
}

/** Without keys that are undefined. */
export function bounds(weights: Entries | undefined, upper: Entries | undefined, lower: Entries | undefined): CurvatureBounds {
  return {
    ...(weights === undefined ? {} : { weights }),
    ...(upper === undefined ? {} : { upper }),
    ...(lower === undefined ? {} : { lower }),
  }
}

/** The same change to weights and both bounds: for operations that only move numbers about. */
export function mapped(b: CurvatureBounds, f: (e: Entries) => Entries): CurvatureBounds {
  return bounds(one(b.weights, f), one(b.upper, f), one(b.lower, f))
}

export function negatedBounds(a: EntryAlgebra, b: CurvatureBounds): CurvatureBounds {
  const flip = (e: Entries): Entries => negated(a, e)
  return bounds(one(b.weights, flip), one(b.lower, flip), one(b.upper, flip))
}

export function sumOf(a: EntryAlgebra, p: CurvatureBounds, q: CurvatureBounds, axes: readonly string[]): CurvatureBounds {
  const both = (x: Entries, y: Entries): Entries => plus(lifted(a, x, axes), lifted(a, y, axes))
  return bounds(pair(p.weights, q.weights, both), pair(p.upper, q.upper, both), pair(p.lower, q.lower, both))
}

/** `factor` times a node; `factor` does not depend on the states and lies in `range`. */
export function scaledBounds(
  a: EntryAlgebra,
  b: CurvatureBounds,
  factor: NodeId,
  range: Interval,
  axes: readonly string[],
): CurvatureBounds {
  const weights = one(b.weights, (w) => scaled(a, w, factor, axes))
  return bounds(weights, slanted(a, factor, range, b.upper, b.lower, axes), slanted(a, factor, range, b.lower, b.upper, axes))
}

/** `max(factor, 0) * up + min(factor, 0) * down`, needing only the one that a known sign asks for. */
export function slanted(
  a: EntryAlgebra,
  factor: NodeId,
  range: Interval,
  up: Entries | undefined,
  down: Entries | undefined,
  axes: readonly string[],
): Entries | undefined {
  const { m } = a
  if (isNonnegative(range)) return one(up, (u) => scaled(a, u, factor, axes))
  if (isNonpositive(range)) return one(down, (d) => scaled(a, d, factor, axes))
  if (up?.size === 0 && down?.size === 0) return zero
  const positive = m.max(factor, m.k(0))
  const negative = m.min(factor, m.k(0))
  return pair(up, down, (u, d) => plus(scaled(a, u, positive, axes), scaled(a, d, negative, axes)))
}

/** The product of two linear nodes: |da db| <= (da^2 + db^2)/2, each square as in `squared`. */
export function productOf(a: EntryAlgebra, p: CurvatureBounds, q: CurvatureBounds, axes: readonly string[]): CurvatureBounds {
  const spread = pair(p.weights, q.weights, (v, w) => plus(lifted(a, squared(a, v), axes), lifted(a, squared(a, w), axes)))
  if (spread === undefined) return unknown
  return { upper: spread, lower: negated(a, spread) }
}

/** f(n) for a function f of one number; `slope` is f'(n) and lies in `range`. */
export function composed(
  a: EntryAlgebra,
  b: CurvatureBounds,
  shape: Shape,
  slope: NodeId | undefined,
  range: Interval,
  axes: readonly string[],
): CurvatureBounds {
  if (b.weights !== undefined) return ofLinear(a, b.weights, shape)
  if (slope === undefined || shape.bend === 'neither') return unknown
  if (shape.bend === 'convex') return bounds(undefined, undefined, slanted(a, slope, range, b.lower, b.upper, axes))
  return bounds(undefined, slanted(a, slope, range, b.upper, b.lower, axes), undefined)
}

/** f of a linear node bends by f'' times the square of the node's change. */
function ofLinear(a: EntryAlgebra, weights: Entries, shape: Shape): CurvatureBounds {
  const times = (k: number): Entries => (k === 0 ? zero : mapValues(squared(a, weights), (v) => a.m.mul(a.m.k(k), v)))
  // Cauchy-Schwarz overestimates the square, so a bound of the helpful sign counts only where it is exact.
  const exact = isSingle(weights)
  const upper = one(shape.most, (k) => times(exact ? k : Math.max(k, 0)))
  const lower = one(shape.least, (k) => times(exact ? k : Math.min(k, 0)))
  return bounds(undefined, upper, lower)
}

/** Where `condition` holds, `b`; elsewhere nothing. The condition does not depend on the states. */
export function where(a: EntryAlgebra, condition: NodeId, b: CurvatureBounds, axes: readonly string[]): CurvatureBounds {
  const { m } = a
  return mapped(b, (e) => mapValues(lifted(a, e, axes), (v) => m.where(condition, v, m.k(0))))
}

export function mapBounds(b: CurvatureBounds, f: Parameters<typeof mapEntries>[1]): CurvatureBounds {
  return mapped(b, (e) => mapEntries(e, f))
}
