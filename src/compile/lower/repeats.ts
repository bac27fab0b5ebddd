import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { Graph, Node, NodeId } from '../../ir/graph.ts'
import { reachable } from '../../ir/walk.ts'

/** A body in which a step that is taken many times over is a recursion of its own along `axis`, which has `size` elements. */
export interface Folded {
  readonly body: Graph
  readonly axis: { readonly name: string; readonly size: number }
}

/** Where folding saves fewer nodes than this, the steps are left written out one after the other: there is less to store. */
const FEWEST = 160

/**
 * The body of a scan whose `next` is the same step several times over (`step(step(step(step(prev))))`, as functions that
 * call each other write it), with a recursion in their place: code and time then grow no faster than the number of steps.
 * What a step reads besides the value before it may be another at each of them. Undefined where no step repeats.
 */
export function foldRepeats(body: Graph, name: string): Folded | undefined {
  const builder = new GraphBuilder()
  const ids = include(builder, body)
  const root = must(ids[must(body.outputs[0], 'output of a scan').node], 'next of a scan')
  const port = body.inputs.find((p) => p.name === 'prev')
  if (port === undefined) return undefined
  const start = builder.input(port.name, port.axes)
  const inside = within(builder, root, start)
  const cuts = waists(builder, inside, root, start)
  const segments = cuts.length - 1
  for (let length = 1; length * 2 <= segments; length += 1) {
    if (segments % length !== 0) continue
    const ends = cuts.filter((_, k) => k % length === 0)
    const steps = stepsBetween(builder, ends, inside)
    if (steps === undefined || (steps.length - 1) * must(steps[0], 'step').nodes.length < FEWEST) continue
    const axis = { name: unused(body, name), size: steps.length + 1 }
    builder.output('next', recursion(builder, steps, start, axis.name))
    return { body: builder.finish(), axis }
  }
  return undefined
}

/** The nodes that `root` is made of and that depend on `start`, in topological order. */
function within(builder: GraphBuilder, root: NodeId, start: NodeId): ReadonlySet<NodeId> {
  const found = new Set([start])
  for (const id of reachable(builder, [root])) if (builder.node(id).args.some((a) => found.has(a))) found.add(id)
  return found
}

/** The nodes, `start` and `root` among them, that all of `root` depends on `start` through and that could be carried. */
function waists(builder: GraphBuilder, inside: ReadonlySet<NodeId>, root: NodeId, start: NodeId): readonly NodeId[] {
  const last = new Map<NodeId, NodeId>()
  for (const id of inside) for (const a of builder.node(id).args) if (inside.has(a)) last.set(a, id)
  const carried = builder.axes(start).join()
  const found: NodeId[] = []
  let latest = start
  for (const id of inside) {
    // Nothing made before this node is read after it.
    if (latest <= id && builder.axes(id).join() === carried) found.push(id)
    latest = Math.max(latest, last.get(id) ?? id)
  }
  return found.at(-1) === root ? found : []
}

/** One step: a graph over `prev` and what it reads from outside, `e0`, `e1`, ... */
interface RepeatedStep {
  readonly text: string
  readonly outside: readonly NodeId[]
  readonly nodes: readonly NodeId[]
  readonly from: NodeId
  readonly to: NodeId
}

/** The steps between neighbours, if they are all the same. */
function stepsBetween(builder: GraphBuilder, ends: readonly NodeId[], inside: ReadonlySet<NodeId>): readonly RepeatedStep[] | undefined {
  const steps: RepeatedStep[] = []
  for (const [k, to] of ends.slice(1).entries()) {
    const step = stepFrom(builder, must(ends[k], 'end'), to, inside)
    if (step.text !== (steps[0] ?? step).text) return undefined
    steps.push(step)
  }
  return steps
}

/** Numbers what a step is made of by where it is met first, so that equal steps read alike. */
function stepFrom(builder: GraphBuilder, from: NodeId, to: NodeId, inside: ReadonlySet<NodeId>): RepeatedStep {
  const names = new Map<NodeId, string>([[from, 'prev']])
  const outside: NodeId[] = []
  const nodes: NodeId[] = []
  const lines: string[] = []
  const stack = [to]
  for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
    const node = builder.node(id)
    const args = inside.has(id) ? node.args : []
    const open = names.has(id) ? undefined : args.findLast((a) => !names.has(a))
    if (open !== undefined) {
      stack.push(open)
      continue
    }
    stack.pop()
    if (names.has(id)) continue
    names.set(id, inside.has(id) ? `n${nodes.length}` : `e${outside.length}`)
    if (inside.has(id)) {
      nodes.push(id)
      lines.push(`${own(node)} ${args.map((a) => names.get(a))}`)
    } else {
      outside.push(id)
      lines.push(`[${node.axes}]`)
    }
  }
  return { text: lines.join('\n'), outside, nodes, from, to }
}

/** What a node is besides its operands. */
function own(node: Node): string {
  const { args: _, ...rest } = node
  return JSON.stringify(rest)
}

/** Position 0 holds the value before the first step, each other the value after one more. */
function recursion(builder: GraphBuilder, steps: readonly RepeatedStep[], start: NodeId, axis: string): NodeId {
  const first = must(steps[0], 'step')
  const read = first.outside.map((_, k) => steps.map((s) => must(s.outside[k], 'outside')))
  const elements = read.map((each) => alongSteps(builder, each, axis))
  const scan = builder.scan(axis, false, bodyOf(builder, first, read), start, elements, builder.axes(start))
  return builder.pick(scan, axis, builder.constant(steps.length))
}

/** A name that the body does not say: a recursion may stand in another. */
function unused(body: Graph, name: string): string {
  return JSON.stringify(body.nodes).includes(JSON.stringify(name)) ? unused(body, `${name}'`) : name
}

/** One node for what each step reads at the same place. */
function alongSteps(builder: GraphBuilder, each: readonly NodeId[], axis: string): NodeId {
  const index = builder.index(axis)
  return each.reduceRight((rest, x, k) =>
    rest === x ? x : builder.apply('where', builder.apply('less_equal', index, builder.constant(k + 1)), x, rest),
  )
}

/** A step as the body of a recursion; a constant of all steps is one inside, too. */
function bodyOf(from: GraphBuilder, { nodes, from: start, to }: RepeatedStep, read: readonly (readonly NodeId[])[]): Graph {
  const body = new GraphBuilder()
  const copies = new Map<NodeId, NodeId>([[start, body.input('prev', from.axes(start))]])
  for (const [k, each] of read.entries()) {
    const id = must(each[0], 'outside')
    const node = from.node(id)
    const constant = (node.op === 'const' || node.op === 'size') && each.every((x) => x === id)
    copies.set(id, constant ? body.like(node, []) : body.input(`e${k}`, node.axes))
  }
  for (const id of nodes) {
    const node = from.node(id)
    const args = node.args.map((a) => must(copies.get(a), 'operand'))
    copies.set(id, body.like(node, args))
  }
  body.output('next', must(copies.get(to), 'next'))
  return body.finish()
}
