import { must } from '../../base/internal-error.ts'
import { whereLegal } from '../../families/formulas/legal.ts'
import { densityAtEnds } from '../../families/formulas/limits.ts'
import { argumentAxes } from '../../families/parts/argument-axes.ts'
import type { Parameter } from '../../families/parts/signature.ts'
import { densities } from '../../families/tables/densities.ts'
import { limits } from '../../families/tables/limits.ts'
import { signatures } from '../../families/tables/signatures.ts'
import { union, without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { FamilyUse, Typed, TypedNode } from '../../middle/model.ts'
import { impliedBy } from '../relations.ts'
import { type LowerContext, type Lowered, refuse } from './context.ts'
import { keepsInside } from './inside.ts'
import { allLegal } from './legality.ts'
import { lacksAlong, widest } from './margins.ts'
import { untrusted } from './trusted.ts'

/** Of a density that a statement states: what is given is looked at when it comes, and truncation and censoring may change it. */
export interface Stated {
  readonly modify?: (whole: NodeId, args: readonly NodeId[], parameters: readonly (Parameter | undefined)[]) => NodeId
}

/** `normal_lpdf(y, mu, sigma)`; `args`: y, then the arguments. */
export function lowerLogDensity(
  c: LowerContext,
  e: Extract<TypedNode, { kind: 'log_density' }> & Typed,
  args: readonly Lowered[],
): Lowered {
  const margins = widest(args.map((a) => a.margins))
  if (lacksAlong(c.m, margins, e.over)) {
    return refuse(c, e.span, `"${e.family}" along an axis of a value that is shifted along it cannot be computed yet.`)
  }
  // Of what y lacks and an argument has, y is the same everywhere.
  const whole: FamilyUse = { ...e, left: { ...e.left, axes: union([e.axes, e.over]) } }
  c.renamed.push(...impliedBy(whole, e.span))
  const [left, ...own] = args
  const node = logDensityOf(c, whole, must(left, 'left side').node, own)
  const legality = allLegal(
    c.m,
    args.map((a) => a.legality),
  )
  return { node, margins, legality }
}

/** Over the axes of the left side without those that the family itself is over. */
export function logDensityOf(c: LowerContext, use: FamilyUse, left: NodeId, args: readonly Lowered[], stated?: Stated): NodeId {
  const nodes = args.map((a) => a.node)
  const density = densities[use.family]
  const { element } = use.left
  const own = signatures[use.family].parameters.map(
    ({ name }, i) => argumentAxes(use.left, use.over, { name, axes: use.args[i]?.axes ?? [] }).own,
  )
  const context = { over: use.over, own, inside: keepsInside(c, use), ...(element === undefined ? {} : { element }) }
  const modify = stated?.modify
  // What a modifier works out from the arguments refuses nothing.
  const refused = modify === undefined ? (density.refuses ?? []) : []
  const parameters = untrusted(c, use, limits[use.family] ?? {}, nodes, stated !== undefined)
  const guarded = parameters.map((p, i) => (refused.includes(i) ? undefined : p))
  const whole = densityAtEnds(density, limits[use.family], parameters)
  return whereLegal(c.m, nodes, guarded, without(use.left.axes, use.over), (legal) => {
    const value = whole.logDensity(c.m, left, legal, context)
    return modify === undefined ? value : modify(value, legal, parameters)
  })
}
