import { must } from '../../base/internal-error.ts'
import { endAmong, endsOf, isCounted, type Support, type SupportEnd } from '../../families/parts/support.ts'
import { signatures } from '../../families/tables/signatures.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { boundsOf } from '../../middle/kinds.ts'
import { holdsSupport } from '../../middle/supports.ts'
import type { Source } from './source.ts'

/** An end of an interval: a number, or a node that computes one. */
type IntervalEnd = number | { readonly node: NodeId }

interface NodeInterval {
  readonly lower: IntervalEnd
  readonly upper: IntervalEnd
}

/**
 * Whether a variable's type holds all that its family may draw. Where it cuts something off, what is left is not
 * normalised by the statement, and drawing from the family is not drawing from the model.
 */
export function holds(builder: GraphBuilder, source: Source): boolean {
  const allowed = allowedBy(builder, source)
  const { support } = signatures[source.family]
  if (allowed === undefined) return holdsSupport(source.type, support)
  const drawn = drawnFrom(builder, source, support)
  return reaches(allowed.lower, drawn.lower, -1) && reaches(allowed.upper, drawn.upper, 1)
}

/** Undefined for types that are no interval of the real line. */
function allowedBy(builder: GraphBuilder, { type, bounds }: Source): NodeInterval | undefined {
  const ends = boundsOf(type)
  if (ends === undefined) return undefined
  const end = (bound: NodeId | undefined, none: unknown): IntervalEnd => (bound === undefined ? (none as number) : constant(builder, bound))
  return { lower: end(bounds.lower, ends.lower), upper: end(bounds.upper, ends.upper) }
}

function drawnFrom(builder: GraphBuilder, { family, range, args }: Source, support: Support): NodeInterval {
  if (range !== undefined) return { lower: constant(builder, range.lower), upper: constant(builder, range.upper) }
  const { parameters } = signatures[family]
  const given = args.map((id) => constant(builder, id))
  const end = (e: SupportEnd): IntervalEnd => must(endAmong(e, parameters, given), 'end of a support')
  const [lower, upper] = endsOf(support) ?? [isCounted(support) ? 0 : -Infinity, Infinity]
  return { lower: end(lower), upper: end(upper) }
}

function constant(builder: GraphBuilder, id: NodeId): IntervalEnd {
  const node = builder.node(id)
  return node.op === 'const' ? node.value : { node: id }
}

/** Numbers are compared; formulas must be the same formula. */
function reaches(allowed: IntervalEnd, drawn: IntervalEnd, side: 1 | -1): boolean {
  if (typeof allowed === 'number' && typeof drawn === 'number') return side * allowed >= side * drawn
  if (typeof allowed === 'number') return side * allowed === Number.POSITIVE_INFINITY
  return typeof drawn !== 'number' && allowed.node === drawn.node
}
