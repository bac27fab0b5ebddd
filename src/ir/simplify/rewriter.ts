import { must } from '../../base/internal-error.ts'
import { GraphBuilder, without } from '../builder.ts'
import type { ElementwiseOp, Node, NodeId, NodeOf, Op, ReductionOp, Sizes, StructuralOp } from '../graph.ts'
import { applyScalar } from '../scalar.ts'

/** A local rule under the name of its equation; `write`: what to write instead, or undefined where it does not apply. */
export interface SimplifyRule<Write> {
  readonly name: string
  readonly write: Write
}

/** Instead of `op(a, b, c)`. */
export type ElementwiseWrite = (r: Rewriter, a: NodeId, b: NodeId, c: NodeId) => NodeId | undefined
export type ReductionWrite = (r: Rewriter, over: readonly string[], x: NodeId, op: ReductionOp) => NodeId | undefined
/** `sizes`: those that are known. */
export type StructureWrite<N extends Node> = (r: Rewriter, node: N, args: readonly NodeId[], sizes: Sizes) => NodeId | undefined

export type ElementwiseRule = SimplifyRule<ElementwiseWrite>
export type ReductionRule = SimplifyRule<ReductionWrite>
export type StructureRule<K extends StructuralOp> = SimplifyRule<StructureWrite<NodeOf<K>>>

export interface SimplifyRules {
  readonly elementwise: { readonly [K in ElementwiseOp]: readonly ElementwiseRule[] }
  readonly reduction: { readonly [K in ReductionOp]: readonly ReductionRule[] }
  readonly structure: { readonly [K in StructuralOp]: readonly StructureRule<K>[] }
}

/** The rows of a table as rules, which are tried in its order. */
export function named<Write>(rows: Readonly<Record<string, Write>>): readonly SimplifyRule<Write>[] {
  return Object.entries(rows).map(([name, write]) => ({ name, write }))
}

/** a + b and b + a are one node: the one that was written first. */
const commutative: ReadonlySet<ElementwiseOp> = new Set<ElementwiseOp>(['add', 'mul', 'equal'])

/** Writes nodes on a builder, each already simplified; operands are taken to be simplified before. */
export class Rewriter {
  readonly builder = new GraphBuilder()
  /** How often a rule was used. */
  fired = 0
  readonly #rules: SimplifyRules
  readonly #uses = new Map<NodeId, number>()

  constructor(rules: SimplifyRules) {
    this.#rules = rules
  }

  apply(op: ElementwiseOp, ...operands: readonly NodeId[]): NodeId {
    const swaps = commutative.has(op)
    const args = swaps ? this.#constantFirst(operands) : operands
    const folded = this.#folded(op, args)
    if (folded !== undefined) return folded
    const [a = 0, b = 0, c = 0] = args
    return (
      this.#first(this.#rules.elementwise[op], (write) => write(this, a, b, c)) ??
      (swaps ? this.builder.known(op, b, a) : undefined) ??
      this.builder.apply(op, ...args)
    )
  }

  reduce(op: ReductionOp, over: readonly string[], x: NodeId): NodeId {
    const present = over.filter((a) => this.axes(x).includes(a))
    const missing = without(over, present)
    const inner = present.length === 0 ? x : this.#reducePresent(op, present.toSorted(), x)
    if (op === 'sum') return missing.reduce((y, axis) => this.apply('mul', this.builder.size(axis), y), inner)
    return this.builder.reduce(op, missing, inner)
  }

  sum(over: readonly string[], x: NodeId): NodeId {
    return this.reduce('sum', over, x)
  }

  k(value: number): NodeId {
    return this.builder.constant(value)
  }

  axes(id: NodeId): readonly string[] {
    return this.builder.axes(id)
  }

  /** Whether a node varies over none of these axes. */
  lacks(id: NodeId, axes: readonly string[]): boolean {
    return !this.axes(id).some((a) => axes.includes(a))
  }

  /** The number, if the node is a constant. */
  value(id: NodeId): number | undefined {
    const node = this.builder.node(id)
    return node.op === 'const' ? node.value : undefined
  }

  /** The operands, if the node is this operation. */
  match(id: NodeId, op: Op): readonly [NodeId, NodeId, NodeId] | undefined {
    const node = this.builder.node(id)
    if (node.op !== op) return undefined
    const [a = -1, b = -1, c = -1] = node.args
    return [a, b, c]
  }

  is<K extends Op>(node: Node, op: K): node is NodeOf<K> {
    return node.op === op
  }

  /** Says that `id` stands for a node that the graph uses `times` times. */
  used(id: NodeId, times: number): void {
    this.#uses.set(id, (this.#uses.get(id) ?? 0) + times)
  }

  /** Whether nothing else is known to use the node: then writing its work elsewhere does not do it twice. */
  usedOnce(id: NodeId): boolean {
    return (this.#uses.get(id) ?? 1) <= 1
  }

  /** A structured operation as the rules write it; undefined where none applies. */
  restructured(node: Node, args: readonly NodeId[], sizes: Sizes): NodeId | undefined {
    const rules: readonly SimplifyRule<StructureWrite<never>>[] = this.#rules.structure[node.op as StructuralOp] ?? []
    return this.#first(rules, (write) => (write as StructureWrite<Node>)(this, node, args, sizes))
  }

  #reducePresent(op: ReductionOp, over: readonly string[], x: NodeId): NodeId {
    return this.#first(this.#rules.reduction[op], (write) => write(this, over, x, op)) ?? this.builder.reduce(op, over, x)
  }

  #first<Write>(rules: readonly SimplifyRule<Write>[], run: (write: Write) => NodeId | undefined): NodeId | undefined {
    for (const { write } of rules) {
      const found = run(write)
      if (found !== undefined) {
        this.fired += 1
        return found
      }
    }
    return undefined
  }

  #constantFirst(operands: readonly NodeId[]): readonly NodeId[] {
    const [a, b] = operands as readonly [NodeId, NodeId]
    return this.value(a) === undefined && this.value(b) !== undefined ? [b, a] : operands
  }

  #folded(op: ElementwiseOp, args: readonly NodeId[]): NodeId | undefined {
    const values: number[] = []
    for (const id of args) {
      const value = this.value(id)
      if (value === undefined) return undefined
      values.push(value)
    }
    this.fired += 1
    return this.k(applyScalar(op, values))
  }
}

export function operand(node: Node, k: number): NodeId {
  return must(node.args[k], `operand ${k} of ${node.op}`)
}
