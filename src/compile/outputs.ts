import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import type { Graph } from '../ir/graph.ts'
import { simplify } from '../ir/simplify.ts'

/** The part of a graph behind some of its outputs, simplified; `names` maps an output to what it is called now. */
export function onlyOutputs(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const builder = new GraphBuilder()
  const ids = include(builder, graph)
  for (const o of graph.outputs) {
    const name = names.get(o.name)
    if (name !== undefined) builder.output(name, must(ids[o.node], o.name), o.axes)
  }
  return simplify(builder.finish())
}
