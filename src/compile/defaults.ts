import type { Energy } from '../middle/energy.ts'
import type { Default } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import { type Situation, unknownsOf } from '../middle/situation.ts'
import { expressionOf, namesWritten } from './outputs.ts'
import { relaxedStart } from './relax/distribution.ts'

/** The defaults of a model, in declared order, which use sizes and earlier params alone; and the expressions that variables come from. */
export interface Defaults {
  /** What a variable that stands still is when it is not given. */
  readonly defaults: readonly Default[]
  /** Where what moves starts. */
  readonly starts: readonly Default[]
}

export function defaultsOf(energy: Energy, situation: Situation): Defaults {
  const written = namesWritten(energy)
  const all = energy.declared.flatMap(({ name, axes, type }): readonly Default[] => {
    const port = [ports.preset(name), ports.start(name)].find((p) => written.has(p))
    if (port === undefined) return []
    const graph = expressionOf(energy, port)
    // A default may be one number for all elements: its output is repeated over the variable's axes, in declared order.
    const more = port === ports.start(name) ? { from: true as const, ...(type.kind === 'element' ? {} : { type }) } : {}
    return [{ name, axes, graph: { ...graph, outputs: graph.outputs.map((o) => ({ ...o, axes })) }, ...more }]
  })
  const unknown = unknownsOf(situation)
  return {
    defaults: all.filter((d) => !unknown.has(d.name)),
    starts: all.filter((d) => unknown.has(d.name)).map((d) => relaxedStart(energy, situation, d)),
  }
}
