import { must } from '../../../base/internal-error.ts'
import type { Graph, Node } from '../../../ir/graph.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { rules } from '../rules.ts'
import type { LowId, LowNode } from './lowered.ts'

export interface LoweringState {
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

export interface Twin {
  readonly inner: LowId
  readonly scan: number
  readonly axis: string
  /** 1 at the first position. */
  readonly atStart: LowId
}

type LowPart = LowNode extends infer N ? (N extends LowNode ? Omit<N, 'args' | 'axes' | 'within' | 'fixed'> : never) : never

/** A node without operands and axes. */
export function part(node: Node): LowPart {
  const { args: _args, axes: _axes, ...rest } = node
  return rest as LowPart
}

/** `home`: the recursion it starts; `closes`: the recursion it ends. */
export function add(
  state: LoweringState,
  what: LowPart,
  args: readonly LowId[],
  axes: readonly string[],
  home?: number,
  closes?: number,
): LowId {
  const node = described(state, what, args, axes, home, closes)
  const key = keyOf(node)
  const before = state.known.get(key)
  if (before !== undefined) return before
  state.known.set(key, state.nodes.length)
  state.nodes.push(node)
  return state.nodes.length - 1
}

export function described(
  state: LoweringState,
  what: LowPart,
  args: readonly LowId[],
  axes: readonly string[],
  home?: number,
  closes?: number,
): LowNode {
  const within = home ?? (closes === undefined ? innermost(state, args) : state.scans[closes]?.within)
  const bound = closes === undefined ? enclosing(state, within) : enclosing(state, state.scans[closes]?.within)
  const fixed = isFixed(state, what, args)
  return { ...what, args, axes: arrange(state, without([...new Set(axes)], bound)), within, fixed } as LowNode
}

/** JSON writes -0, NaN and infinities alike. */
export function keyOf(node: LowNode): string {
  return node.op === 'const' ? `const ${Object.is(node.value, -0) ? '-0' : node.value}` : JSON.stringify(node)
}

function isFixed(state: LoweringState, what: LowPart, args: readonly LowId[]): boolean {
  if (what.op === 'input') return state.fixed.has(what.name)
  if (what.op === 'output' || isTrivial(state, what, args)) return false
  return args.every((a) => state.nodes[a]?.fixed)
}

/** A size plus one and the like: quicker computed than read. */
function isTrivial(state: LoweringState, what: LowPart, args: readonly LowId[]): boolean {
  const given = args.every((a) => ['const', 'size'].includes(must(state.nodes[a], 'operand').op))
  return isElementwise(what.op) && given && rules[what.op].cost <= TRIVIAL
}

/** In additions. */
const TRIVIAL = 4

/** The axes of the loops that a recursion's body lies in: along these its nodes vary without saying so. */
function enclosing(state: LoweringState, scan: number | undefined): readonly string[] {
  if (scan === undefined) return []
  const { axis, within } = must(state.scans[scan], 'scan')
  return [axis, ...enclosing(state, within)]
}

function depth(state: LoweringState, scan: number | undefined): number {
  return scan === undefined ? 0 : enclosing(state, scan).length
}

export function innermost(state: LoweringState, args: readonly LowId[]): number | undefined {
  let best: number | undefined
  for (const a of args) {
    const within = state.nodes[a]?.within
    if (depth(state, within) > depth(state, best)) best = within
  }
  return best
}

export function axesOf(state: LoweringState, id: LowId | undefined): readonly string[] {
  return must(state.nodes[must(id, 'operand')], 'operand').axes
}

export function axesOfAll(state: LoweringState, args: readonly LowId[]): readonly string[] {
  return args.reduce<readonly string[]>((all, a) => union(all, axesOf(state, a)), [])
}

export function arrange(state: LoweringState, axes: readonly string[]): readonly string[] {
  return state.order.filter((a) => axes.includes(a))
}

export function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])]
}

export function without(axes: readonly string[], gone: readonly string[]): readonly string[] {
  return axes.filter((a) => !gone.includes(a))
}

export function constantOf(state: LoweringState, id: LowId): number | undefined {
  const node = state.nodes[id]
  return node?.op === 'const' ? node.value : undefined
}
