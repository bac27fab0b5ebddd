import { must } from '../../base/internal-error.ts'
import { GraphBuilder, without } from '../../ir/builder.ts'
import type { Graph, Node, NodeId, NodeOf } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { isReduction } from '../../ir/structure.ts'
import type { Volume } from './volumes.ts'

export interface Expanded {
  readonly graph: Graph
  readonly aliases: Readonly<Record<string, string>>
}

/** A difference is taken apart when it would be so many times larger than what it is taken of, ... */
const GROWTH = 8
/** ... and has so many elements (4 MB). Below that it is written out, which is more accurate. */
const LARGE = 1 << 20
/** Products of sums are multiplied out to at most so many terms. */
const MOST_TERMS = 16

/**
 * The same graph in terms of matrix products. Sums of products of broadcast differences, such as
 * sum[k] w (x - xi)^2 with x over [cue, k] and xi over [pattern, k], are multiplied out so that no tensor over all axes
 * is ever made; both sides are centred first, since float32 loses what they have in common (for squared distances
 * about 2^-24 of the squared distance from the centre). A scatter becomes a product with the indicator of its index.
 *
 * Multiplied out, an infinite operand gives NaN where the difference would be infinite.
 */
export function expand(graph: Graph, fixed: ReadonlySet<string>, volume: Volume): Expanded {
  const work = new Expander(fixed, volume)
  for (const p of graph.inputs) work.builder.input(p.name, p.axes)
  const ids: NodeId[] = []
  for (const node of graph.nodes) {
    ids.push(
      work.write(
        node,
        node.args.map((a) => must(ids[a], 'operand')),
      ),
    )
  }
  for (const o of graph.outputs) work.builder.output(o.name, must(ids[o.node], 'output'), o.axes)
  return { graph: work.builder.finish(), aliases: work.aliases }
}

interface ProductTerm {
  readonly coefficient: number
  readonly factors: readonly NodeId[]
}

class Expander {
  readonly builder = new GraphBuilder()
  readonly aliases: Record<string, string> = {}
  readonly #m: Maths = maths(this.builder)
  readonly #fixed: ReadonlySet<string>
  readonly #volume: Volume
  readonly #opens: boolean[] = []
  readonly #moves: boolean[] = []

  constructor(fixed: ReadonlySet<string>, volume: Volume) {
    this.#fixed = fixed
    this.#volume = volume
  }

  write(node: Node, args: readonly NodeId[]): NodeId {
    if (node.op === 'scatter') return this.#indicated(node, args)
    if (isReduction(node) && node.op === 'sum') return this.#summed(node.over, must(args[0], 'operand')) ?? this.builder.like(node, args)
    return this.builder.like(node, args)
  }

  /** out[axis = k] = sum of g where index = k. */
  #indicated(node: NodeOf<'scatter'>, args: readonly NodeId[]): NodeId {
    let [g, index] = args as [NodeId, NodeId]
    let over = node.over
    if (over.includes(node.axis)) {
      const other = `${node.axis}'`
      this.aliases[other] = node.axis
      g = this.builder.rename(g, node.axis, other)
      index = this.builder.rename(index, node.axis, other)
      over = [...without(over, [node.axis]), other]
    }
    const indicator = this.#m.equal(index, this.builder.index(node.axis))
    return this.builder.sum(over, this.#m.mul(g, indicator))
  }

  #summed(over: readonly string[], x: NodeId): NodeId | undefined {
    if (!this.#holdsDifference(x)) return undefined
    const terms = this.#terms(x)
    if (terms.length > MOST_TERMS) return undefined
    const sums = collected(terms).map(({ coefficient, factors }) => {
      const sum = this.builder.sum(over, this.#product(factors))
      return coefficient === 1 ? sum : this.#m.mul(this.#m.k(coefficient), sum)
    })
    const total = this.#m.plus(...sums)
    // Rounding must not make a sum of squares negative.
    return this.builder.node(x).op === 'square' ? this.#m.max(total, this.#m.k(0)) : total
  }

  #product(factors: readonly NodeId[]): NodeId {
    const left = [...factors]
    const squares: NodeId[] = []
    for (let first = left.shift(); first !== undefined; first = left.shift()) {
      const twin = left.indexOf(first)
      if (twin >= 0) left.splice(twin, 1)
      squares.push(twin >= 0 ? this.#m.square(first) : first)
    }
    return this.#m.times(...squares)
  }

  /** The node as a sum of products, opened as far as broadcast differences are inside. */
  #terms(id: NodeId): readonly ProductTerm[] {
    if (!this.#holdsDifference(id)) return [{ coefficient: 1, factors: [id] }]
    const { op, args } = this.builder.node(id)
    const [a, b] = args as [NodeId, NodeId]
    if (op === 'neg') return scaled(this.#terms(a), -1)
    if (op === 'square') return crossed(this.#terms(a), this.#terms(a))
    if (op === 'mul') return crossed(this.#terms(a), this.#terms(b))
    if (op === 'div') return crossed(this.#terms(a), [{ coefficient: 1, factors: [this.#m.reciprocal(b)] }])
    const sign = op === 'sub' ? -1 : 1
    if (!this.#isBroadcast(id)) return [...this.#terms(a), ...scaled(this.#terms(b), sign)]
    const middle = this.#middle(a, b)
    const centred = sign === -1 ? this.#m.sub(a, middle.of) : this.#m.add(a, this.#m.mul(this.#m.k(middle.sign), middle.of))
    const other = sign === -1 ? this.#m.sub(b, middle.of) : this.#m.sub(b, this.#m.mul(this.#m.k(middle.sign), middle.of))
    return [
      { coefficient: 1, factors: [centred] },
      { coefficient: sign, factors: [other] },
    ]
  }

  /** The mean of one operand over the axes that the other lacks; of the one that is fixed, so that it is worked out once. */
  #middle(a: NodeId, b: NodeId): { readonly of: NodeId; readonly sign: 1 | -1 } {
    const takesFirst = !this.#depends(a) && (this.#depends(b) || this.#size(a) <= this.#size(b))
    const [base, other] = takesFirst ? [a, b] : [b, a]
    const gone = without(this.builder.axes(base), this.builder.axes(other))
    const mean = gone.reduce((x, axis) => this.#m.div(x, this.builder.size(axis)), this.builder.sum(gone, base))
    return { of: mean, sign: takesFirst ? -1 : 1 }
  }

  #size(id: NodeId): number {
    return this.#volume(this.builder.axes(id))
  }

  /** Whether a sum or difference is much larger than both its operands. */
  #isBroadcast(id: NodeId): boolean {
    const { op, args } = this.builder.node(id)
    if (op !== 'add' && op !== 'sub') return false
    return this.#size(id) > LARGE && args.every((a) => this.#size(id) > GROWTH * this.#size(a))
  }

  #holdsDifference(id: NodeId): boolean {
    const known = this.#opens[id] ?? this.#lookForDifference(id)
    this.#opens[id] = known
    return known
  }

  #lookForDifference(id: NodeId): boolean {
    const { op, args } = this.builder.node(id)
    const [a, b] = args as [NodeId, NodeId]
    if (op === 'neg' || op === 'square' || op === 'div') return this.#holdsDifference(a)
    if (op === 'mul') return this.#holdsDifference(a) || this.#holdsDifference(b)
    if (op !== 'add' && op !== 'sub') return false
    return this.#isBroadcast(id) || this.#holdsDifference(a) || this.#holdsDifference(b)
  }

  #depends(id: NodeId): boolean {
    const known = this.#moves[id]
    if (known !== undefined) return known
    const node = this.builder.node(id)
    const moves = node.op === 'input' ? !this.#fixed.has(node.name) : node.args.some((a) => this.#depends(a))
    this.#moves[id] = moves
    return moves
  }
}

function scaled(terms: readonly ProductTerm[], by: number): readonly ProductTerm[] {
  return terms.map((t) => ({ ...t, coefficient: by * t.coefficient }))
}

function crossed(a: readonly ProductTerm[], b: readonly ProductTerm[]): readonly ProductTerm[] {
  return a.flatMap((s) => b.map((t) => ({ coefficient: s.coefficient * t.coefficient, factors: [...s.factors, ...t.factors] })))
}

/** Terms of the same factors are one. */
function collected(terms: readonly ProductTerm[]): readonly ProductTerm[] {
  const found = new Map<string, ProductTerm>()
  for (const term of terms) {
    const factors = term.factors.toSorted((a, b) => a - b)
    const before = found.get(factors.join())
    found.set(factors.join(), { coefficient: term.coefficient + (before?.coefficient ?? 0), factors })
  }
  return [...found.values()]
}
