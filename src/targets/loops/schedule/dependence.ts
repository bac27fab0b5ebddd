import { must } from '../../../base/internal-error.ts'
import { structure } from '../../../ir/structure.ts'
import { type ComputedOp, type Fold, isView, type LowId, type LowNode, type LowOf } from './lowered.ts'

/** That a node reads the computed node `on`, through any number of views. */
export interface NodeUse {
  readonly on: LowId
  /** Axes of `on` that are not read at the reader's own position: there `on` must be complete. */
  readonly whole: readonly string[]
  /** Whether `on` is itself an operand. */
  readonly direct: boolean
}

/** What has to be computed before `node`. */
export function usesOf(nodes: readonly LowNode[], node: LowNode): readonly NodeUse[] {
  const whole = nestOf(node).reads(node)
  return node.args.flatMap((a) => usesThrough(nodes, a, whole, true))
}

function usesThrough(nodes: readonly LowNode[], id: LowId, whole: readonly string[], direct: boolean): readonly NodeUse[] {
  const node = must(nodes[id], 'operand')
  if (!isView(node)) return [{ on: id, whole: whole.filter((a) => node.axes.includes(a)), direct }]
  if (node.op === 'previous') return []
  const { works } = structure(node)
  return node.args.flatMap((a, k) => usesThrough(nodes, a, [...whole, ...works(k)], false))
}

/** How a computed operation lies in loops. */
interface Nest<N> {
  /** Axes along which operands must be complete before it begins. */
  readonly reads: (node: N) => readonly string[]
  /** Axes of the loops that must end before anything may read it. */
  readonly closes: (node: N) => readonly string[]
  /** Axes of the loops in which its statement stands; for parts of a recursion, those inside of its loop. */
  readonly loops: (node: N, outputs: readonly (readonly string[])[]) => readonly string[]
  /** Which way its loops go; any way if it does not say. */
  readonly direction?: (node: N) => { readonly axis: string; readonly goes: 'up' | 'down' }
}

const none = (): readonly string[] => []
const over = (node: LowOf<Fold>): readonly string[] => node.over
const own = (node: LowNode): readonly string[] => node.axes
const along = (node: LowOf<'recursion' | 'trace'>): readonly string[] => [node.axis]
const square = (node: LowOf<'cholesky' | 'cholesky_gradient' | 'solve_lower'>): readonly string[] => [node.rows, node.columns]

/** All rounds of the loop over what is folded add to one number. */
const fold: Nest<LowOf<Fold>> = { reads: none, closes: over, loops: (n) => [...n.axes, ...n.over] }
/** Its statement stands in the loop of its recursion. */
const carried: Nest<LowOf<'recursion' | 'trace'>> = { reads: none, closes: along, loops: (n) => without(n.axes, [n.axis]) }

/** Worked out as a whole. */
const matrix: Nest<LowOf<'cholesky' | 'cholesky_gradient'>> = { reads: square, closes: square, loops: (n) => without(n.axes, square(n)) }

const nests: { readonly [K in ComputedOp]: Nest<LowOf<K>> } = {
  sum: fold,
  prod: fold,
  max_over: fold,
  min_over: fold,
  scatter: { reads: none, closes: (n) => [...n.over, n.axis], loops: (n) => [...without(n.axes, [n.axis]), ...n.over] },
  cumsum: { reads: none, closes: none, loops: own, direction: (n) => ({ axis: n.axis, goes: n.reverse ? 'down' : 'up' }) },
  recursion: carried,
  trace: carried,
  cholesky: matrix,
  cholesky_gradient: matrix,
  solve_lower: { reads: square, closes: (n) => [solutionAxis(n)], loops: (n) => without(n.axes, [solutionAxis(n)]) },
  output: { reads: none, closes: none, loops: (n, outputs) => must(outputs[n.port], 'output') },
}

const elementwise: Nest<LowNode> = { reads: none, closes: none, loops: own }

function nestOf(node: LowNode): Nest<LowNode> {
  return ((nests as { readonly [op: string]: unknown })[node.op] as Nest<LowNode> | undefined) ?? elementwise
}

/** The axis of the solution of a triangular system, in place of that of its right side. */
export function solutionAxis({ rows, columns, transposed }: LowOf<'solve_lower'>): string {
  return transposed ? rows : columns
}

/** The axes of the loops that must end before anything may read `node`. */
export function closedAxes(node: LowNode): readonly string[] {
  return nestOf(node).closes(node)
}

/** The loops in which `node` is computed, outermost first; for parts of a recursion, those inside of its loop. */
export function pathOf(order: readonly string[], outputs: readonly (readonly string[])[], node: LowNode): readonly string[] {
  const axes = nestOf(node).loops(node, outputs)
  return order.filter((a) => axes.includes(a))
}

/** Which way the loop along `axis` in which `node` is computed has to go. */
export function directionOf(node: LowNode, axis: string): 'any' | 'up' | 'down' {
  const said = nestOf(node).direction?.(node)
  return said?.axis === axis ? said.goes : 'any'
}

function without(axes: readonly string[], gone: readonly string[]): readonly string[] {
  return axes.filter((a) => !gone.includes(a))
}
