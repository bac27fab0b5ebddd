import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { Graph } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import { openUnconstrained } from '../retrieval/coordinates.ts'

/** Where the graphs of one pattern are put, so that they are of many. */
export interface Placing {
  readonly energy: Energy
  readonly params: readonly EnergyVariable[]
  /** The axis of the patterns. */
  readonly patterns: string
}

/** A graph of one pattern as one of many, over the coordinates of params: what each pattern has, and all outputs, have their axis in front. */
export function placed({ energy, params, patterns }: Placing, graph: Graph, ofEach: (input: string) => boolean): Graph {
  const builder = new GraphBuilder()
  const coordinates = openUnconstrained(builder, energy, params, new Set())
  const ids = include(builder, graph, ({ name, axes }) =>
    ofEach(name) ? builder.input(name, [patterns, ...axes]) : coordinates.valueOf(name, axes),
  )
  for (const o of graph.outputs) builder.output(o.name, must(ids[o.node], o.name), [patterns, ...o.axes])
  return simplify(builder.finish())
}
