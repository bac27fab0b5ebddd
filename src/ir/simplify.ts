import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from './builder.ts'
import type { Graph, Node, NodeId, Sizes } from './graph.ts'
import { isElementwise } from './scalar.ts'
import { elementwiseRules } from './simplify/functions.ts'
import { reductionRules, separateReductionRules } from './simplify/reductions.ts'
import { Rewriter, type SimplifyRules } from './simplify/rewriter.ts'
import { structureRules } from './simplify/structure.ts'
import { isReduction } from './structure.ts'

/** The tables of rules for arithmetic, for reductions and for what moves numbers about. */
export const simplifications: SimplifyRules = { elementwise: elementwiseRules, reduction: reductionRules, structure: structureRules }

/** The rules for a part of a graph, which do not ask what else its nodes are used for: the whole is simplified alike. */
export const partSimplifications: SimplifyRules = { ...simplifications, reduction: separateReductionRules }

/** Rules are local and each makes a graph smaller or more canonical; this bounds the rounds all the same. */
const MOST_PASSES = 10

/**
 * A graph with the same outputs and fewer, cheaper or stabler nodes: table after table of small local rules, applied
 * bottom-up until none applies. Values are kept up to rounding where everything on the way is finite; where 0 meets an
 * infinity, 0 x is 0 and x - x is 0, so that an infinity which counts for nothing does not become NaN.
 *
 * `sizes`: known sizes of axes, which let an index over an axis of the same size be seen as another name. `rules`: the
 * tables to use.
 */
export function simplify(graph: Graph, sizes: Sizes = {}, rules: SimplifyRules = simplifications): Graph {
  let current = graph
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const { graph: next, fired } = rebuilt(current, { sizes, rules })
    current = fired === 0 ? withoutOpposites(next) : next
    if (current === next && fired === 0) break
  }
  return withoutSigns(current)
}

/** Of two opposite differences a - b and b - a, the later becomes the sign-turned earlier one. */
function withoutOpposites(graph: Graph): Graph {
  const differences = new Map<string, NodeId>()
  const nodes = graph.nodes.map((node, id): Node => {
    if (node.op !== 'sub') return node
    const [a, b] = node.args
    const opposite = differences.get(`${b} ${a}`)
    differences.set(`${a} ${b}`, id)
    return opposite === undefined ? node : { op: 'neg', args: [opposite], axes: node.axes }
  })
  return nodes.some((n, i) => n !== graph.nodes[i]) ? { ...graph, nodes } : graph
}

/** Last, a difference that is used only with its sign turned is turned itself. */
function withoutSigns(graph: Graph): Graph {
  const uses = useCounts(graph)
  const nodes = graph.nodes.map((node): Node => {
    const difference = node.op === 'neg' ? graph.nodes[node.args[0] as number] : undefined
    const once = difference?.op === 'sub' && uses[node.args[0] as number] === 1
    return once ? { ...difference, args: difference.args.toReversed() } : node
  })
  return nodes.some((n, i) => n !== graph.nodes[i]) ? tidied({ ...graph, nodes }) : graph
}

/** Without the nodes that nothing uses. */
function tidied(graph: Graph): Graph {
  const builder = new GraphBuilder()
  const ids = include(builder, graph)
  for (const o of graph.outputs) builder.output(o.name, must(ids[o.node], 'output'), o.axes)
  return builder.finish()
}

interface SimplifyKnown {
  readonly sizes: Sizes
  readonly rules: SimplifyRules
}

function rebuilt(graph: Graph, known: SimplifyKnown): { readonly graph: Graph; readonly fired: number } {
  const r = new Rewriter(known.rules)
  for (const p of graph.inputs) r.builder.input(p.name, p.axes)
  const uses = useCounts(graph)
  const ids: NodeId[] = []
  graph.nodes.forEach((node, i) => {
    const args = node.args.map((a) => must(ids[a], 'operand'))
    const id = write(r, node, args, known)
    r.used(id, uses[i] as number)
    ids.push(id)
  })
  for (const o of graph.outputs) r.builder.output(o.name, must(ids[o.node], 'output'), o.axes)
  return { graph: r.builder.finish(), fired: r.fired }
}

function write(r: Rewriter, node: Node, args: readonly NodeId[], { sizes, rules }: SimplifyKnown): NodeId {
  if (isElementwise(node.op)) return r.apply(node.op, ...args)
  if (isReduction(node)) return r.reduce(node.op, node.over, must(args[0], 'operand'))
  if ('body' in node) return r.builder.like({ ...node, body: simplify(node.body, sizes, rules) }, args)
  return r.restructured(node, args, sizes) ?? r.builder.like(node, args)
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
