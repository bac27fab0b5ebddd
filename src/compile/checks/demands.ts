import type { ArgumentAxes } from '../../families/parts/argument-axes.ts'
import type { NumberEnds, ParameterKind } from '../../families/parts/parameter-kinds.ts'
import { hasElements, type Support } from '../../families/parts/support.ts'
import { asType, type Demand } from '../../middle/check.ts'
import { isUnbounded } from '../../middle/kinds.ts'
import { typeOf } from '../../middle/supports.ts'

const none: readonly Demand[] = []
const number: readonly Demand[] = [{ kind: 'number' }]
const count: readonly Demand[] = [asType({ kind: 'count' })]

function above({ lowIn, highIn }: NumberEnds): readonly Demand[] {
  return [asType({ kind: lowIn ? 'nonnegative' : 'positive' }, highIn)]
}

function along(axis: string | undefined, kind: 'simplex' | 'unit' | 'ordered'): readonly Demand[] {
  return axis === undefined ? none : [asType({ kind, axis })]
}

function square(
  rows: string | undefined,
  columns: string | undefined,
  kind: 'covariance' | 'cholesky',
  unitRows = false,
): readonly Demand[] {
  if (rows === undefined || columns === undefined) return none
  return [asType(kind === 'cholesky' ? { kind, rows, columns, unitRows } : { kind, rows, columns })]
}

/**
 * What the values that a family describes must be. Where it says no more than their type does, nothing. Ends at which
 * there is no density are among the limits.
 */
export function supportDemands(support: Support, { over }: ArgumentAxes): readonly Demand[] {
  if (hasElements(support)) return none
  const type = typeOf('interval' in support ? { interval: support.interval } : support, over)
  return type === undefined || isUnbounded(type) ? number : [asType(type)]
}

/** What an argument must be. */
export const parameterDemands: Readonly<Record<ParameterKind, (use: ArgumentAxes, ends: NumberEnds) => readonly Demand[]>> = {
  real: () => number,
  vector: () => number,
  matrix: () => number,
  positive: (_use, ends) => above(ends),
  positive_vector: (_use, ends) => above(ends),
  probability: () => [asType({ kind: 'probability' })],
  count: () => count,
  simplex: ({ over, element }) => along(element ?? over[0], 'simplex'),
  unit_vector: ({ over }) => along(over[0], 'unit'),
  ordered: ({ own }) => along(own, 'ordered'),
  covariance: ({ over, own }) => square(over[0], own ?? over[1], 'covariance'),
  cholesky: ({ over, own }) => square(over[0], own ?? over[1], 'cholesky'),
  transition: ({ own }) => along(own, 'simplex'),
}
