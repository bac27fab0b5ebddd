import { must } from '../base/internal-error.ts'
import type { Graph, Node, NodeId, NodeOf, Op, ReductionOp } from '../ir/graph.ts'
import { isElementwise } from '../ir/scalar.ts'

/** How much a value changes when a direction is followed by 1: `by` times nodes that do not change, each to a power. */
export interface Change {
  readonly by: number
  readonly factors: ReadonlyMap<NodeId, number>
}

const still: Change = { by: 0, factors: new Map() }

/**
 * The change of each node where `direction` says by how much every element of an input changes; undefined where it is not
 * proportional to the distance, or cannot be shown to be. The result holds for all values.
 */
export function changesAlong({ nodes }: Graph, direction: ReadonlyMap<string, number>): readonly (Change | undefined)[] {
  const found: (Change | undefined)[] = []
  const hidden = hiddenEdges(nodes)
  for (const [id, node] of nodes.entries()) {
    const args = node.args.map((a) => found[a])
    found.push(
      node.op !== 'input' && args.every((change) => change?.by === 0) ? still : changeOf({ id, node, args, nodes, direction, hidden }),
    )
  }
  return found
}

/** Changes added up, one for each product of factors. */
export function combined(all: readonly Change[]): readonly Change[] {
  const sums = new Map<string, Change>()
  for (const change of all) {
    const key = keyOf(change)
    sums.set(key, { by: (sums.get(key)?.by ?? 0) + change.by, factors: change.factors })
  }
  return [...sums.values()]
}

interface At {
  readonly id: NodeId
  readonly node: Node
  readonly args: readonly (Change | undefined)[]
  readonly nodes: readonly Node[]
  readonly direction: ReadonlyMap<string, number>
  /** Shifts of which the elements without a value count nowhere. */
  readonly hidden: ReadonlySet<NodeId>
}

/** Of a node with an operand that changes; undefined for operations without a rule. */
function changeOf(at: At): Change | undefined {
  return (rules[at.node.op] as ChangeRule<Node> | undefined)?.(at.args, at, at.node)
}

type Changes = readonly (Change | undefined)[]
type ChangeRule<N extends Node> = (args: Changes, at: At, node: N) => Change | undefined

const same: ChangeRule<Node> = ([a, b]) => alike(a, b)
const unlessOver: ChangeRule<NodeOf<ReductionOp>> = ([a], at, { over }) => (variesOver(at, a, over) ? undefined : a)

const rules: { readonly [K in Op]?: ChangeRule<NodeOf<K>> } = {
  input: (_args, { direction }, { name }) => ({ by: direction.get(name) ?? 0, factors: new Map() }),
  neg: ([a]) => a && times(a, -1),
  add: ([a, b]) => sum(a, b),
  sub: ([a, b]) => sum(a, b && times(b, -1)),
  mul: ([a, b], at) => scaled(at, a, 1, 1) ?? scaled(at, b, 0, 1),
  div: ([a], at) => scaled(at, a, 1, -1),
  max: same,
  log_total: ([a]) => a,
  min: same,
  where: ([a, b, c]) => (a?.by === 0 ? alike(b, c) : undefined),
  logsumexp: unlessOver,
  max_over: unlessOver,
  min_over: unlessOver,
  sum: ([a], at, { over }) => averaged(at, a, over),
  pick: ([a, b], at, { axis }) => (b?.by === 0 && !variesOver(at, a, [axis]) ? a : undefined),
  shift: ([a], at, { axis }) => (at.hidden.has(at.id) && !variesOver(at, a, [axis]) ? a : undefined),
  rename: ([a], at, { from }) => (variesOver(at, a, [from]) ? undefined : a),
}

/**
 * Shifts whose elements without a value are hidden again before anything looks beyond single elements: all that reads one is elementwise,
 * up to a choice that takes something else there, `where(by <= index(axis), x, 0)`.
 */
function hiddenEdges(nodes: readonly Node[]): ReadonlySet<NodeId> {
  const hidden = new Set<NodeId>()
  const readers = new Map<NodeId, NodeId[]>()
  for (const [id, node] of nodes.entries()) for (const a of node.args) readers.set(a, [...(readers.get(a) ?? []), id])
  const isHidden = (id: NodeId, shift: NodeOf<'shift'>): boolean => {
    const known = new Map<NodeId, boolean>()
    const look = (at: NodeId): boolean => {
      const before = known.get(at)
      if (before !== undefined) return before
      const all = readers.get(at) ?? []
      const fine = all.length > 0 && all.every((r) => hides(nodes, r, at, shift) || (isElementwise(must(nodes[r], 'reader').op) && look(r)))
      known.set(at, fine)
      return fine
    }
    return look(id)
  }
  for (const [id, node] of nodes.entries()) if (node.op === 'shift' && isHidden(id, node)) hidden.add(id)
  return hidden
}

/** Whether a node is a choice that takes `of` only where the shift has a value. */
function hides(nodes: readonly Node[], reader: NodeId, of: NodeId, { axis, by }: NodeOf<'shift'>): boolean {
  const node = nodes[reader]
  if (node?.op !== 'where' || node.args[1] !== of || node.args[2] === of) return false
  const condition = nodes[node.args[0] as NodeId]
  if (condition?.op !== 'less_equal') return false
  const [low, index] = condition.args.map((a) => nodes[a])
  return low?.op === 'const' && index?.op === 'index' && index.axis === axis && low.value >= by
}

function times(change: Change, by: number): Change {
  return { ...change, by: change.by * by }
}

function sum(a: Change | undefined, b: Change | undefined): Change | undefined {
  if (a === undefined || b === undefined) return undefined
  if (a.by === 0) return b
  if (b.by === 0) return a
  if (keyOf(a) !== keyOf(b)) return undefined
  const by = a.by + b.by
  return by === 0 ? still : { ...a, by }
}

function alike(a: Change | undefined, b: Change | undefined): Change | undefined {
  return a && b && a.by === b.by && keyOf(a) === keyOf(b) ? a : undefined
}

/** A change times (or over) another operand, if that one is still. */
function scaled({ node, args, nodes }: At, change: Change | undefined, other: 0 | 1, power: 1 | -1): Change | undefined {
  const id = node.args[other] as NodeId
  if (change === undefined || args[other]?.by !== 0) return undefined
  const by = nodes[id]
  if (by?.op === 'const') return times(change, power === 1 ? by.value : 1 / by.value)
  const factors = new Map(change.factors)
  const left = (factors.get(id) ?? 0) + power
  if (left === 0) factors.delete(id)
  else factors.set(id, left)
  return { ...change, factors }
}

/** A sum of a change times weights that add up to 1. Other sums change by a number of elements, which is not followed. */
function averaged(at: At, change: Change | undefined, over: readonly string[]): Change | undefined {
  const weights = [...(change?.factors ?? [])].find(([id, power]) => power === 1 && isSoftmax(at, id, over))
  if (change === undefined || weights === undefined) return undefined
  const factors = new Map(change.factors)
  factors.delete(weights[0])
  const rest = { ...change, factors }
  return variesOver(at, rest, over) ? undefined : rest
}

/** `exp(x - logsumexp[over](x))`, or with the log_total of it. */
function isSoftmax({ nodes }: At, id: NodeId, over: readonly string[]): boolean {
  const exp = nodes[id]
  const difference = exp?.op === 'exp' ? nodes[exp.args[0] as NodeId] : undefined
  if (difference?.op !== 'sub') return false
  const [x, subtracted] = difference.args
  const guard = nodes[subtracted as NodeId]
  const total = guard?.op === 'log_total' ? nodes[guard.args[0] as NodeId] : guard
  return total?.op === 'logsumexp' && total.args[0] === x && total.over.join() === over.join()
}

function variesOver({ nodes }: At, change: Change | undefined, over: readonly string[]): boolean {
  return [...(change?.factors.keys() ?? [])].some((id) => nodes[id]?.axes.some((axis) => over.includes(axis)) === true)
}

function keyOf({ factors }: Change): string {
  return [...factors]
    .sort(([a], [b]) => a - b)
    .map(([id, power]) => `${id}^${power}`)
    .join()
}
