import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId, NodeOf, Op } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import type { Dependences } from './dependence.ts'
import { type PickedState, pickedState } from './picked-state.ts'

/** `sum[over](coefficient * node)`, an additive part of a scalar. The coefficient does not depend on the state. */
export interface SumPiece {
  readonly coefficient: NodeId
  readonly over: readonly string[]
  readonly node: NodeId
  /** Set where the state appears as picked elements of it alone: `s[t = 1]`, `z[item = item_of]`. */
  readonly through?: PickedState
  /** Set where it is of a site and the one after it along the chain. */
  readonly after?: true
}

export interface Pieces {
  /** Parts in which the state appears, each at its own site (or along a chain). */
  readonly held: readonly SumPiece[]
  /** Parts without it. */
  readonly free: readonly SumPiece[]
  /** The first part that couples sites to each other in a way that cannot be taken apart. */
  readonly coupled?: NodeId
}

/**
 * A scalar taken apart: sums are distributed over additions and independent factors taken out, as far as it needs to
 * separate what depends on the state from what does not.
 */
export function takeApart(
  builder: GraphBuilder,
  root: NodeId,
  kinds: Dependences,
  state: { readonly node: NodeId; readonly sites: readonly string[] },
): Pieces {
  const m = maths(builder)
  const held: SumPiece[] = []
  const free: SumPiece[] = []
  const stack: SumPiece[] = [{ coefficient: m.k(1), over: [], node: root }]
  for (let piece = stack.pop(); piece !== undefined; piece = stack.pop()) {
    const kind = kinds.get(piece.node)
    if (kind === undefined) {
      free.push(piece)
      continue
    }
    const parts = split(m, piece, kinds)
    if (parts !== undefined) stack.push(...parts)
    else if (kind !== 'coupled') held.push(kind === 'after' ? { ...piece, after: true } : piece)
    else {
      const through = pickedState(builder, piece.node, state.node, state.sites)
      if (through === undefined) return { held, free, coupled: piece.node }
      held.push({ ...piece, through })
    }
  }
  // Taken from a stack, so in reverse: printed programs read in the order of the model.
  return { held: held.reverse(), free: free.reverse() }
}

/** `sum[over less kept](coefficient * node)`; the factor the node lacks axes of is summed on its own. */
export function pieceOver(m: Maths, piece: SumPiece, kept: readonly string[], node: NodeId = piece.node): NodeId {
  const over = piece.over.filter((a) => !kept.includes(a))
  const axes = m.builder.axes(node)
  const outside = over.filter((a) => !axes.includes(a))
  const inside = over.filter((a) => axes.includes(a))
  const factor = m.sum(outside, piece.coefficient)
  const common = m.builder.axes(factor).some((a) => inside.includes(a))
  return common ? m.sum(inside, m.mul(factor, node)) : m.mul(factor, m.sum(inside, node))
}

/** One step down, or undefined where the piece is as small as it needs to be (or cannot be made smaller). */
function split(m: Maths, piece: SumPiece, kinds: Dependences): readonly SumPiece[] | undefined {
  const node = m.builder.node(piece.node)
  const [a = -1, b = -1, c = -1] = node.args
  const rule = splits[node.op] as Split<Node> | undefined
  const coupled = kinds.get(piece.node) === 'coupled'
  return rule?.({ m, piece, a, b, c, coupled, holds: (id) => kinds.has(id), made: kinds.include }, node)
}

interface Splitting {
  readonly m: Maths
  readonly piece: SumPiece
  readonly a: NodeId
  readonly b: NodeId
  readonly c: NodeId
  readonly coupled: boolean
  /** Whether the state is in a node. */
  readonly holds: (id: NodeId) => boolean
  /** A node that was made of others: whether the state is in it is known from then on. */
  readonly made: (id: NodeId) => NodeId
}

type Split<N extends Node> = (s: Splitting, node: N) => readonly SumPiece[] | undefined

/** Through what is linear, and choices between sums: any other operation stays in one piece. */
const splits: { readonly [K in Op]?: Split<NodeOf<K>> } = {
  neg: ({ m, piece, a }) => [{ ...piece, coefficient: m.neg(piece.coefficient), node: a }],
  add: (s) => addends(s, (coefficient) => coefficient),
  sub: (s) => addends(s, (coefficient) => s.m.neg(coefficient)),
  mul: ({ m, piece, a, b, holds }) => {
    if (holds(a) && holds(b)) return undefined
    const [node, factor] = holds(a) ? [a, b] : [b, a]
    return [{ ...piece, coefficient: m.mul(piece.coefficient, factor), node }]
  },
  div: ({ m, piece, a, b, holds }) => (holds(b) ? undefined : [{ ...piece, coefficient: m.div(piece.coefficient, b), node: a }]),
  sum: ({ m, piece, a }, { over }) => {
    return over.some((axis) => clashes(m, piece, axis)) ? undefined : [{ ...piece, over: [...piece.over, ...over], node: a }]
  },
  where: (s) => (s.coupled && !s.holds(s.a) ? branches(s) : undefined),
}

/** What is chosen is the sum of what each branch is where it is chosen, and 0 elsewhere; and so is a branch that is a sum. */
function branches({ m, piece, a: condition, b, c, made }: Splitting): readonly SumPiece[] | undefined {
  const zero = m.k(0)
  const first = (x: NodeId): SumPiece => ({ ...piece, node: made(m.where(condition, x, zero)) })
  const second = (x: NodeId): SumPiece => ({ ...piece, node: made(m.where(condition, zero, x)) })
  if (m.known(b) !== 0 && m.known(c) !== 0) return [first(b), second(c)]
  const [of, branch] = m.known(c) === 0 ? [first, b] : [second, c]
  const node = m.builder.node(branch)
  const [left = -1, right = -1] = node.args
  const minus = (x: NodeId): SumPiece => ({ ...of(x), coefficient: m.neg(piece.coefficient) })
  if (node.op === 'neg') return [minus(left)]
  if (node.op === 'add') return [of(left), of(right)]
  if (node.op === 'sub') return [of(left), minus(right)]
  if (node.op !== 'sum' || node.over.some((axis) => clashes(m, piece, axis) || m.builder.axes(condition).includes(axis))) return undefined
  return [{ ...of(left), over: [...piece.over, ...node.over] }]
}

/** Whether a sum over `axis` cannot be one over the piece, which has the axis in another sense. */
function clashes(m: Maths, { over, coefficient }: SumPiece, axis: string): boolean {
  return over.includes(axis) || m.builder.axes(coefficient).includes(axis)
}

function addends({ piece, a, b, coupled, holds }: Splitting, second: (coefficient: NodeId) => NodeId): readonly SumPiece[] | undefined {
  if (holds(a) && holds(b) && !coupled) return undefined
  return [
    { ...piece, node: a },
    { ...piece, node: b, coefficient: second(piece.coefficient) },
  ]
}
