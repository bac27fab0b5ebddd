import { must } from '../../base/internal-error.ts'
import type { Support } from '../../families/parts/signature.ts'
import { signatures } from '../../families/tables/signatures.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { boundsOf } from '../../middle/kinds.ts'
import type { ValueType } from '../../middle/model.ts'
import type { Source } from './source.ts'

/** An end of an interval: a number, or a node that computes one. */
type End = number | { readonly node: NodeId }

interface Interval {
  readonly lower: End
  readonly upper: End
}

const whole: Interval = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY }
const half: Interval = { lower: 0, upper: Number.POSITIVE_INFINITY }
const share: Interval = { lower: 0, upper: 1 }

/** The types that hold every value of a support that is no interval. */
const holders: Partial<Record<Support, readonly ValueType['kind'][]>> = {
  bit: ['bit', 'count'],
  count: ['count'],
  counts: ['count'],
  element: ['element'],
  chain: ['element'],
  simplex: ['simplex'],
  sphere: ['unit'],
  cholesky_correlation: ['cholesky'],
  covariance: ['covariance'],
}

/**
 * Whether a variable's type holds all that its family may draw. Where it cuts something off, what is left is not
 * normalised by the statement, and drawing from the family is not drawing from the model.
 */
export function holds(builder: GraphBuilder, source: Source): boolean {
  const allowed = allowedBy(builder, source)
  if (allowed === undefined) return holders[supportOf(source)]?.includes(source.type.kind) ?? false
  const drawn = rangeOf(builder, source)
  return reaches(allowed.lower, drawn.lower, -1) && reaches(allowed.upper, drawn.upper, 1)
}

function supportOf({ family }: Source): Support {
  return signatures[family].support
}

/** Undefined for types that are no interval of the real line. */
function allowedBy(builder: GraphBuilder, { type, bounds }: Source): Interval | undefined {
  const ends = boundsOf(type)
  if (ends === undefined) return undefined
  const end = (bound: NodeId | undefined, none: unknown): End => (bound === undefined ? (none as number) : constant(builder, bound))
  return { lower: end(bounds.lower, ends.lower), upper: end(bounds.upper, ends.upper) }
}

function rangeOf(builder: GraphBuilder, source: Source): Interval {
  const at = (id: NodeId | undefined, what: string): End => constant(builder, must(id, what))
  if (source.range !== undefined) return { lower: at(source.range.lower, 'lower'), upper: at(source.range.upper, 'upper') }
  const [first, second] = source.args
  if (source.family === 'uniform') return { lower: at(first, 'lower'), upper: at(second, 'upper') }
  if (source.family === 'pareto') return { lower: at(first, 'y_min'), upper: Number.POSITIVE_INFINITY }
  const support = supportOf(source)
  if (support === 'unit_interval' || support === 'bit') return share
  return ['positive', 'nonnegative', 'count', 'counts'].includes(support) ? half : whole
}

function constant(builder: GraphBuilder, id: NodeId): End {
  const node = builder.node(id)
  return node.op === 'const' ? node.value : { node: id }
}

/** Numbers are compared; formulas must be the same formula. */
function reaches(allowed: End, drawn: End, side: 1 | -1): boolean {
  if (typeof allowed === 'number' && typeof drawn === 'number') return side * allowed >= side * drawn
  if (typeof allowed === 'number') return side * allowed === Number.POSITIVE_INFINITY
  return typeof drawn !== 'number' && allowed.node === drawn.node
}
