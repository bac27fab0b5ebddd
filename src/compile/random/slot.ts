import { must } from '../../base/internal-error.ts'
import { GraphBuilder, without } from '../../ir/builder.ts'
import { cut } from '../../ir/cut.ts'
import type { Graph, NodeId, OutputPort } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import type { RandomAxis } from '../../middle/random-axis.ts'

/**
 * The energy of one pattern and the one element of a random axis that it takes: what each element has loses the axis, since a state
 * picks one and E looks at no other. The others have their priors alone, which integrate to 1, and no part in it.
 */
export function slotEnergy(energy: Energy, { axis, slots }: RandomAxis): Energy {
  const has = new Set(slots)
  const lessened = <V extends EnergyVariable>(v: V): V => (has.has(v.name) ? { ...v, axes: without(v.axes, [axis]) } : v)
  const written = withoutAxis(energy.written, axis, has)
  const own = new Set(energy.graph.outputs.map((o) => o.name))
  return {
    ...energy,
    written,
    graph: simplify(
      cut(
        written,
        written.outputs.filter((o) => own.has(o.name)),
      ),
    ),
    declared: energy.declared.map(lessened),
    variables: energy.variables.map(lessened),
  }
}

/** The graph with these inputs lacking an axis: picks along it are what they pick from, and sums of all elements are of one. */
function withoutAxis(graph: Graph, axis: string, inputs: ReadonlySet<string>): Graph {
  const builder = new GraphBuilder()
  const axesOf = new Map(graph.inputs.map((p) => [p.name, p.axes]))
  const ids: NodeId[] = []
  for (const node of graph.nodes) {
    const args = node.args.map((a) => must(ids[a], 'operand'))
    const lacks = (k: number): boolean => !builder.axes(must(args[k], 'operand')).includes(axis)
    if (node.op === 'input') {
      const axes = must(axesOf.get(node.name), node.name)
      ids.push(builder.input(node.name, inputs.has(node.name) ? without(axes, [axis]) : axes))
    } else if ('over' in node && node.op !== 'scatter' && node.over.includes(axis) && lacks(0)) {
      ids.push(builder.reduce(node.op, without(node.over, [axis]), must(args[0], 'operand')))
    } else ids.push(builder.like(node, args))
  }
  const outputs = graph.outputs.map((o): OutputPort => {
    const node = must(ids[o.node], o.name)
    return { ...o, node, axes: builder.axes(node).includes(axis) ? o.axes : without(o.axes, [axis]) }
  })
  return builder.part(outputs)
}
