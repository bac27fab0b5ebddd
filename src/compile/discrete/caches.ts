import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { structure, worksAlong } from '../../ir/structure.ts'
import { reachable } from '../../ir/walk.ts'

/**
 * Which nodes are worth keeping between moves: innermost sums that hold the state (overlaps, local fields), and
 * outermost sums that do not hold it.
 */
export class Keeper {
  readonly #builder: GraphBuilder
  readonly #state: NodeId
  readonly #moveInputs: ReadonlySet<NodeId>
  readonly #kinds = new Map<NodeId, CacheKind>()

  constructor(builder: GraphBuilder, state: NodeId, moveInputs: ReadonlySet<NodeId>) {
    this.#builder = builder
    this.#state = state
    this.#moveInputs = moveInputs
  }

  keeps(id: NodeId): boolean {
    const kind = this.#kind(id)
    return kind.isSum && !kind.moves && (!kind.holds || !kind.nested)
  }

  /** Nodes are looked at once, operands first. */
  #kind(id: NodeId): CacheKind {
    const known = this.#kinds.get(id)
    if (known !== undefined) return known
    for (const x of reachable(this.#builder, [id])) if (!this.#kinds.has(x)) this.#kinds.set(x, this.#look(x))
    return this.#kinds.get(id) as CacheKind
  }

  #look(id: NodeId): CacheKind {
    const node = this.#builder.node(id)
    const args = node.args.map((a) => this.#kinds.get(a) as CacheKind)
    const isSum = !structure(node).moves && worksAlong(node).length > 0
    return {
      isSum,
      moves: this.#moveInputs.has(id) || args.some((a) => a.moves),
      holds: id === this.#state || args.some((a) => a.holds),
      nested: args.some((a) => a.holds && (a.nested || a.isSum)),
    }
  }
}

interface CacheKind {
  readonly isSum: boolean
  /** Depends on where or how the state moves, so it is new for every move. */
  readonly moves: boolean
  /** Depends on the state. */
  readonly holds: boolean
  /** A sum that holds the state is among what it is made of. */
  readonly nested: boolean
}

/**
 * The nodes under `roots` to be replaced by caches: kept nodes that do not depend on the move, and the state itself
 * where it is still used. Stops at the first on every path.
 */
export function cutsUnder(
  builder: GraphBuilder,
  roots: readonly NodeId[],
  state: NodeId,
  keeps: (id: NodeId) => boolean,
): readonly NodeId[] {
  const cuts: NodeId[] = []
  const seen = new Set(roots)
  for (const id of seen) {
    if (id === state || keeps(id)) cuts.push(id)
    else for (const a of builder.node(id).args) seen.add(a)
  }
  return cuts.sort((a, b) => a - b)
}
