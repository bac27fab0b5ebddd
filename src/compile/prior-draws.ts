import { draws } from '../families/tables/draws.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
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

/** The params of a model that are drawn once when nothing is given, and stand still then, in declared order. */
export function priorDrawsOf(energy: Energy, situation: Situation = situationOf(energy)): readonly PriorDraw[] {
  const written = namesWritten(energy)
  const unknown = unknownsOf(situation)
  const stated = new Set(energy.statements.map((s) => (s.kind === 'density' ? s.variable : undefined)))
  return energy.declared
    .filter(({ role, name }) => role === 'param' && !unknown.has(name) && stated.has(name) && !written.has(ports.preset(name)))
    .map((v) => drawOf(energy, v))
}

function drawOf(energy: Energy, variable: EnergyVariable): PriorDraw {
  const { name, axes, type } = variable
  const statement = statementOf(energy, name)
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
