import { must } from '../../base/internal-error.ts'
import type { IntervalNodes } from '../../families/formulas/masses.ts'
import type { Tempered, Tempering } from '../../families/parts/power.ts'
import { powers } from '../../families/tables/powers.ts'
import { signatures } from '../../families/tables/signatures.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import * as ports from '../../middle/ports.ts'
import type { Reads } from './reads.ts'
import type { Source } from './source.ts'

/** Where a variable is drawn from at `the temperature`, which its arguments read. */
export interface TemperedSource extends Source {
  /** Above 0 if and only if the density to the power 1/T has a finite integral over the family's support; absent when it always has. */
  readonly positive?: NodeId
}

/**
 * The density of a statement to the power 1/T as a statement again, or why it is none. The factor that is left over must
 * not read anything that is drawn: it would weigh it.
 */
export function tempered(builder: GraphBuilder, source: Source, reads: Reads): TemperedSource | { readonly reason: string } {
  const tempering = powers[source.family]
  if ('never' in tempering) return { reason: `"${source.name}" is drawn from ${source.family}, and ${tempering.never}` }
  const reason = untempered(source, tempering, reads)
  if (reason !== undefined) return { reason }
  const m = maths(builder)
  const now = tempering.at(m, source.args, builder.input(ports.temperature, []), contextOf(source))
  const range = rangeOf(m, now, source.range)
  const { family, args, positive } = now
  return { ...source, family, args, ...(range && { range }), ...(positive !== undefined && { positive }) }
}

/** Why a statement has no power that can be drawn from, in words. */
function untempered(
  { name, family, type, axes, args, range, censored }: Source,
  { weighs, everyLevel }: Tempering,
  reads: Reads,
): string | undefined {
  if (censored !== undefined) return `"${name}" is censored, and a power of the probability beyond a limit is not a probability`
  if (everyLevel && type.kind === 'element' && axes.includes(type.axis))
    return `"${name}" varies along the axis that it takes its elements from`
  const parameters = signatures[family].parameters.map((p) => p.name)
  // What a restriction keeps depends on every argument.
  const weighing = args.flatMap((node, i) =>
    range !== undefined || weighs.includes(i) ? [{ what: must(parameters[i], 'parameter'), node }] : [],
  )
  const ends = range === undefined ? [] : [range.lower, range.upper].map((node) => ({ what: 'range', node }))
  for (const { what, node } of [...weighing, ...ends]) {
    const [drawn] = reads(node)
    if (drawn !== undefined) return `the ${what} of ${family} depends on "${drawn}", whose density the power would change`
  }
  return undefined
}

function contextOf({ type, over }: Source) {
  return { over, ...(type.kind === 'element' ? { element: type.axis } : {}) }
}

function rangeOf(m: Maths, { range: own }: Tempered, given: IntervalNodes | undefined): IntervalNodes | undefined {
  if (own === undefined) return given
  const [lower, upper] = [m.k(own.lower), m.k(own.upper)]
  return given === undefined ? { lower, upper } : { lower: m.max(lower, given.lower), upper: m.min(upper, given.upper) }
}
