import { must } from '../base/internal-error.ts'
import { evaluate } from '../ir/evaluate.ts'
import type { Graph, Node, NodeId, Sizes } from '../ir/graph.ts'

/** An element of the axes (sorted) at which a term of an energy is no finite number; positions from 0. */
export interface BadElement {
  readonly axes: readonly string[]
  readonly at: readonly number[]
}

/**
 * The first element that makes the scalar output `output` infinite, or no number: of the sums that it is made of, one of
 * which an element is so. Nothing where there is no such sum, or an input is not known.
 */
export function impossibleElement(
  graph: Graph,
  sizes: Sizes,
  inputs: Readonly<Record<string, Float64Array>>,
  output: string,
): BadElement | undefined {
  const port = graph.outputs.find((o) => o.name === output)
  if (port === undefined || graph.nodes.length === 0 || graph.inputs.some((p) => inputs[p.name] === undefined)) return undefined
  for (const id of summed(graph, port.node)) {
    const { axes } = nodeOf(graph, id)
    const values = evaluate({ ...graph, outputs: [{ name: 'part', axes, node: id }] }, sizes, inputs).part
    const bad = values?.findIndex((v) => !Number.isFinite(v)) ?? -1
    if (bad >= 0) return { axes, at: positions(axes, sizes, bad) }
  }
  return undefined
}

/** What is summed over axes on the way to a scalar. */
function summed(graph: Graph, root: NodeId): readonly NodeId[] {
  const found: NodeId[] = []
  const seen = new Set([root])
  for (const id of seen) {
    const node: Node = nodeOf(graph, id)
    if (node.op === 'sum') found.push(...node.args)
    else if (node.axes.length === 0) for (const arg of node.args) if (nodeOf(graph, arg).axes.length === 0) seen.add(arg)
  }
  return found
}

function nodeOf(graph: Graph, id: NodeId): Node {
  return must(graph.nodes[id], 'node')
}

function positions(axes: readonly string[], sizes: Sizes, index: number): readonly number[] {
  const at: number[] = []
  let rest = index
  for (const axis of axes.toReversed()) {
    const size = must(sizes[axis], axis)
    at.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return at
}
