import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { reachable } from '../../ir/walk.ts'
import type { Dependence } from './dependence.ts'
import type { Work, WorkTerm } from './work.ts'

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

export function isObstacle(x: Work | Obstacle): x is Obstacle {
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
  switch (node.op) {
    case 'pick':
      return `are picked along "${node.axis}" beside others, so that several of them meet`
    case 'shift':
      return `meet those ${Math.abs(node.by)} ${Math.abs(node.by) === 1 ? 'step' : 'steps'} ${node.by > 0 ? 'before' : 'after'} along "${node.axis}"`
    case 'rename':
      return `meet each other in pairs ("${node.from}" as "${node.to}")`
    case 'cumsum':
    case 'scan':
      return `are carried on along "${node.axis}"`
    case 'sum':
    case 'prod':
    case 'max_over':
    case 'min_over':
    case 'logsumexp': {
      const over = node.over.filter((a) => sites.includes(a))
      return `are put together over "${over.join('", "')}" before more is made of them`
    }
    default:
      return 'meet each other'
  }
}
