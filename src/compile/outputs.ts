import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import { cut } from '../ir/cut.ts'
import type { Graph } from '../ir/graph.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy } from '../middle/energy.ts'
import * as ports from '../middle/ports.ts'

/** The part of a graph behind some of its outputs, simplified; `names` maps an output to what it is called now. */
export function onlyOutputs(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  return simplify(
    cut(
      graph,
      graph.outputs.flatMap((o) => {
        const name = names.get(o.name)
        return name === undefined ? [] : [{ ...o, name }]
      }),
    ),
  )
}

/** Several graphs as one, with the outputs of all. */
export function together(graphs: readonly Graph[]): Graph {
  const builder = new GraphBuilder()
  for (const graph of graphs) {
    const ids = include(builder, graph)
    for (const o of graph.outputs) builder.output(o.name, must(ids[o.node], o.name), o.axes)
  }
  return simplify(builder.finish())
}

/** An expression of the text by itself: its one output is called `value`. */
export function expressionOf({ written }: Pick<Energy, 'written'>, port: string): Graph {
  const output = must(
    written.outputs.find((o) => o.name === port),
    port,
  )
  return simplify(cut(written, [{ ...output, name: ports.result }]))
}

/** All that the text says: the names of its outputs. */
export function namesWritten({ written }: Pick<Energy, 'written'>): ReadonlySet<string> {
  return new Set(written.outputs.map((o) => o.name))
}
