import { must } from '../../base/internal-error.ts'
import type { Support } from '../../families/parts/signature.ts'
import { signatures } from '../../families/tables/signatures.ts'
import type { Graph } from '../../ir/graph.ts'
import type { Model, Typed, ValueType } from '../../middle/model.ts'
import { graphOf, type Source } from './source.ts'

/** An end of an interval: a number, or a graph of one. */
type End = number | Graph

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
export function holds(model: Model, source: Source): boolean {
  const allowed = boundsOf(model, source.type)
  if (allowed === undefined) return holders[supportOf(source)]?.includes(source.type.kind) ?? false
  const drawn = rangeOf(source)
  return reaches(allowed.lower, drawn.lower, -1) && reaches(allowed.upper, drawn.upper, 1)
}

function supportOf({ family }: Source): Support {
  return signatures[family].support
}

/** Undefined for types that are no interval of the real line. */
function boundsOf(model: Model, type: ValueType): Interval | undefined {
  const end = (bound: Typed | undefined, none: number): End => (bound === undefined ? none : constant(graphOf(model, bound)))
  if (type.kind === 'real') return { lower: end(type.lower, whole.lower as number), upper: end(type.upper, whole.upper as number) }
  if (type.kind === 'probability') return share
  return type.kind === 'positive' || type.kind === 'nonnegative' ? half : undefined
}

function rangeOf(source: Source): Interval {
  if (source.range !== undefined) return { lower: constant(source.range.lower), upper: constant(source.range.upper) }
  const [first, second] = source.args
  if (source.family === 'uniform') return { lower: constant(must(first, 'lower')), upper: constant(must(second, 'upper')) }
  if (source.family === 'pareto') return { lower: constant(must(first, 'y_min')), upper: Number.POSITIVE_INFINITY }
  const support = supportOf(source)
  if (support === 'unit_interval' || support === 'bit') return share
  return ['positive', 'nonnegative', 'count', 'counts'].includes(support) ? half : whole
}

function constant(graph: Graph): End {
  const node = graph.nodes[must(graph.outputs[0], 'value').node]
  return node?.op === 'const' ? node.value : graph
}

/** Numbers are compared; formulas must be the same formula. */
function reaches(allowed: End, drawn: End, side: 1 | -1): boolean {
  if (typeof allowed === 'number' && typeof drawn === 'number') return side * allowed >= side * drawn
  if (typeof allowed === 'number') return side * allowed === Number.POSITIVE_INFINITY
  return typeof drawn !== 'number' && JSON.stringify(allowed) === JSON.stringify(drawn)
}
