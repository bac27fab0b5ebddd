import { must } from '../../base/internal-error.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { structure, worksAlong } from '../../ir/structure.ts'
import { builtOf } from '../../ir/walk.ts'
import { pickByLevel } from '../marginalise/substitute.ts'

/** A move of one discrete state at one site. */
export interface SiteMove {
  readonly builder: GraphBuilder
  /** The state's input. */
  readonly state: NodeId
  readonly axes: readonly string[]
  /** The position along each site axis: a scalar, or an index along an axis of its own for all sites at once. */
  readonly site: ReadonlyMap<string, NodeId>
  readonly before: NodeId
  readonly after: NodeId
  /** Nodes that are kept whole and picked from, rather than computed afresh at the site. */
  readonly whole: (id: NodeId) => boolean
}

/**
 * `x` at `axis = position`, computed from its operands at that position as far down as it goes: an element of a product
 * costs one product, not all of them.
 */
export function at(move: SiteMove, x: NodeId, axis: string, position: NodeId): NodeId {
  return new Picker(move, axis, position).at(x)
}

/** Whether the state itself meets all of its site axes: its value there is known. */
function settled(move: SiteMove, x: NodeId): NodeId {
  const { builder, state, axes, site } = move
  const left = new Set(axes)
  let id = x
  for (let node = builder.node(id); node.op === 'pick' || node.op === 'rename'; node = builder.node(id)) {
    if (node.op === 'pick') {
      if (site.get(node.axis) !== node.args[1]) return x
      left.delete(node.axis)
    } else {
      const position = site.get(node.from)
      const level = position === undefined ? undefined : builder.node(position)
      if (level?.op !== 'index' || level.axis !== node.to) return x
      left.delete(node.from)
    }
    id = must(node.args[0], 'operand')
  }
  return id === state && left.size === 0 ? move.before : x
}

class Picker {
  readonly #move: SiteMove
  readonly #axis: string
  readonly #position: NodeId
  readonly #done = new Map<NodeId, NodeId>()

  constructor(move: SiteMove, axis: string, position: NodeId) {
    this.#move = move
    this.#axis = axis
    this.#position = position
  }

  at(root: NodeId): NodeId {
    return builtOf(
      root,
      this.#done,
      (id) => this.#operands(id),
      (id) => this.#build(id),
    )
  }

  /** The operands that are themselves wanted at the position. */
  #operands(id: NodeId): readonly NodeId[] {
    const { builder } = this.#move
    const node = builder.node(id)
    if (!node.axes.includes(this.#axis) || this.#isLeaf(id, node)) return []
    // The axis picked from inside is not the one that the node has.
    if (node.op === 'pick' && node.axis === this.#axis) return [must(node.args[1], 'index')]
    if (node.op === 'rename' && node.to === this.#axis) return []
    return node.args
  }

  #isLeaf(id: NodeId, node: Node): boolean {
    if (this.#move.whole(id)) return true
    if (node.op === 'pick') return false
    // Its own axis and the position's would be one: the diagonal, which only a pick can say.
    if (node.op === 'rename') return node.to !== this.#axis && this.#move.builder.axes(this.#position).includes(node.to)
    const { made } = structure(node)
    return made === 'stated' || made.length > 0 || worksAlong(node).includes(this.#axis)
  }

  #build(id: NodeId): NodeId {
    const { builder } = this.#move
    const node = builder.node(id)
    if (!node.axes.includes(this.#axis)) return id
    if (node.op === 'index') return this.#position
    if (this.#isLeaf(id, node)) return this.#picked(id, this.#axis)
    const known = (a: NodeId): NodeId => must(this.#done.get(a), 'operand')
    if (node.op === 'pick') {
      const [target, index] = [must(node.args[0], 'target'), known(must(node.args[1], 'index'))]
      return settled(this.#move, pickByLevel(builder, node.axis === this.#axis ? target : known(target), node.axis, index))
    }
    if (node.op === 'rename' && node.to === this.#axis) return at(this.#move, must(node.args[0], 'operand'), node.from, this.#position)
    return settled(this.#move, builder.like(node, node.args.map(known)))
  }

  #picked(id: NodeId, axis: string): NodeId {
    return settled(this.#move, pickByLevel(this.#move.builder, id, axis, this.#position))
  }
}

/** 1 at the site along `axes`, 0 elsewhere. `tied`: axis of the node -> site axis. */
export function atSite(move: SiteMove, tied: ReadonlyMap<string, string>): NodeId {
  const m = maths(move.builder)
  return m.times(...[...tied].map(([axis, site]) => m.equal(move.builder.index(axis), must(move.site.get(site), `position along ${site}`))))
}
