import { must } from '../../base/internal-error.ts'
import type { FamilySignature } from '../../families/parts/signature.ts'
import { edgesAmong, endAmong, endsOf } from '../../families/parts/support.ts'
import { signatures } from '../../families/tables/signatures.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { Demand } from '../../middle/check.ts'
import type { DensityTerm, Typed } from '../../middle/model.ts'
import { typeOf } from '../../middle/supports.ts'
import type { Lowered } from '../lower/context.ts'

/** What the values of a family are compared with, besides their support. */
interface ComparedLimit {
  readonly demand: Demand
  readonly lower?: NodeId
  readonly upper?: NodeId
  readonly total?: NodeId
}

const closed: Demand = { kind: 'within', open: false }
const open: Demand = { kind: 'within', open: true }

/** The ends of a support that depend on arguments, or that no type has. */
function ofSupport(
  m: Maths,
  { support, parameters }: FamilySignature,
  args: readonly NodeId[],
  over: readonly string[],
): readonly ComparedLimit[] {
  if ('vector' in support) {
    const total = support.total === undefined ? undefined : endAmong(support.total, parameters, args)
    return total === undefined ? [] : [{ demand: { kind: 'total', axis: must(over[0], 'axis') }, total }]
  }
  const hasType = typeOf(support, over) !== undefined
  const [lower, upper] = (endsOf(support) ?? []).map((end) => {
    if (typeof end === 'number') return hasType || !Number.isFinite(end) ? undefined : m.k(end)
    return endAmong(end, parameters, args)
  })
  if (lower === undefined && upper === undefined) return []
  return [{ demand: closed, ...(lower !== undefined && { lower }), ...(upper !== undefined && { upper }) }]
}

/** The edges of a support, where no value that is given may be. The first of two is the lower one. */
function ofEdges(m: Maths, signature: FamilySignature, { args }: DensityTerm): readonly ComparedLimit[] {
  const edges = edgesAmong(
    signature,
    args.map((a) => (a.kind === 'number' ? a.value : undefined)),
  )
  const [low, high] = endsOf(signature.support) ?? [0]
  const [lower, upper] = [edges.find((at) => at === low), edges.find((at) => at === high)]
  if (lower === undefined && upper === undefined) return []
  return [{ demand: open, ...(lower !== undefined && { lower: m.k(lower) }), ...(upper !== undefined && { upper: m.k(upper) }) }]
}

/** Where the values of a term must lie, by the arguments of its family and by its truncation. */
export function limits(m: Maths, term: DensityTerm, args: readonly NodeId[], lower: (e: Typed) => Lowered): readonly ComparedLimit[] {
  const { range, over } = term
  const signature = signatures[term.family]
  const cut = range && { demand: closed, lower: lower(range.lower).node, upper: lower(range.upper).node }
  return [...ofSupport(m, signature, args, over), ...ofEdges(m, signature, term), ...(cut === undefined ? [] : [cut])]
}
