import { must } from '../base/internal-error.ts'
import type { Sizes } from '../ir/graph.ts'
import { bit } from './kinds/bit.ts'
import { cholesky } from './kinds/cholesky.ts'
import { correlation } from './kinds/correlation.ts'
import { count } from './kinds/count.ts'
import { covariance } from './kinds/covariance.ts'
import { element } from './kinds/element.ts'
import { nonnegative } from './kinds/nonnegative.ts'
import { ordered } from './kinds/ordered.ts'
import { positive } from './kinds/positive.ts'
import { probability } from './kinds/probability.ts'
import { real } from './kinds/real.ts'
import type { Bounds, Kind, KindRule, Levels } from './kinds/rule.ts'
import { simplex } from './kinds/simplex.ts'
import { spin } from './kinds/spin.ts'
import { unit } from './kinds/unit.ts'
import type { ValueType } from './model.ts'

export type { Kind, TypeOf } from './kinds/rule.ts'

/** The kinds of value types: all that is known of each without a graph. What needs one is a table of its own over `Kind`. */
export const kinds: { readonly [K in Kind]: KindRule<K> } = {
  real,
  positive,
  nonnegative,
  probability,
  spin,
  bit,
  count,
  element,
  unit,
  simplex,
  ordered,
  covariance,
  cholesky,
  correlation,
}

/** The rule of a type's kind. */
export function kindOf({ kind }: ValueType): KindRule {
  return kinds[kind] as KindRule
}

/** The types that are written by a name, with the number of axes that each takes in brackets. */
export const typeNames: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(kinds).flatMap(([name, { written }]) => (written === undefined ? [] : [[name, written.axes]])),
)

/** The type that is written so: a name of `typeNames`, and its axes. */
export function namedType(name: string, [first = '', second = '']: readonly string[]): ValueType | undefined {
  return Object.hasOwn(kinds, name) ? kinds[name as Kind].written?.type(first, second) : undefined
}

/** The axes that a type names. */
export function namedAxes(type: ValueType): readonly string[] {
  if ('rows' in type) return [type.rows, type.columns]
  return 'axis' in type ? [type.axis] : []
}

/** The axes along which the numbers of a type depend on each other; none where each is by itself. */
export function ownAxes(type: ValueType): readonly string[] {
  return kindOf(type).written === undefined ? [] : namedAxes(type)
}

/** The ends of a type that is an interval of the real line. */
export function boundsOf(type: ValueType): Bounds | undefined {
  return kindOf(type).bounds?.(type)
}

/** The expressions that a type is made of. */
export function boundExpressions<Bound>(type: ValueType<Bound>): readonly Bound[] {
  return type.kind === 'real' ? [type.lower, type.upper].filter((end) => end !== undefined) : []
}

/** Whether a type allows every real number. */
export function isUnbounded(type: ValueType): boolean {
  const bounds = boundsOf(type)
  return bounds?.lower === -Infinity && bounds.upper === Infinity
}

/** The values that a state of a type can take, where there are finitely many. */
export function levelsOf(type: ValueType): Levels | undefined {
  return kindOf(type).levels?.(type)
}

/** What each level of a state is, as its values have it; elements from 0. */
export function levelValues(levels: Levels, sizes: Sizes): readonly number[] {
  if (levels.kind === 'values') return levels.values
  return Array.from({ length: must(sizes[levels.axis], `size of axis ${levels.axis}`) }, (_, level) => level)
}

/** The value of one level, by its number from 0. */
export function levelValue(type: ValueType, level: number): number {
  const levels = levelsOf(type)
  return levels?.kind === 'values' ? (levels.values[level] as number) : level
}

/** Whether a state of a type jumps between infinitely many values. */
export function isCountless(type: ValueType): boolean {
  return kindOf(type).discrete && levelsOf(type) === undefined
}
