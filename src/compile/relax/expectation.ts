import { must } from '../../base/internal-error.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { builtOf, reachable, replaced } from '../../ir/walk.ts'
import { type AxisMaker, freshAxis } from '../curvature/entries.ts'
import { pickByLevel } from '../marginalise/substitute.ts'
import { correction } from './corrections.ts'
import { fixedForm, formRuleOf, type MeanForm, MOST_FACTORS, MOST_TERMS } from './forms.ts'
import { type Atom, algebra, type MonomialAlgebra } from './monomials.ts'
import { type Occurrences, occurrences } from './references.ts'

/** Where E is no polynomial of few elements: at this node, and why, as the end of `its elements ...`. */
export interface NotMultilinear {
  readonly at: NodeId
  readonly how: string
}

/** A discrete state whose elements are independent. */
export interface Independent {
  readonly builder: GraphBuilder
  /** Its input. */
  readonly state: NodeId
  /** Its two values; absent for elements, whose levels are numbered from 0. */
  readonly values?: readonly [number, number]
  /** Probabilities: of the upper value, or over its axes and `level`. */
  readonly q: NodeId
  readonly level?: string
  /** What levels are numbered along. */
  readonly levels?: string
  readonly axes: AxisMaker
}

/** A function of several elements is a table over all their levels. */
const MOST_IN_TABLE = 3

/** The means of `roots` under independent elements, exactly; or where one of them is no polynomial. */
export function expectations(s: Independent, roots: readonly NodeId[]): readonly (NodeId | NotMultilinear)[] {
  const work = new Expectation(s, roots)
  return roots.map((root) => work.mean(root))
}

export const isNotMultilinear = (x: NodeId | MeanForm | NotMultilinear): x is NotMultilinear => typeof x === 'object' && 'how' in x

class Expectation {
  readonly #s: Independent
  readonly #g: MonomialAlgebra
  readonly #where: Occurrences
  readonly #done = new Map<NodeId, MeanForm | NotMultilinear>()

  constructor(s: Independent, roots: readonly NodeId[]) {
    this.#s = s
    this.#g = algebra(s.builder, s.axes)
    this.#where = occurrences(s.builder, reachable(s.builder, roots), s.state)
  }

  mean(root: NodeId): NodeId | NotMultilinear {
    if (!this.#where.of.has(root)) return root
    const form = this.#form(root)
    if (isNotMultilinear(form)) return form
    const several = form.monomials.filter((a) => a.atoms.length > 1)
    return this.#g.m.plus(form.mean, ...several.map((a) => correction(this.#g, a)))
  }

  #form(root: NodeId): MeanForm | NotMultilinear {
    return builtOf(
      root,
      this.#done,
      (id) => this.#operands(id),
      (id) => this.#build(id),
    )
  }

  /** What a polynomial is made of; nothing for functions of the levels themselves. */
  #operands(id: NodeId): readonly NodeId[] {
    return this.#isPolynomial(id) ? this.#s.builder.node(id).args.filter((a) => this.#where.of.has(a)) : []
  }

  /** Whether a node is taken apart. What is of one element alone and not linear is a function of its levels. */
  #isPolynomial(id: NodeId): boolean {
    const { references, of } = this.#where
    const node = this.#s.builder.node(id)
    const rule = formRuleOf(node)
    const depends = (k: number): boolean => of.has(must(node.args[k], 'operand'))
    if (rule === undefined || references.has(id) || !rule.applies(depends, node, this.#s.builder)) return false
    return rule.linear(depends) || of.get(id)?.size !== 1
  }

  #build(id: NodeId): MeanForm | NotMultilinear {
    const { builder } = this.#s
    const node = builder.node(id)
    if (!this.#isPolynomial(id)) {
      const references = this.#where.of.get(id)
      if (references !== undefined && references.size <= MOST_IN_TABLE) return this.#table(id, [...references])
      return { at: id, how: `meet inside \`${node.op}\`` }
    }
    const args = node.args.map((a) => (this.#where.of.has(a) ? must(this.#done.get(a), 'form') : fixedForm(a)))
    const bad = args.find(isNotMultilinear)
    if (bad !== undefined) return bad
    const forms = args as readonly MeanForm[]
    const rule = must(formRuleOf(node), 'rule')
    const monomials = rule.monomials(this.#g, forms, node)
    if (monomials.length > MOST_TERMS) return { at: id, how: 'make a polynomial of too many terms' }
    if (monomials.some((a) => a.atoms.length > MOST_FACTORS)) return { at: id, how: `are multiplied, more than ${MOST_FACTORS} of them` }
    const mean = builder.like(
      node,
      forms.map((a) => a.mean),
    )
    return { mean, monomials }
  }

  /** A function of the levels of one or a few elements. */
  #table(id: NodeId, references: readonly NodeId[]): MeanForm {
    if (this.#s.values === undefined) return this.#overLevels(id, references)
    return this.#where.references.has(id) ? this.#value(id) : this.#overValues(id, references, this.#s.values)
  }

  /** The node with the state at each reference replaced. */
  #at(id: NodeId, references: readonly NodeId[], values: readonly NodeId[]): NodeId {
    const moved = references.map((r, k) => [r, this.#moved(r, must(values[k], 'value'))] as const)
    return withLevels(this.#s.builder, id, new Map(moved))
  }

  #overLevels(id: NodeId, references: readonly NodeId[]): MeanForm {
    const { builder, axes, level = '', levels = '' } = this.#s
    const { m } = this.#g
    const own = references.map(() => freshAxis(axes, levels))
    const coefficient = this.#at(
      id,
      references,
      own.map((axis) => builder.index(axis)),
    )
    const atoms = references.map((r, k) => this.#atom(r, builder.rename(this.#s.q, level, must(own[k], 'level')), own[k]))
    const mean = own.reduceRight((x, axis, k) => m.sum([axis], m.mul(must(atoms[k], 'atom').q, x)), coefficient)
    return { mean, monomials: [{ over: own, coefficient, atoms }] }
  }

  /** An element of two values by itself. */
  #value(reference: NodeId): MeanForm {
    const atom = this.#atom(reference, this.#s.q)
    return { mean: atom.mean, monomials: [{ over: [], coefficient: this.#g.m.k(1), atoms: [atom] }] }
  }

  /** By Moebius inversion over which of the elements are at their upper value. */
  #overValues(id: NodeId, references: readonly NodeId[], [low, high]: readonly [number, number]): MeanForm {
    const { m } = this.#g
    const atoms = references.map((r) => this.#indicator(this.#atom(r, this.#s.q)))
    const subsets = Array.from({ length: 1 << references.length }, (_, set) => set)
    const has = (set: number, k: number): boolean => ((set >> k) & 1) === 1
    const table = subsets.map((set) =>
      this.#at(
        id,
        references,
        references.map((_, k) => m.k(has(set, k) ? high : low)),
      ),
    )
    const differences = references.reduce<readonly NodeId[]>(
      (values, _, k) => values.map((v, set) => (has(set, k) ? m.sub(v, must(values[set - (1 << k)], 'value')) : v)),
      table,
    )
    const monomials = subsets.map((set) => ({
      over: [],
      coefficient: must(differences[set], 'difference'),
      atoms: atoms.filter((_, k) => has(set, k)),
    }))
    // A weighted mean, not a difference: where a level is impossible, its energy is infinite.
    const weight = (set: number): NodeId => m.times(...atoms.map(({ q }, k) => (has(set, k) ? q : m.sub(m.k(1), q))))
    return { mean: m.plus(...table.map((value, set) => m.mul(weight(set), value))), monomials }
  }

  /** Whether an element has its upper value. */
  #indicator(atom: Atom): Atom {
    return { ...atom, mean: atom.q, width: 1 }
  }

  #atom(reference: NodeId, q: NodeId, level?: string): Atom {
    const { builder, values } = this.#s
    const { m } = this.#g
    const moved = this.#moved(reference, q)
    const positions = must(this.#where.references.get(reference), 'reference')
    if (values !== undefined) {
      const [low, high] = values
      const mean = this.#moved(reference, m.add(m.k(low), m.mul(m.k(high - low), q)))
      return { q: moved, mean, width: high - low, positions }
    }
    // What a shift brings in from beyond the end has level 0.
    const there = this.#moved(reference, m.k(1))
    const beyond = m.mul(m.sub(m.k(1), there), m.equal(builder.index(level ?? ''), m.k(0)))
    const all = there === m.k(1) ? moved : m.add(moved, beyond)
    return { q: all, mean: all, width: 1, positions, ...(level !== undefined && { level }) }
  }

  /** A reference to the state, to something else in its place. */
  #moved(reference: NodeId, x: NodeId): NodeId {
    return must(replaced(this.#s.builder, [reference], new Map([[this.#s.state, x]]))[0], 'moved')
  }
}

/** `root` with references replaced; picks by a level become the table itself. */
function withLevels(builder: GraphBuilder, root: NodeId, replacement: ReadonlyMap<NodeId, NodeId>): NodeId {
  const done = new Map(replacement)
  for (const id of reachable(builder, [root])) {
    const node = builder.node(id)
    if (done.has(id) || !node.args.some((a) => done.has(a))) continue
    const args = node.args.map((a) => done.get(a) ?? a)
    const picks = node.op === 'pick'
    done.set(id, picks ? pickByLevel(builder, args[0] as NodeId, node.axis, args[1] as NodeId) : builder.like(node, args))
  }
  return done.get(root) ?? root
}
