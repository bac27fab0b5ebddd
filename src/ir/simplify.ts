import { must } from '../base/internal-error.ts'
import type { Graph, Node, NodeId, Sizes } from './graph.ts'
import { isElementwise } from './scalar.ts'
import { elementwiseRules } from './simplify/functions.ts'
import { reductionRules } from './simplify/reductions.ts'
import { Rewriter } from './simplify/rewriter.ts'
import { structural } from './simplify/structure.ts'

/** Rules are local and each makes a graph smaller or more canonical; this bounds the rounds all the same. */
const MOST_PASSES = 10

/**
 * A graph with the same outputs and fewer, cheaper or stabler nodes: table after table of small local rules, applied
 * bottom-up until none applies. Values are kept up to rounding where everything on the way is finite; where 0 meets an
 * infinity, 0 x is 0 and x - x is 0, so that an infinity which counts for nothing does not become NaN.
 *
 * `sizes`: known sizes of axes, which let an index over an axis of the same size be seen as another name.
 */
export function simplify(graph: Graph, sizes: Sizes = {}): Graph {
  let current = graph
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const { graph: next, fired } = rebuilt(current, sizes)
    current = next
    if (fired === 0) break
  }
  return current
}

function rebuilt(graph: Graph, sizes: Sizes): { readonly graph: Graph; readonly fired: number } {
  const r = new Rewriter({ elementwise: elementwiseRules, reduction: reductionRules })
  for (const p of graph.inputs) r.builder.input(p.name, p.axes)
  const uses = useCounts(graph)
  const ids: NodeId[] = []
  graph.nodes.forEach((node, i) => {
    const id = write(
      r,
      node,
      node.args.map((a) => must(ids[a], 'operand')),
      sizes,
    )
    r.used(id, uses[i] as number)
    ids.push(id)
  })
  for (const o of graph.outputs) r.builder.output(o.name, must(ids[o.node], 'output'), o.axes)
  return { graph: r.builder.finish(), fired: r.fired }
}

function write(r: Rewriter, node: Node, args: readonly NodeId[], sizes: Sizes): NodeId {
  if (isElementwise(node.op)) return r.apply(node.op, ...args)
  if (node.op === 'scan' && 'body' in node) return r.builder.like({ ...node, body: simplify(node.body, sizes) }, args)
  switch (node.op) {
    case 'sum':
    case 'prod':
    case 'max_over':
    case 'min_over':
    case 'logsumexp':
      return r.reduce(node.op, 'over' in node ? node.over : [], must(args[0], 'operand'))
    default:
      return structural(r, node, args, sizes) ?? r.builder.like(node, args)
  }
}

function useCounts(graph: Graph): readonly number[] {
  const uses = new Array<number>(graph.nodes.length).fill(0)
  const use = (id: NodeId): void => {
    uses[id] = (uses[id] as number) + 1
  }
  for (const node of graph.nodes) for (const a of node.args) use(a)
  for (const o of graph.outputs) use(o.node)
  return uses
}
