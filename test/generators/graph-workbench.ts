import { InternalError, must } from '../../src/base/internal-error.ts'
import { pow } from '../../src/base/special/pow.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluateNode } from '../../src/ir/evaluate.ts'
import type { NodeId, Sizes } from '../../src/ir/graph.ts'
import { laidOut } from '../../src/ir/layout.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'

export interface Given {
  readonly sizes: Sizes
  readonly inputs: Readonly<Record<string, Float64Array>>
  /** `along`: the axis whose places the numbers are, for inputs used as indices. */
  readonly ports: readonly (readonly [name: string, axes: readonly string[], along?: string])[]
}

/** Values are kept below this in size, so that exponentials and finite differences behave. */
export const LARGEST = 8

/** A builder that knows the value of every node as soon as it is written, to keep operands inside domains. */
export class Workbench {
  readonly builder = new GraphBuilder()
  readonly m: Maths = maths(this.builder)
  /** What later steps may use. */
  readonly pool: NodeId[] = []
  /** Nodes that hold places along an axis. */
  readonly places = new Map<string, NodeId[]>()
  readonly sizes: Sizes
  readonly #inputs: Readonly<Record<string, Float64Array>>
  readonly #values: Float64Array[] = []

  constructor(given: Given) {
    this.sizes = given.sizes
    // The interpreter's rules read inputs over their sorted axes.
    this.#inputs = Object.fromEntries(
      given.ports.map(([name, axes]) => [name, laidOut(must(given.inputs[name], name), axes, axes.toSorted(), given.sizes)]),
    )
    for (const axis of Object.keys(given.sizes)) this.places.set(axis, [this.builder.index(axis), this.m.k(0)])
    for (const [name, axes, along] of given.ports) {
      const id = this.builder.input(name, axes)
      if (along === undefined) this.pool.push(id)
      else this.places.get(along)?.push(id)
    }
    this.pool.push(this.builder.index('t'), this.builder.size('a'))
  }

  value(id: NodeId): Float64Array {
    for (let next = this.#values.length; next <= id; next += 1) this.#values.push(this.#evaluated(next))
    return must(this.#values[id], 'value')
  }

  /** Whether all the numbers of a node satisfy something. */
  all(id: NodeId, test: (x: number) => boolean): boolean {
    return this.value(id).every(test)
  }

  /** Keeps a result for later steps, made smaller by a power of two where it is large. */
  keep(id: NodeId): void {
    const largest = this.value(id).reduce((top, x) => Math.max(top, Math.abs(x)), 0)
    if (!Number.isFinite(largest)) throw new InternalError(`a generated graph is not finite at ${JSON.stringify(this.builder.node(id))}`)
    const by = Math.ceil(Math.log2(Math.max(largest, LARGEST) / LARGEST))
    this.pool.push(by === 0 ? id : this.m.mul(this.m.k(pow(2, -by)), id))
  }

  /** A value between 0.6 and 0.9, where every function of one number is defined and smooth. */
  tamed(id: NodeId): NodeId {
    return this.m.add(this.m.k(0.6), this.m.mul(this.m.k(0.3), this.m.sigmoid(id)))
  }

  /** An earlier node, more often than not one of the latest, so that steps build on each other. */
  operand(pick: number | undefined): NodeId {
    const k = pick ?? 0
    const latest = this.pool.slice(-4)
    return this.choose(k % 3 === 0 ? this.pool : latest, Math.floor(k / 3))
  }

  choose<T>(from: readonly T[], pick: number | undefined): T {
    return must(from[(pick ?? 0) % from.length], 'choice')
  }

  /** Some of the axes, at least one if there is any. */
  someOf(axes: readonly string[], pick: number | undefined): readonly string[] {
    const bits = (pick ?? 0) + 1
    const some = axes.filter((_, i) => ((bits >> i) & 1) === 1)
    return some.length === 0 ? axes.slice(0, 1) : some
  }

  #evaluated(id: NodeId): Float64Array {
    const node = this.builder.node(id)
    const args = node.args.map((a) => ({ axes: this.builder.axes(a), data: must(this.#values[a], 'operand') }))
    return evaluateNode(node, { sizes: this.sizes, input: (name) => must(this.#inputs[name], name), args })
  }
}
