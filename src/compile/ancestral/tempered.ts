import { must } from '../../base/internal-error.ts'
import type { Tempered, Tempering } from '../../families/parts/power.ts'
import { powers } from '../../families/tables/powers.ts'
import { signatures } from '../../families/tables/signatures.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import * as ports from '../../middle/ports.ts'
import { onlyOutputs } from '../outputs.ts'
import type { Source } from './source.ts'

/** Where a variable is drawn from at `the temperature`, which the graphs of its arguments read. */
export interface TemperedSource extends Source {
  /** Above 0 if and only if the density to the power 1/T has a finite integral over the family's support; absent when it always has. */
  readonly positive?: Graph
}

/**
 * The density of a statement to the power 1/T as a statement again, or why it is none. The factor that is left over must
 * not depend on any of `names`, which are drawn: it would weigh them.
 */
export function tempered(source: Source, names: ReadonlySet<string>): TemperedSource | { readonly reason: string } {
  const tempering = powers[source.family]
  if ('never' in tempering) return { reason: `"${source.name}" is drawn from ${source.family}, and ${tempering.never}` }
  const reason = untempered(source, tempering, names)
  if (reason !== undefined) return { reason }
  const builder = new GraphBuilder()
  const m = maths(builder)
  const put = (graph: Graph): NodeId => must(include(builder, graph)[must(graph.outputs[0], 'value').node], 'value')
  const now = tempering.at(m, source.args.map(put), builder.input(ports.temperature, []), contextOf(source))
  const range = rangeOf(m, now, source.range && { lower: put(source.range.lower), upper: put(source.range.upper) })
  const parts = {
    ...Object.fromEntries(now.args.map((id, i) => [String(i), id])),
    ...range,
    ...(now.positive && { positive: now.positive }),
  }
  for (const [label, id] of Object.entries(parts)) builder.output(label, id)
  const whole = builder.finish()
  const part = (label: string): Graph => onlyOutputs(whole, new Map([[label, ports.result]]))
  return {
    ...source,
    family: now.family,
    args: now.args.map((_, i) => part(String(i))),
    ...(range && { range: { lower: part('lower'), upper: part('upper') } }),
    ...(now.positive !== undefined && { positive: part('positive') }),
  }
}

/** Why a statement has no power that can be drawn from, in words. */
function untempered(
  { name, family, type, axes, args, range, censored }: Source,
  { weighs, everyLevel }: Tempering,
  names: ReadonlySet<string>,
): string | undefined {
  if (censored !== undefined) return `"${name}" is censored, and the power of a probability beyond a limit is no probability`
  if (everyLevel && type.kind === 'element' && axes.includes(type.axis))
    return `"${name}" varies along the axis that it takes its elements from`
  const parameters = signatures[family].parameters.map((p) => p.name)
  // What a restriction keeps depends on every argument.
  const weighing = args.flatMap((graph, i) =>
    range !== undefined || weighs.includes(i) ? [{ what: must(parameters[i], 'parameter'), graph }] : [],
  )
  const ends = range === undefined ? [] : [range.lower, range.upper].map((graph) => ({ what: 'range', graph }))
  for (const { what, graph } of [...weighing, ...ends]) {
    const drawn = graph.inputs.find((p) => names.has(p.name))
    if (drawn !== undefined) return `the ${what} of ${family} depends on "${drawn.name}", which "${name}" then weighs`
  }
  return undefined
}

function contextOf({ type, over }: Source) {
  return { over, ...(type.kind === 'element' ? { element: type.axis } : {}) }
}

function rangeOf(m: Maths, { range: own }: Tempered, given: Ends | undefined): Ends | undefined {
  if (own === undefined) return given
  const [lower, upper] = [m.k(own.lower), m.k(own.upper)]
  return given === undefined ? { lower, upper } : { lower: m.max(lower, given.lower), upper: m.min(upper, given.upper) }
}

type Ends = { readonly lower: NodeId; readonly upper: NodeId }
