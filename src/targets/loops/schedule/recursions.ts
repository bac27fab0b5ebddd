import { must } from '../../../base/internal-error.ts'
import type { Graph, Node, NodeId, NodeOf } from '../../../ir/graph.ts'
import { elementOf } from '../graph/written-out.ts'
import type { LowId } from './lowered.ts'
import { add, axesOf, constantOf, innermost, type LoweringState, without } from './lowering.ts'

/** What a body's inputs stand for. */
export type BodyInputs = (name: string) => LowId

/** How a node that is no recursion's input is lowered. */
export type LowerNode = (state: LoweringState, node: Node, args: readonly LowId[], inputs: BodyInputs | undefined) => LowId

/**
 * The body's nodes are written once, as nodes that vary with the recursion by lying in its loop; those that do not
 * depend on the previous value become ordinary nodes outside.
 */
export function lowerScan(state: LoweringState, node: NodeOf<'scan'>, args: readonly LowId[], lowerNode: LowerNode): LowId {
  const [first, ...elements] = args as readonly [LowId, ...LowId[]]
  const scan = state.scans.length
  state.scans.push({ axis: node.axis, within: innermost(state, args) })
  const { axis, reverse, body } = node
  const split = splitAxis(state, node)
  const parts = Array.from({ length: split === undefined ? 1 : must(state.narrow.get(split), 'size') }, (_, k) => k)
  const carried = without(node.axes, split === undefined ? [axis] : [axis, split])
  const firsts = parts.map((k) => (split === undefined ? first : elementOfFirst(state, node, first, split, k)))
  // Everything outside goes before `previous`, whose operands say what the loop has to wait for.
  const outside = lowerOutside(state, body, elements, lowerNode)
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
function splitAxis({ graph, narrow }: LoweringState, node: NodeOf<'scan'>): string | undefined {
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

function elementOfFirst(state: LoweringState, node: NodeOf<'scan'>, first: LowId, axis: string, k: number): LowId {
  const id = elementOf(state.graph, must(node.args[0], 'first'), axis, k)
  if (id !== undefined) return must(state.ids[id], 'first')
  const index = add(state, { op: 'const', value: k }, [], [])
  return add(state, { op: 'pick', axis }, [first, index], without(axesOf(state, first), [axis]))
}

/** The element of a recursion that became several. */
export function sideBySide(state: LoweringState, node: NodeOf<'pick'>, args: readonly LowId[]): LowId | undefined {
  const [x, index] = args as readonly [LowId, LowId]
  const split = state.split.get(x)
  return split?.axis === node.axis ? split.parts[constantOf(state, index) ?? -1] : undefined
}

/** The nodes of a body that do not depend on the previous value. */
function lowerOutside(state: LoweringState, body: Graph, elements: readonly LowId[], lowerNode: LowerNode): ReadonlyMap<NodeId, LowId> {
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
