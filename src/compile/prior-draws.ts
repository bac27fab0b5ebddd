import { must } from '../base/internal-error.ts'
import { draws } from '../families/tables/draws.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Energy, EnergyVariable, WrittenDensity, WrittenStart } from '../middle/energy.ts'
import { boundsOf } from '../middle/kinds.ts'
import type { Wall } from '../middle/model.ts'
import type { PriorDraw } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import type { Within } from '../middle/program.ts'
import { type Situation, situationOf, unknownsOf } from '../middle/situation.ts'
import { holds } from './ancestral/holds.ts'
import { type NodesByPort, openParts, type Source, sourceOf, statementOf } from './ancestral/source.ts'
import { programOf, shiftedIn, undrawable } from './ancestral.ts'
import { namesWritten } from './outputs.ts'

/** What is drawn once when nothing is given, and stands still then, in declared order: by its `from`, or a param from its prior. */
export function priorDrawsOf(energy: Energy, situation: Situation = situationOf(energy)): readonly PriorDraw[] {
  const written = namesWritten(energy)
  const unknown = unknownsOf(situation)
  const stated = new Set(energy.statements.map((s) => (s.kind === 'density' ? s.variable : undefined)))
  const started = new Map(energy.starts.map((s) => [s.variable, s.by]))
  return energy.declared.flatMap((v): readonly PriorDraw[] => {
    const by = started.get(v.name)
    if (unknown.has(v.name) || written.has(ports.preset(v.name)) || by === 'value') return []
    if (by !== undefined) return [startDrawOf(energy, v, by)]
    return v.role === 'param' && stated.has(v.name) ? [drawOf(energy, v, statementOf(energy, v.name))] : []
  })
}

/** How what moves starts where its `from` is a family. Of a few values, a start is drawn in any case. */
export function startDrawsOf(energy: Energy, { moving }: Situation): readonly PriorDraw[] {
  const variables = new Map(energy.declared.map((v) => [v.name, v]))
  return energy.starts.flatMap(({ variable, by }) =>
    moving.has(variable) && typeof by !== 'string' ? [startDrawOf(energy, must(variables.get(variable), variable), by)] : [],
  )
}

function startDrawOf(energy: Energy, variable: EnergyVariable, by: Exclude<WrittenStart['by'], 'value'>): PriorDraw {
  const { name, axes, type } = variable
  return by === 'level' ? { name, axes, type, level: true, from: true } : { ...drawOf(energy, variable, by), from: true }
}

function drawOf(energy: Energy, variable: EnergyVariable, statement: WrittenDensity | { readonly reason: string }): PriorDraw {
  const { name, axes, type } = variable
  if ('reason' in statement) return { name, reason: statement.reason }
  const parts = openParts(energy, [statement], [variable])
  const source = sourceOf(parts, variable, statement)
  const reason = undrawable(source, shiftedIn(parts.builder))
  if (reason !== undefined) return { name, reason }
  const kept = keptInside(parts, source)
  if (kept === undefined) return { name, reason: `the type of "${name}" keeps a part of ${source.family} that amp cannot draw from` }
  const program = programOf(parts, [kept.source])
  return { name, axes, type, program, ...(kept.within === undefined ? {} : { within: kept.within }) }
}

/** The same statement restricted to the type: a density of the type is the family's, normalised over what the type allows. */
function keptInside(parts: NodesByPort, source: Source): { readonly source: Source; readonly within?: Within } | undefined {
  const { builder } = parts
  if (holds(builder, source)) return { source }
  const { type, over } = source
  if (type.kind === 'ordered') {
    const along = [...new Set([type.axis, ...over])]
    const sort = over.length === 0 && source.range === undefined && source.args.every((id) => !builder.axes(id).includes(type.axis))
    return { source, within: { kind: 'ordered', axis: type.axis, along, sort } }
  }
  const bounds = boundsOf(type)
  if (bounds === undefined) return undefined
  if ('number' in draws[source.family]) return { source: { ...source, range: narrowed(parts, source) } }
  const [lower, upper] = [numberOf(bounds.lower), numberOf(bounds.upper)]
  if (lower === undefined || upper === undefined || over.length === 0) return undefined
  return { source, within: { kind: 'between', lower, upper, along: over } }
}

function numberOf(end: number | Wall): number | undefined {
  return typeof end === 'number' ? end : end.number
}

/** The statement's own range, if it has one, cut to the type's. */
function narrowed({ builder }: NodesByPort, { type, bounds, range }: Source): NonNullable<Source['range']> {
  const ends = boundsOf(type)
  const end = (bound: NodeId | undefined, known: number | Wall | undefined): NodeId =>
    bound ?? builder.constant(known === undefined ? Number.NaN : (numberOf(known) ?? Number.NaN))
  const [lower, upper] = [end(bounds.lower, ends?.lower), end(bounds.upper, ends?.upper)]
  return range === undefined
    ? { lower, upper }
    : { lower: builder.apply('max', range.lower, lower), upper: builder.apply('min', range.upper, upper) }
}
