import type { ElementwiseOp, NodeOf, Op, Port, ReductionOp, StructuralOp } from '../../../ir/graph.ts'

export type LowId = number

interface LowShared {
  /** In the global order of axes. */
  readonly axes: readonly string[]
  readonly args: readonly LowId[]
  /** The innermost recursion whose previous value this depends on: it is computed inside of that recursion's loop. */
  readonly within: number | undefined
  /** Depends on nothing that changes from run to run. */
  readonly fixed: boolean
}

/**
 * What remains of a graph's nodes once loops are all there is: reductions go over one axis each, the bodies of scans lie
 * among the other nodes, and outputs that need a copy are nodes too.
 */
export type LowNode = LowShared &
  (
    | NodePart<Exclude<StructuralOp, 'scan' | 'threshold' | 'entmax_potential'>>
    | { readonly op: ElementwiseOp }
    | { readonly op: Fold; readonly over: readonly [string] }
    /** The previous value of a recursion. args: all that the recursion needs from outside, its first value in front. */
    | (Recursion & { readonly op: 'previous' })
    /** args [next]: the values of a recursion along its axis. */
    | (Recursion & { readonly op: 'recursion'; readonly first: LowId })
    /** args [value]: what a recursion computes on its way, kept along its axis; there is none at its first position. */
    | { readonly op: 'trace'; readonly scan: number; readonly axis: string }
    /** args [value]: copies it, repeated along the axes it lacks. */
    | { readonly op: 'output'; readonly port: number }
  )

/** Reductions, one number after the other. */
export type Fold = Exclude<ReductionOp, 'logsumexp'>

/** `part`: which of the values that the recursion carries side by side. */
interface Recursion {
  readonly scan: number
  readonly part: number
  readonly axis: string
  readonly reverse: boolean
}

/** The fields of an operation of the graph, without operands and axes. */
type NodePart<K extends Op> = K extends Op ? Omit<NodeOf<K>, 'args' | 'axes'> : never

export type LowOf<K extends LowNode['op']> = Extract<LowNode, { readonly op: K }>

export interface LowGraph {
  readonly nodes: readonly LowNode[]
  readonly order: readonly string[]
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** Nodes that are computed straight into the buffer of an output, by position in `outputs`. */
  readonly direct: ReadonlyMap<LowId, number>
}

/** Operations that are only another way to read their operand; they are never computed on their own. */
export type ViewOp = (typeof viewOps)[number]
const viewOps = ['const', 'input', 'size', 'index', 'pick', 'rename', 'shift', 'previous'] as const
const views: ReadonlySet<string> = new Set(viewOps)

/** Operations with statements of their own. */
export type ComputedOp = Exclude<LowNode['op'], ViewOp | ElementwiseOp>

export function isView(node: LowNode): node is LowOf<ViewOp> {
  return views.has(node.op)
}
