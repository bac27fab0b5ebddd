import type { Graph, Node, NodeId, OutputPort } from './graph.ts'

/** What some outputs need, as a graph of their own: nodes and inputs in the same order, those that nothing uses left out. */
export function cut({ nodes, inputs }: Pick<Graph, 'nodes' | 'inputs'>, outputs: readonly OutputPort[]): Graph {
  const renumbered = new Int32Array(nodes.length)
  const at = (id: NodeId): NodeId => renumbered[id] as number
  const kept: Node[] = []
  for (const id of reached(nodes, outputs)) {
    const node = nodes[id] as Node
    renumbered[id] = kept.length
    kept.push(node.args.every((a) => at(a) === a) ? node : { ...node, args: node.args.map(at) })
  }
  const read = new Set(kept.map((n) => (n.op === 'input' ? n.name : undefined)))
  return { nodes: kept, inputs: inputs.filter((p) => read.has(p.name)), outputs: outputs.map((o) => ({ ...o, node: at(o.node) })) }
}

/** The nodes that some outputs need, in order. A small part of a large graph is found without going through all of it. */
export function reached(nodes: readonly Node[], outputs: readonly OutputPort[]): Int32Array {
  const isIn = new Uint8Array(nodes.length)
  const found: NodeId[] = []
  const reach = (id: NodeId): void => {
    if (isIn[id] === 1) return
    isIn[id] = 1
    found.push(id)
  }
  for (const o of outputs) reach(o.node)
  for (let k = 0; k < found.length; k += 1) for (const a of (nodes[found[k] as NodeId] as Node).args) reach(a)
  return Int32Array.from(found).sort()
}
