import type { Graph, Node, NodeOf, Op, ReductionOp, StructuralOp } from './graph.ts'

/**
 * What an operation does to axes, and what besides its operands says which node it is: one row an operation. What an
 * elementwise operation does follows from its being one: it works along no axis, and has all axes of its operands.
 */
export interface Structure {
  /** Axes of an operand along which elements at other positions have a part in an element of the value. */
  readonly works: (operand: number) => readonly string[]
  /** Axes that the value does not have from this operand. */
  readonly gone: (operand: number) => readonly string[]
  /** Axes that the value has whether operands have them or not; `stated`: they are written in the node, all of them. */
  readonly made: readonly string[] | 'stated'
  /** The fields besides `op`, `args` and `axes`. */
  readonly own: readonly Field[]
  /** Whether every number of the value is a number of the first operand, or 0. */
  readonly moves: boolean
}

/** A field of a node, and what it holds: the name of an axis, several of them, a body, or something about no axis. */
export type Field = readonly [name: string, holds: Holds]
type Holds = 'axis' | 'axes' | 'body' | 'plain'

/** The operations that are not elementwise. */
export type StructuredOp = StructuralOp | ReductionOp

type OwnField<K extends Op> = Exclude<keyof NodeOf<K>, 'op' | 'args' | 'axes'>
type AxesAlong<K extends Op> = (node: NodeOf<K>, operand: number) => readonly string[]

interface StructureRow<K extends Op> {
  readonly works: AxesAlong<K>
  readonly gone: AxesAlong<K>
  readonly made: (node: NodeOf<K>) => readonly string[] | 'stated'
  /** Two nodes that differ in a field are two nodes, so none may be left out. */
  readonly own: { readonly [F in OwnField<K>]: Holds }
  readonly moves: boolean
}

const none = (): readonly string[] => []
const stated = (): 'stated' => 'stated'
const over = (node: { readonly over: readonly string[] }): readonly string[] => node.over
const axis = (node: { readonly axis: string }): readonly string[] => [node.axis]
const square = (node: { readonly rows: string; readonly columns: string }): readonly string[] => [node.rows, node.columns]

const reduction: StructureRow<ReductionOp> = { works: over, gone: over, made: none, own: { over: 'axes' }, moves: false }

const rows: { readonly [K in StructuredOp]: StructureRow<K> } = {
  const: { works: none, gone: none, made: none, own: { value: 'plain' }, moves: false },
  input: { works: none, gone: none, made: stated, own: { name: 'plain' }, moves: false },
  size: { works: none, gone: none, made: none, own: { axis: 'axis' }, moves: false },
  index: { works: none, gone: none, made: axis, own: { axis: 'axis' }, moves: false },
  sum: reduction,
  prod: reduction,
  max_over: reduction,
  min_over: reduction,
  logsumexp: reduction,
  // The index is used at each of its own positions.
  pick: { works: ofFirst, gone: ofFirst, made: none, own: { axis: 'axis' }, moves: true },
  scatter: { works: (n) => [...n.over, n.axis], gone: over, made: axis, own: { axis: 'axis', over: 'axes' }, moves: false },
  rename: { works: (n) => [n.from, n.to], gone: (n) => [n.from], made: (n) => [n.to], own: { from: 'axis', to: 'axis' }, moves: true },
  shift: { works: axis, gone: none, made: none, own: { axis: 'axis', by: 'plain' }, moves: true },
  cumsum: { works: axis, gone: none, made: none, own: { axis: 'axis', reverse: 'plain' }, moves: false },
  scan: {
    works: (n) => [...n.body.nodes.flatMap(worksAlong), n.axis],
    gone: none,
    made: stated,
    own: { axis: 'axis', reverse: 'plain', body: 'body' },
    moves: false,
  },
  cholesky: { works: square, gone: none, made: none, own: { rows: 'axis', columns: 'axis' }, moves: false },
  cholesky_gradient: { works: square, gone: none, made: none, own: { rows: 'axis', columns: 'axis' }, moves: false },
  threshold: { works: ofFirst, gone: ofFirst, made: none, own: { axis: 'axis' }, moves: false },
  entmax_potential: { works: ofFirst, gone: ofFirst, made: none, own: { axis: 'axis' }, moves: false },
  solve_lower: {
    works: square,
    // The axis of the right side; the matrix has the other.
    gone: (n) => [n.transposed ? n.columns : n.rows],
    made: none,
    own: { rows: 'axis', columns: 'axis', transposed: 'plain' },
    moves: false,
  },
}

function ofFirst(node: { readonly axis: string }, operand: number): readonly string[] {
  return operand === 0 ? [node.axis] : []
}

const elementwise: Structure = { works: none, gone: none, made: [], own: [], moves: false }

export function structure(node: Node): Structure {
  const row = rowOf(node.op)
  if (row === undefined) return elementwise
  return {
    works: (operand) => row.works(node, operand),
    gone: (operand) => row.gone(node, operand),
    made: row.made(node),
    own: ownFields(node.op),
    moves: row.moves,
  }
}

/** The fields besides operands and axes that make two nodes of this operation different. */
export function ownFields(op: Op): readonly Field[] {
  return fields.get(op) ?? []
}

const fields: ReadonlyMap<string, readonly Field[]> = new Map(
  Object.entries(rows).map(([op, { own }]) => [op, Object.entries<Holds>(own)] as const),
)

/** The axes along which a node brings elements of operands together or moves them: there its operands are wanted whole. */
export function worksAlong(node: Node): readonly string[] {
  const { works } = structure(node)
  return [...new Set(node.args.flatMap((_, operand) => works(operand)))]
}

/** Whether the axes of a node are written in it, and do not follow from those of its operands. */
export function statesAxes(node: Node): boolean {
  return rowOf(node.op)?.made(node) === 'stated'
}

/** The axes that a node has, in no order, from those of its operands; from itself where it states them. */
export function axesFrom(node: Node, operands: readonly (readonly string[])[]): readonly string[] {
  const row = rowOf(node.op)
  const made = row?.made(node) ?? []
  if (made === 'stated') return node.axes
  const axes = [...made]
  for (const [k, operand] of operands.entries()) {
    const gone = row?.gone(node, k) ?? []
    for (const a of operand) if (!gone.includes(a) && !axes.includes(a)) axes.push(a)
  }
  return axes
}

/** The axes that a node names besides those that it has; those that its body has and names, too. */
export function axesNamed(node: Node): readonly string[] {
  return ownFields(node.op).flatMap(([name, holds]) => named[holds]((node as unknown as Record<string, unknown>)[name]))
}

const named: { readonly [H in Holds]: (value: unknown) => readonly string[] } = {
  axis: (value) => [value as string],
  axes: (value) => value as readonly string[],
  body: (value) => (value as Graph).nodes.flatMap((n) => [...n.axes, ...axesNamed(n)]),
  plain: none,
}

/** Whether an operation has a row here, which is to say that it is not elementwise. */
export function isStructured(op: Op): op is StructuredOp {
  return rowOf(op) !== undefined
}

export function isReduction(node: Node): node is NodeOf<ReductionOp> {
  return rowOf(node.op) === reduction
}

function rowOf(op: Op): StructureRow<Op> | undefined {
  return (rows as { readonly [K in Op]?: StructureRow<never> })[op] as StructureRow<Op> | undefined
}
