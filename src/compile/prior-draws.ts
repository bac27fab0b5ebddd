import { draws } from '../families/tables/draws.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import type { Graph } from '../ir/graph.ts'
import { boundsOf } from '../middle/kinds.ts'
import type { DensityTerm, Model, Typed, Variable } from '../middle/model.ts'
import type { PriorDraw } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import type { Within } from '../middle/program.ts'
import { holds } from './ancestral/holds.ts'
import { graphOf, type Source, sourceOf } from './ancestral/source.ts'
import { programOf, undrawable } from './ancestral.ts'

/** The params of a model that are drawn when nothing is given, in declared order. */
export function priorDrawsOf(model: Model): readonly PriorDraw[] {
  return model.variables
    .filter((v) => v.role === 'param' && v.default === undefined && priorsOf(model, v).length > 0)
    .map((v) => drawOf(model, v))
}

function priorsOf(model: Model, { name }: Variable): readonly DensityTerm[] {
  return model.terms.filter((t): t is DensityTerm => t.kind === 'density' && t.variable === name)
}

function drawOf(model: Model, { name }: Variable): PriorDraw {
  const source = sourceOf(model, name)
  if ('reason' in source) return { name, reason: source.reason }
  const reason = undrawable(source)
  if (reason !== undefined) return { name, reason }
  const kept = keptInside(model, source)
  if (kept === undefined) return { name, reason: `the type of "${name}" keeps a part of ${source.family} that amp cannot draw from` }
  const { axes, type } = source
  const program = programOf([kept.source])
  return { name, axes, type, program, ...(kept.within === undefined ? {} : { within: kept.within }) }
}

/** The same statement restricted to the type: a density of the type is the family's, normalised over what the type allows. */
function keptInside(model: Model, source: Source): { readonly source: Source; readonly within?: Within } | undefined {
  if (holds(model, source)) return { source }
  const { type, over } = source
  if (type.kind === 'ordered') {
    const along = [...new Set([type.axis, ...over])]
    const sort = over.length === 0 && source.range === undefined && source.args.every((g) => !variesAlong(g, type.axis))
    return { source, within: { kind: 'ordered', axis: type.axis, along, sort } }
  }
  const bounds = boundsOf(type)
  if (bounds === undefined) return undefined
  if ('number' in draws[source.family]) return { source: { ...source, range: narrowed(model, source, bounds) } }
  const [lower, upper] = [numberOf(bounds.lower), numberOf(bounds.upper)]
  if (lower === undefined || upper === undefined || over.length === 0) return undefined
  return { source, within: { kind: 'between', lower, upper, along: over } }
}

type End = number | Typed

function numberOf(end: End): number | undefined {
  if (typeof end === 'number') return end
  return end.kind === 'number' ? end.value : undefined
}

/** The statement's own range, if it has one, cut to the type's. */
function narrowed(model: Model, { range }: Source, bounds: { readonly lower: End; readonly upper: End }): NonNullable<Source['range']> {
  const lower = asGraph(model, bounds.lower)
  const upper = asGraph(model, bounds.upper)
  return range === undefined ? { lower, upper } : { lower: combined('max', range.lower, lower), upper: combined('min', range.upper, upper) }
}

function asGraph(model: Model, end: End): Graph {
  if (typeof end !== 'number') return graphOf(model, end)
  const builder = new GraphBuilder()
  builder.output(ports.result, builder.constant(end))
  return builder.finish()
}

function combined(op: 'max' | 'min', a: Graph, b: Graph): Graph {
  const builder = new GraphBuilder()
  const [left, right] = [a, b].map((g) => include(builder, g)[g.outputs[0]?.node ?? 0] as number)
  builder.output(ports.result, builder.apply(op, left as number, right as number))
  return builder.finish()
}

function variesAlong({ nodes, outputs }: Graph, axis: string): boolean {
  return nodes[outputs[0]?.node ?? 0]?.axes.includes(axis) === true
}
