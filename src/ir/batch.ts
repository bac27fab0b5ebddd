import { InternalError, must } from '../base/internal-error.ts'
import { GraphBuilder, include } from './builder.ts'
import type { Graph, NodeId } from './graph.ts'
import { axesNamed } from './structure.ts'

/** Whether a node depends on one of the inputs named. */
export function dependsOn(graph: Graph, id: NodeId, inputs: ReadonlySet<string>): boolean {
  return must(dependents(graph, inputs)[id], `node ${id}`)
}

/** For every node, whether it depends on one of the inputs named. */
export function dependents(graph: Graph, inputs: ReadonlySet<string>): readonly boolean[] {
  const depends: boolean[] = []
  for (const node of graph.nodes) {
    depends.push(node.op === 'input' ? inputs.has(node.name) : node.args.some((a) => depends[a]))
  }
  return depends
}

/**
 * The graph for many values at once of the inputs named: they, and everything that depends on them, get one more axis.
 * It is the first in the layout of those inputs, of the outputs that vary over it, and of the outputs in `repeated`
 * whether they vary over it or not. It is never reduced. Throws `InternalError` when the graph knows the axis already.
 */
export function withBatch(graph: Graph, inputs: readonly string[], axis: string, repeated: readonly string[] = []): Graph {
  if (mentions(graph, axis)) throw new InternalError(`the batch axis ${axis} is in the graph already`)
  const builder = new GraphBuilder()
  const ids = include(builder, graph, (p) => builder.input(p.name, inputs.includes(p.name) ? [axis, ...p.axes] : p.axes))
  for (const o of graph.outputs) {
    const node = must(ids[o.node], 'output')
    const varies = builder.axes(node).includes(axis) || repeated.includes(o.name)
    builder.output(o.name, node, varies ? [axis, ...o.axes] : o.axes)
  }
  return builder.finish()
}

/** Whether anything in the graph, bodies of recursions included, is about the axis. */
export function mentions(graph: Graph, axis: string): boolean {
  return graph.outputs.some((o) => o.axes.includes(axis)) || graph.nodes.some((n) => n.axes.includes(axis) || axesNamed(n).includes(axis))
}
