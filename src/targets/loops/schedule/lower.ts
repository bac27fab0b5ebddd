import { InternalError, must } from '../../../base/internal-error.ts'
import type { Graph, Node, NodeId, NodeOf, ReductionOp } from '../../../ir/graph.ts'
import { applyScalar, isElementwise } from '../../../ir/scalar.ts'
import { axesFrom, isReduction } from '../../../ir/structure.ts'
import { elementOf } from '../graph/written-out.ts'
import { rules } from '../rules.ts'
import { isView, type Lowered, type LowId, type LowNode } from './lowered.ts'

/**
 * Splits reductions, puts the bodies of scans among the other nodes, and turns outputs into nodes. `fixed`: names of
 * inputs. `narrow`: the axes that were written out.
 */
export function lower(graph: Graph, order: readonly string[], fixed: ReadonlySet<string>, narrow: ReadonlyMap<string, number>): Lowered {
  const state: State = {
    nodes: [],
    known: new Map(),
    scans: [],
    order,
    fixed,
    graph,
    narrow,
    ids: [],
    split: new Map(),
    before: new Map(),
    twins: new Map(),
  }
  const { ids } = state
  for (const node of graph.nodes) {
    const args = node.args.map((a) => must(ids[a], 'operand'))
    ids.push(lowerNode(state, node, args, undefined))
  }
  const direct = new Map<LowId, number>()
  graph.outputs.forEach((port, k) => {
    const id = must(ids[port.node], `node of output ${k}`)
    if (fits(state, id, port.axes) && !direct.has(id)) direct.set(id, k)
    else add(state, { op: 'output', port: k }, [id], port.axes)
  })
  return { nodes: state.nodes, order, inputs: graph.inputs, outputs: graph.outputs, direct }
}

interface State {
  readonly nodes: LowNode[]
  /** Nodes by what they are, so that equal nodes are one. */
  readonly known: Map<string, LowId>
  /** Every recursion so far: its axis, and the recursion whose loop it lies in. */
  readonly scans: { readonly axis: string; readonly within: number | undefined }[]
  readonly order: readonly string[]
  readonly fixed: ReadonlySet<string>
  readonly graph: Graph
  readonly narrow: ReadonlyMap<string, number>
  /** What the nodes of `graph` became. */
  readonly ids: LowId[]
  /** Recursions of several values side by side: the elements along an axis that they carry. */
  readonly split: Map<LowId, { readonly axis: string; readonly parts: readonly LowId[] }>
  /** The previous value of a recursion. */
  readonly before: Map<LowId, LowId>
  /** Of nodes outside: the node in a recursion's loop that has the same value at all positions but the first. */
  readonly twins: Map<LowId, Twin>
}

interface Twin {
  readonly inner: LowId
  readonly scan: number
  readonly axis: string
  /** 1 at the first position. */
  readonly atStart: LowId
}

/** What a body's inputs stand for. */
type Inputs = (name: string) => LowId

function lowerNode(state: State, node: Node, args: readonly LowId[], inputs: Inputs | undefined): LowId {
  if (node.op === 'input') return inputs === undefined ? add(state, { op: 'input', name: node.name }, [], node.axes) : inputs(node.name)
  if (node.op === 'scan') return lowerScan(state, node, args)
  if (isReduction(node)) return reduction(state, node.op, node.over, must(args[0], 'operand'))
  if (isElementwise(node.op)) return elementwise(state, node, args)
  const single = node.op === 'pick' ? sideBySide(state, node, args) : undefined
  const axes = args.map((a) => axesOf(state, a))
  return single ?? add(state, part(node), args, axesFrom(node, axes))
}

function elementwise(state: State, node: Node, args: readonly LowId[]): LowId {
  // a + -b is a - b, bit for bit: what recursions are given comes negated where their bodies add.
  const negated = node.op === 'add' ? args.find((a) => state.nodes[a]?.op === 'neg') : undefined
  if (negated !== undefined && args[0] !== args[1]) {
    const rest = must(
      args.find((a) => a !== negated),
      'other operand',
    )
    return elementwise(state, { ...node, op: 'sub' } as Node, [rest, must(state.nodes[negated]?.args[0], 'operand')])
  }
  const constants = args.flatMap((a) => constantOf(state, a) ?? [])
  if (isElementwise(node.op) && constants.length === args.length) {
    return add(state, { op: 'const', value: applyScalar(node.op, constants) }, [], [])
  }
  const id = add(state, part(node), args, axesOfAll(state, args))
  const twin = state.twins.get(id) ?? twinOf(state, node, id, args)
  if (twin === undefined) return id
  state.twins.set(id, twin)
  if (!isElementwise(node.op) || rules[node.op].cost < DEAR) return id
  const read = fromTwin(state, id, twin)
  state.twins.set(read, twin)
  return read
}

/** In additions: what is better read than computed twice. */
const DEAR = 20

/**
 * What a recursion computes on its way is often needed after it, too (the way back needs the exponentials of the way
 * there): an expression of the value before each position, which stands in the body as well.
 */
function twinOf(state: State, node: Node, id: LowId, args: readonly LowId[]): Twin | undefined {
  if (state.nodes[id]?.within !== undefined) return undefined
  const known = args.flatMap((a) => state.twins.get(a) ?? [])
  const [first] = known
  if (first === undefined) return node.op === 'where' ? beforeEach(state, args) : undefined
  if (known.some((t) => t.scan !== first.scan)) return undefined
  const inside = args.map((a) => state.twins.get(a)?.inner ?? a)
  const inner = state.known.get(keyOf(described(state, part(node), inside, axesOfAll(state, inside))))
  return inner === undefined ? undefined : { ...first, inner }
}

/** `where(0 == index, s, s[... - 1])` is the value before, where there is one. */
function beforeEach(state: State, [test, start, shifted]: readonly LowId[]): Twin | undefined {
  const recursion = state.nodes[start as number]
  const moved = state.nodes[shifted as number]
  const inner = state.before.get(start as number)
  if (recursion?.op !== 'recursion' || moved?.op !== 'shift' || inner === undefined || recursion.reverse) return undefined
  if (moved.args[0] !== start || moved.axis !== recursion.axis || moved.by !== 1) return undefined
  const condition = must(state.nodes[test as number], 'condition')
  const zero = condition.args.some((a) => constantOf(state, a) === 0)
  const index = condition.args.map((a) => must(state.nodes[a], 'operand')).some((n) => n.op === 'index' && n.axis === recursion.axis)
  if (condition.op !== 'equal' || !zero || !index) return undefined
  return { inner, scan: recursion.scan, axis: recursion.axis, atStart: test as number }
}

function fromTwin(state: State, id: LowId, { inner, scan, axis, atStart }: Twin): LowId {
  const trace = add(state, { op: 'trace', scan, axis }, [inner], [...axesOf(state, inner), axis], undefined, scan)
  return add(state, { op: 'where' }, [atStart, id, trace], axesOfAll(state, [atStart, id, trace]))
}

function constantOf(state: State, id: LowId): number | undefined {
  const node = state.nodes[id]
  return node?.op === 'const' ? node.value : undefined
}

/** One axis at a time, the innermost first, so that each partial result is complete before its loop's next round. */
function reduction(state: State, op: ReductionOp, over: readonly string[], x: LowId): LowId {
  if (op === 'logsumexp') throw new InternalError('a logsumexp that was not expanded')
  return arrange(state, over)
    .toReversed()
    .reduce((id, axis) => add(state, { op, over: [axis] }, [id], without(axesOf(state, id), [axis])), x)
}

/**
 * The body's nodes are written once, as nodes that vary with the recursion by lying in its loop; those that do not
 * depend on the previous value become ordinary nodes outside.
 */
function lowerScan(state: State, node: NodeOf<'scan'>, args: readonly LowId[]): LowId {
  const [first, ...elements] = args as readonly [LowId, ...LowId[]]
  const scan = state.scans.length
  state.scans.push({ axis: node.axis, within: innermost(state, args) })
  const { axis, reverse, body } = node
  const split = splitAxis(state, node)
  const parts = Array.from({ length: split === undefined ? 1 : must(state.narrow.get(split), 'size') }, (_, k) => k)
  const carried = without(node.axes, split === undefined ? [axis] : [axis, split])
  const firsts = parts.map((k) => (split === undefined ? first : elementOfFirst(state, node, first, split, k)))
  // Everything outside goes before `previous`, whose operands say what the loop has to wait for.
  const outside = lowerOutside(state, body, elements)
  const needs = [...new Set([...firsts, ...elements, ...outside.values()])]
  const previous = parts.map((part) => add(state, { op: 'previous', scan, part, axis, reverse }, needs, carried, scan))
  const ids: LowId[] = []
  const lowered = (inner: Node): LowId => {
    const [x, index] = inner.args
    if (inner.op === 'input') return must(previous[0], 'previous')
    if (inner.op === 'pick' && inner.axis === split && body.nodes[x as number]?.op === 'input')
      return must(previous[constantAt(body, index) ?? -1], 'previous')
    const given = inner.args.map((a) => must(ids[a], 'operand'))
    return lowerNode(state, inner, given, undefined)
  }
  body.nodes.forEach((inner, k) => {
    ids.push(outside.get(k) ?? lowered(inner))
  })
  const next = must(body.outputs[0], 'next').node
  const made = parts.map((part) => {
    const value = must(ids[split === undefined ? next : must(elementOf(body, next, split, part), 'element')], 'next')
    const what = { op: 'recursion', scan, part, axis, reverse, first: must(firsts[part], 'first') } as const
    const id = add(state, what, [value, must(previous[part], 'previous')], [...carried, axis], undefined, scan)
    if (state.scans[scan]?.within === undefined) state.before.set(id, must(previous[part], 'previous'))
    return id
  })
  const [whole] = made as [LowId, ...LowId[]]
  if (split !== undefined) state.split.set(whole, { axis: split, parts: made })
  return whole
}

/** The axis along which a recursion of the graph itself can be several of single numbers: all that reads it reads elements. */
function splitAxis({ graph, narrow }: State, node: NodeOf<'scan'>): string | undefined {
  const id = graph.nodes.indexOf(node)
  if (id < 0 || graph.outputs.some((o) => o.node === id)) return undefined
  const { body } = node
  const prev = body.nodes.findIndex((n) => n.op === 'input' && n.name === 'prev')
  const next = must(body.outputs[0], 'next').node
  return without(node.axes, [node.axis]).find((axis) => {
    const positions = Array.from({ length: narrow.get(axis) ?? 0 }, (_, k) => k)
    return (
      positions.length > 0 &&
      positions.every((k) => elementOf(body, next, axis, k) !== undefined) &&
      readByElement(body, prev, axis) &&
      readByElement(graph, id, axis)
    )
  })
}

function readByElement(graph: Graph, id: NodeId, axis: string): boolean {
  return graph.nodes.every(
    (n) => !n.args.includes(id) || (n.op === 'pick' && n.axis === axis && n.args[0] === id && constantAt(graph, n.args[1]) !== undefined),
  )
}

function constantAt(graph: Graph, id: NodeId | undefined): number | undefined {
  const node = graph.nodes[id ?? -1]
  return node?.op === 'const' ? node.value : undefined
}

function elementOfFirst(state: State, node: NodeOf<'scan'>, first: LowId, axis: string, k: number): LowId {
  const id = elementOf(state.graph, must(node.args[0], 'first'), axis, k)
  if (id !== undefined) return must(state.ids[id], 'first')
  const index = add(state, { op: 'const', value: k }, [], [])
  return add(state, { op: 'pick', axis }, [first, index], without(axesOf(state, first), [axis]))
}

/** The element of a recursion that became several. */
function sideBySide(state: State, node: NodeOf<'pick'>, args: readonly LowId[]): LowId | undefined {
  const [x, index] = args as readonly [LowId, LowId]
  const split = state.split.get(x)
  return split?.axis === node.axis ? split.parts[constantOf(state, index) ?? -1] : undefined
}

/** The nodes of a body that do not depend on the previous value. */
function lowerOutside(state: State, body: Graph, elements: readonly LowId[]): ReadonlyMap<NodeId, LowId> {
  const ids = new Map<NodeId, LowId>()
  body.nodes.forEach((node, k) => {
    if (node.op === 'input' && node.name === 'prev') return
    if (node.args.some((a) => !ids.has(a))) return
    ids.set(
      k,
      lowerNode(
        state,
        node,
        node.args.map((a) => must(ids.get(a), 'operand')),
        (name) => must(elements[Number(name.slice(1))], `element ${name}`),
      ),
    )
  })
  return ids
}

type Part = LowNode extends infer N ? (N extends LowNode ? Omit<N, 'args' | 'axes' | 'within' | 'fixed'> : never) : never

/** A node without operands and axes. */
function part(node: Node): Part {
  const { args: _args, axes: _axes, ...rest } = node
  return rest as Part
}

/** `home`: the recursion it starts; `closes`: the recursion it ends. */
function add(state: State, what: Part, args: readonly LowId[], axes: readonly string[], home?: number, closes?: number): LowId {
  const node = described(state, what, args, axes, home, closes)
  const key = keyOf(node)
  const before = state.known.get(key)
  if (before !== undefined) return before
  state.known.set(key, state.nodes.length)
  state.nodes.push(node)
  return state.nodes.length - 1
}

function described(state: State, what: Part, args: readonly LowId[], axes: readonly string[], home?: number, closes?: number): LowNode {
  const within = home ?? (closes === undefined ? innermost(state, args) : state.scans[closes]?.within)
  const bound = closes === undefined ? enclosing(state, within) : enclosing(state, state.scans[closes]?.within)
  const fixed = isFixed(state, what, args)
  return { ...what, args, axes: arrange(state, without([...new Set(axes)], bound)), within, fixed } as LowNode
}

/** JSON writes -0, NaN and infinities alike. */
function keyOf(node: LowNode): string {
  return node.op === 'const' ? `const ${Object.is(node.value, -0) ? '-0' : node.value}` : JSON.stringify(node)
}

function isFixed(state: State, what: Part, args: readonly LowId[]): boolean {
  if (what.op === 'input') return state.fixed.has(what.name)
  if (what.op === 'output' || isTrivial(state, what, args)) return false
  return args.every((a) => state.nodes[a]?.fixed)
}

/** A size plus one and the like: quicker computed than read. */
function isTrivial(state: State, what: Part, args: readonly LowId[]): boolean {
  const given = args.every((a) => ['const', 'size'].includes(must(state.nodes[a], 'operand').op))
  return isElementwise(what.op) && given && rules[what.op].cost <= TRIVIAL
}

/** In additions. */
const TRIVIAL = 4

/** The axes of the loops that a recursion's body lies in: along these its nodes vary without saying so. */
function enclosing(state: State, scan: number | undefined): readonly string[] {
  if (scan === undefined) return []
  const { axis, within } = must(state.scans[scan], 'scan')
  return [axis, ...enclosing(state, within)]
}

function depth(state: State, scan: number | undefined): number {
  return scan === undefined ? 0 : enclosing(state, scan).length
}

function innermost(state: State, args: readonly LowId[]): number | undefined {
  let best: number | undefined
  for (const a of args) {
    const within = state.nodes[a]?.within
    if (depth(state, within) > depth(state, best)) best = within
  }
  return best
}

/** Whether an output can be computed in place: a node that is computed at run time, laid out as the internal arrays are. */
function fits(state: State, id: LowId, axes: readonly string[]): boolean {
  const node = must(state.nodes[id], 'output')
  return !isView(node) && !node.fixed && JSON.stringify(node.axes) === JSON.stringify(axes)
}

function axesOf(state: State, id: LowId | undefined): readonly string[] {
  return must(state.nodes[must(id, 'operand')], 'operand').axes
}

function axesOfAll(state: State, args: readonly LowId[]): readonly string[] {
  return args.reduce<readonly string[]>((all, a) => union(all, axesOf(state, a)), [])
}

function arrange(state: State, axes: readonly string[]): readonly string[] {
  return state.order.filter((a) => axes.includes(a))
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])]
}

function without(axes: readonly string[], gone: readonly string[]): readonly string[] {
  return axes.filter((a) => !gone.includes(a))
}
