import { must } from '../../base/internal-error.ts'
import type { IntervalNodes } from '../../families/formulas/masses.ts'
import type { FamilyName } from '../../families/tables/signatures.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Energy, EnergyVariable, WrittenDensity, WrittenStatement } from '../../middle/energy.ts'
import type { ValueType, Wall } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { onlyOutputs } from '../outputs.ts'

/** What statements are of, and the bounds of what they draw, as nodes of one builder, each simplified. */
export interface NodesByPort {
  readonly builder: GraphBuilder
  readonly at: (port: string) => NodeId
}

/** Where one variable is drawn from. */
export interface Source {
  readonly name: string
  readonly axes: readonly string[]
  readonly type: ValueType
  /** The ends of its type, where that has bounds of its own. */
  readonly bounds: Partial<IntervalNodes>
  readonly family: FamilyName
  readonly over: readonly string[]
  readonly args: readonly NodeId[]
  readonly range?: IntervalNodes
  readonly censored?: IntervalNodes
  readonly statement: WrittenStatement
}

/** Opens the parts of some statements and the bounds of some variables. */
export function openParts(energy: Energy, statements: readonly WrittenStatement[], variables: readonly EnergyVariable[]): NodesByPort {
  const wanted = [
    ...statements.flatMap(portsOf),
    ...variables.flatMap(({ name }) => [ports.bound(name, 'lower'), ports.bound(name, 'upper')]),
  ]
  const graph = onlyOutputs(energy.written, new Map(wanted.map((port) => [port, port])))
  const builder = new GraphBuilder()
  const ids = include(builder, graph)
  const nodes = new Map(graph.outputs.map((o) => [o.name, must(ids[o.node], o.name)]))
  return { builder, at: (port) => must(nodes.get(port), port) }
}

/** The outputs that a statement is made of, in its order. */
export function portsOf(statement: WrittenStatement): readonly string[] {
  const { name } = statement
  if (statement.kind === 'energy') return [ports.term(name)]
  const { arguments: count, truncated, censored } = statement
  return [
    ports.left(name),
    ...Array.from({ length: count }, (_, i) => ports.argument(name, i)),
    ...(truncated ? [ports.range(name, 'lower'), ports.range(name, 'upper')] : []),
    ...(censored ? [ports.censored(name, 'lower'), ports.censored(name, 'upper')] : []),
  ]
}

/** The one statement a variable is drawn from, or why there is none. */
export function statementOf({ statements, implied }: Energy, name: string): WrittenDensity | { readonly reason: string } {
  const own = [...statements, ...implied].filter((s): s is WrittenDensity => s.kind === 'density' && s.variable === name)
  const [statement, ...more] = own
  if (more.length > 0) return { reason: `"${name}" has more than one statement of its own` }
  return statement ?? { reason: `"${name}" has no density of its own` }
}

export function sourceOf({ at }: NodesByPort, { name, axes, type }: EnergyVariable, statement: WrittenDensity): Source {
  const { family, over, arguments: count, truncated, censored } = statement
  const ends = (port: (statement: string, end: ports.End) => string): IntervalNodes => ({
    lower: at(port(statement.name, 'lower')),
    upper: at(port(statement.name, 'upper')),
  })
  const bounds: { readonly lower?: Wall; readonly upper?: Wall } = type.kind === 'real' ? type : {}
  return {
    ...{ name, axes, type, family, over, statement },
    bounds: {
      ...(bounds.lower === undefined ? {} : { lower: at(ports.bound(name, 'lower')) }),
      ...(bounds.upper === undefined ? {} : { upper: at(ports.bound(name, 'upper')) }),
    },
    args: Array.from({ length: count }, (_, i) => at(ports.argument(statement.name, i))),
    ...(truncated ? { range: ends(ports.range) } : {}),
    ...(censored ? { censored: ends(ports.censored) } : {}),
  }
}
