import type { ElementwiseOp, Port, Sizes } from '../../ir/graph.ts'

/**
 * A graph as loops over arrays of float64 numbers: what a printer makes text or code of. Plain data, in which no string
 * holds code: strings are names of axes and ports, operations, and roles of variables.
 */
export interface LoopProgram {
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** Dense, the last axis of the layout innermost. Elements name their array by its position here. */
  readonly arrays: readonly ArrayOf[]
  /** The sizes that the program relies on. */
  readonly assumes: Sizes
  /** Fills what depends on fixed inputs only, when these have changed. */
  readonly once: readonly LoopStatement[]
  readonly always: readonly LoopStatement[]
}

/** `work` is written and read in a run; `state` holds the running sums so far. */
export interface ArrayOf {
  readonly kind: 'input' | 'output' | 'work' | 'state'
  /** No other of its kind has it. */
  readonly number: number
  /** The name of the port, of an input or output. */
  readonly port?: string
  /** No axes: a single number. */
  readonly layout: readonly string[]
}

export type LoopStatement = LetLocal | Start | Assign | StoreElement | AccumulateValues | Routine | Loop

/** A variable that keeps its value. */
export interface LetLocal {
  readonly kind: 'let'
  readonly local: Local
  readonly value: Expression
}

/** Variables that change, and what they start from. */
export interface Start {
  readonly kind: 'start'
  readonly locals: readonly Local[]
  readonly value: Expression
}

export interface Assign {
  readonly kind: 'assign'
  readonly local: Local
  readonly value: Real
}

export interface StoreElement {
  readonly kind: 'store'
  readonly into: Element
  readonly value: Real
}

/** `into = into (by) (values[0] (by) values[1] ...)`, in this order: rounding makes another number of another. */
export interface AccumulateValues {
  readonly kind: 'accumulate'
  readonly into: LocalVariable | Element
  readonly by: Combining
  readonly values: readonly Real[]
}

export type Combining = 'add' | 'sub' | 'mul' | 'min' | 'max'

/**
 * Linear algebra on whole matrices (`src/base/linear/`), which works them out in blocks: how large these are depends on sizes, so
 * that no loops written here could say it. Nothing of it is done in another order by any printer.
 */
export interface Routine {
  readonly kind: 'routine'
  readonly routine: RoutineName
  readonly matrices: readonly MatrixOf[]
  readonly sizes: readonly IndexExpr[]
}

/** `factorise(A, size)`, `pullFactor(L, g, size)`: the last matrix is replaced by the result. */
export type RoutineName = 'factorise' | 'pullFactor'

/** The element (i, j) of a matrix is at `at + i * down + j * across` of its array. */
export interface MatrixOf {
  readonly array: number
  readonly at: IndexExpr
  readonly down: IndexExpr
  readonly across: IndexExpr
}

/**
 * Runs `body` for `index` from `from` up to but not including `until` by `step`, or by -1 from `until - 1` down to `from`.
 * Without `from` the index is a variable that goes on from where it stands.
 *
 * With `lanes` above 1, rounds come in groups of so many: what the body accumulates in variables is collected apart for
 * each place in a group, from the same start, and what the later places have is folded together before it is folded into
 * the first. The rounds that are left over at the end go to the first. Printers may write the lanes side by side, or as a
 * vector; none may add in another order.
 */
export interface Loop {
  readonly kind: 'loop'
  readonly index: Local
  readonly from: IndexExpr | undefined
  readonly until: IndexExpr
  readonly step: number
  readonly lanes: number
  readonly body: readonly LoopStatement[]
}

/** What a variable holds; its role says the type, and printers name it after that. */
export const roles = {
  /** Computed. */
  value: 'real',
  /** Read from an array. */
  read: 'real',
  /** Collected over the rounds of a loop. */
  sum: 'real',
  /** What a recursion goes on with. */
  carry: 'real',
  /** The position along an axis. */
  position: 'index',
  /** The position where an array is filled. */
  filled: 'index',
  /** The position in an array of a part of an address. */
  address: 'index',
  /** A position that is computed. */
  picked: 'index',
  row: 'index',
  column: 'index',
  /** A row or column before the one that is computed. */
  before: 'index',
} as const satisfies Readonly<Record<string, 'real' | 'index'>>

export type LocalRole = keyof typeof roles

export interface Local {
  /** No other variable of the program has it, but the lanes of one. */
  readonly id: number
  readonly role: LocalRole
  /** The axis of a position. */
  readonly axis?: string
  /** From 1, of variables that collect apart what one does otherwise. */
  readonly lane?: number
}

export type Expression = Real | IndexExpr

/** A float64 number. Truths are 1 or 0. */
export type Real = Constant | LocalVariable | Element | Apply | Inside | Count

export interface Constant {
  readonly kind: 'constant'
  readonly value: number
}

export interface LocalVariable {
  readonly kind: 'variable'
  readonly local: Local
}

export interface Element {
  readonly kind: 'element'
  readonly array: number
  readonly at: IndexExpr
}

/** Squares are products: what is needed twice is a variable. Of a `where` only the chosen value is computed. */
export interface Apply {
  readonly kind: 'apply'
  readonly op: Applied
  readonly args: readonly Real[]
}

export type Applied = Exclude<ElementwiseOp, 'square'>

/** `value` where `index` is at least, or below, `bound`; else 0, and `value` is not computed. */
export interface Inside {
  readonly kind: 'inside'
  readonly index: IndexExpr
  readonly is: 'at least' | 'below'
  readonly bound: IndexExpr
  readonly value: Real
}

/** A whole number as float64. */
export interface Count {
  readonly kind: 'count'
  readonly of: IndexExpr
}

/** A whole number that counts elements. */
export type IndexExpr = Whole | LocalVariable | Extent | Total | Offset | Times | Truncated

export interface Whole {
  readonly kind: 'whole'
  readonly value: number
}

/** The number of elements over some axes. */
export interface Extent {
  readonly kind: 'extent'
  readonly axes: readonly string[]
}

export interface Total {
  readonly kind: 'total'
  readonly terms: readonly IndexExpr[]
}

export interface Offset {
  readonly kind: 'offset'
  readonly of: IndexExpr
  /** Not 0. */
  readonly by: number
}

/** A position times its stride. */
export interface Times {
  readonly kind: 'times'
  readonly of: IndexExpr
  readonly by: Extent
}

/** From a number that holds it exactly. */
export interface Truncated {
  readonly kind: 'truncated'
  readonly of: Real
}
