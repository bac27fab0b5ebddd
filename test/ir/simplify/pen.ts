import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import type { NodeId, Sizes } from '../../../src/ir/graph.ts'
import { type Maths, maths } from '../../../src/ir/maths.ts'
import type { GraphCase } from '../../generators/graphs.ts'

/** i and k are of one size, as the rules about renamed axes need. */
const sizes: Sizes = { i: 3, j: 2, k: 3 }

/** Writes one small random graph: leaves are inputs of their own, over random axes, with random numbers of both signs. */
export class Pen {
  readonly builder = new GraphBuilder()
  readonly m: Maths = maths(this.builder)
  readonly #stream: Stream
  readonly #inputs: Record<string, Float64Array> = {}

  constructor(seed: number) {
    this.#stream = new Stream(keyFromSeed(seed))
  }

  uniform(from: number, to: number): number {
    return from + (to - from) * this.#stream.uniform()
  }

  choose<T>(from: readonly T[]): T {
    return from[Math.floor(this.uniform(0, from.length))] as T
  }

  /** Numbers of both signs, none of them near 0; `axes`: random ones of i and j where not said. */
  x(axes: readonly string[] = this.choose([[], ['i'], ['j'], ['i', 'j']])): NodeId {
    return this.#leaf(axes, () => this.choose([-1, 1]) * this.uniform(0.3, 2))
  }

  positive(axes?: readonly string[]): NodeId {
    return this.#leaf(axes ?? this.choose([[], ['i'], ['i', 'j']]), () => this.uniform(0.3, 2))
  }

  /** Between 0 and 1. */
  unit(): NodeId {
    return this.#leaf(this.choose([[], ['i']]), () => this.uniform(0.05, 0.9))
  }

  truth(axes?: readonly string[]): NodeId {
    const ask = this.choose(['less', 'less_equal', 'equal'] as const)
    return this.builder.apply(ask, this.x(axes), this.x(axes))
  }

  /** A constant of either sign that is no power of two. */
  k(): NodeId {
    return this.m.k(this.number())
  }

  number(): number {
    return this.choose([-1, 1]) * this.uniform(0.3, 3)
  }

  /** A power of two, of either sign. */
  h(): NodeId {
    return this.m.k(this.choose([-1, 1]) * 2 ** this.choose([-3, -1, 1, 2]))
  }

  /** A constant of any kind: the rules treat 0, 1, -1 and powers of two apart. */
  any(): NodeId {
    return this.choose([() => this.k(), () => this.k(), () => this.h(), () => this.m.k(this.choose([0, 1, -1]))])()
  }

  /** The graph of a formula, with `energy`: a weighted sum of its elements, so that gradients can be taken. */
  finish(formula: NodeId): GraphCase {
    const { builder, m } = this
    const axes = builder.axes(formula)
    const weights = this.#leaf(axes, () => this.uniform(0.5, 1.5))
    builder.output('value', formula, axes)
    builder.output('energy', m.sum(axes, m.mul(weights, formula)))
    return { graph: builder.finish(), sizes, inputs: this.#inputs }
  }

  #leaf(axes: readonly string[], draw: () => number): NodeId {
    const name = `x${Object.keys(this.#inputs).length}`
    const length = axes.reduce((n, a) => n * (sizes[a] as number), 1)
    this.#inputs[name] = Float64Array.from({ length }, draw)
    return this.builder.input(name, axes)
  }
}
