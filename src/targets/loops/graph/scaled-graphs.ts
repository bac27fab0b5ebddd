import { GraphBuilder, include } from '../../../ir/builder.ts'
import { forwardLevels } from '../../../ir/forward.ts'
import type { Graph, NodeId } from '../../../ir/graph.ts'
import { reachable } from '../../../ir/walk.ts'
import { expandOn } from './expand.ts'
import { newScaling } from './scaled.ts'

export interface ScaledGraphs {
  /** Its one output is 1 if it is worth trying. */
  readonly before: Graph
  /** The whole graph and, last, an output that is 1 if the others are right. */
  readonly quick: Graph
}

/** Names that no output of a graph has: they hold a line break. */
const [BEFORE, AFTER] = ['\nworth trying', '\nright']

/** The graph, expanded, with its recursions in logs scaled; undefined if there are none, or if the logs themselves are wanted. */
export function scaledGraphs(graph: Graph, narrow: ReadonlyMap<string, number>): ScaledGraphs | undefined {
  if (!graph.nodes.some((n) => n.op === 'scan' && forwardLevels(n) !== undefined)) return undefined
  const builder = new GraphBuilder()
  const scaling = newScaling()
  const needed = new Set(reachable(builder, expandOn(builder, graph, narrow, scaling)))
  if (scaling.before.length === 0 || scaling.logs.some((id) => needed.has(id))) return undefined
  builder.output(BEFORE, every(builder, scaling.before))
  builder.output(AFTER, every(builder, scaling.after))
  const whole = builder.finish()
  return { before: having(whole, graph, (name) => name === BEFORE), quick: having(whole, graph, (name) => name !== BEFORE) }
}

/** One truth. */
function every(builder: GraphBuilder, truths: readonly NodeId[]): NodeId {
  const each = truths.map((x) => builder.reduce('min_over', builder.axes(x), x))
  return each.reduce((a, b) => builder.apply('min', a, b))
}

function having(whole: Graph, { inputs }: Graph, wanted: (name: string) => boolean): Graph {
  const builder = new GraphBuilder()
  const ids = include(builder, whole)
  for (const o of whole.outputs) if (wanted(o.name)) builder.output(o.name, ids[o.node] as NodeId, o.axes)
  return { ...builder.finish(), inputs }
}
