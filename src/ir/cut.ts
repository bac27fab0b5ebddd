import type { Graph, Node, NodeId, OutputPort } from './graph.ts'

/** What some outputs need, as a graph of their own: nodes and inputs in the same order, those that nothing uses left out. */
export function cut({ nodes, inputs }: Pick<Graph, 'nodes' | 'inputs'>, outputs: readonly OutputPort[]): Graph {
  const used = new Uint8Array(nodes.length)
  for (const o of outputs) used[o.node] = 1
  for (let id = nodes.length - 1; id >= 0; id -= 1) {
    if (used[id] === 1) for (const a of (nodes[id] as Node).args) used[a] = 1
  }
  const renumbered = new Int32Array(nodes.length)
  const at = (id: NodeId): NodeId => renumbered[id] as number
  const kept: Node[] = []
  for (const [id, node] of nodes.entries()) {
    if (used[id] === 0) continue
    renumbered[id] = kept.length
    kept.push(node.args.every((a) => at(a) === a) ? node : { ...node, args: node.args.map(at) })
  }
  const read = new Set(kept.map((n) => (n.op === 'input' ? n.name : undefined)))
  return { nodes: kept, inputs: inputs.filter((p) => read.has(p.name)), outputs: outputs.map((o) => ({ ...o, node: at(o.node) })) }
}
