import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId, NodeOf, Op } from '../../ir/graph.ts'
import { isReduction } from '../../ir/structure.ts'
import { reachable } from '../../ir/walk.ts'
import type { Dependence } from './dependence.ts'
import type { SummedEnergy, WorkTerm } from './work.ts'

/** What keeps a state from being summed out. */
export type Obstacle =
  | { readonly kind: 'coupled'; readonly terms: readonly Coupling[] }
  /** Tables over the levels of this state and of those it meets would be too wide. */
  | { readonly kind: 'wide' }
  | { readonly kind: 'large' }
  /** The probabilities of a state that was summed out before, or the drive of a neuron, depend on it. */
  | { readonly kind: 'other'; readonly output: string }

/** A term in which elements of a state meet each other, and how: the end of the sentence "its elements along t ...". */
export interface Coupling {
  readonly term: WorkTerm
  readonly how: string
}

export function isObstacle(x: SummedEnergy | Obstacle): x is Obstacle {
  return 'kind' in x
}

/** Of several ways to sum a state out, what is in the way of the one that fails in the fewest terms. */
export function least(obstacles: readonly Obstacle[]): Obstacle {
  const terms = (o: Obstacle): number => (o.kind === 'coupled' ? o.terms.length : 0.5)
  return obstacles.reduce((a, b) => (terms(b) < terms(a) ? b : a))
}

/** How a part of a term couples sites: what is done first to them that brings several together. */
export function coupling(
  builder: GraphBuilder,
  term: WorkTerm,
  part: NodeId,
  kinds: ReadonlyMap<NodeId, Dependence>,
  sites: readonly string[],
): Coupling {
  const first = reachable(builder, [part]).find(
    (id) => kinds.get(id) === 'coupled' && builder.node(id).args.every((a) => kinds.get(a) !== 'coupled'),
  )
  return { term, how: first === undefined ? 'meet each other' : how(builder, first, sites) }
}

function how(builder: GraphBuilder, id: NodeId, sites: readonly string[]): string {
  const node = builder.node(id)
  if (isReduction(node))
    return `are put together over "${node.over.filter((a) => sites.includes(a)).join('", "')}" before more is made of them`
  return (ways[node.op] as Way<Node> | undefined)?.(node) ?? 'meet each other'
}

type Way<N extends Node> = (node: N) => string

/** Where there is more to say than that they meet. */
const ways: { readonly [K in Op]?: Way<NodeOf<K>> } = {
  pick: ({ axis }) => `are picked along "${axis}" beside others, so that several of them meet`,
  shift: ({ axis, by }) =>
    `meet those ${Math.abs(by)} ${Math.abs(by) === 1 ? 'step' : 'steps'} ${by > 0 ? 'before' : 'after'} along "${axis}"`,
  rename: ({ from, to }) => `meet each other in pairs ("${from}" as "${to}")`,
  cumsum: ({ axis }) => `are carried on along "${axis}"`,
  scan: ({ axis }) => `are carried on along "${axis}"`,
}
