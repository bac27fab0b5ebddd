import { must } from '../../base/internal-error.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId, NodeOf, Op } from '../../ir/graph.ts'
import { accumulated, fixedMonomial, type Monomial, type MonomialAlgebra, movedMonomial, scaled, summedOver, times } from './monomials.ts'

/** A node as a polynomial of atoms, and its mean if no two of them were of one element. */
export interface MeanForm {
  readonly mean: NodeId
  readonly monomials: readonly Monomial[]
}

/** Products of more elements than these, and polynomials of more terms, are not written out. */
export const MOST_FACTORS = 4
export const MOST_TERMS = 256

export function fixedForm(id: NodeId): MeanForm {
  return { mean: id, monomials: [fixedMonomial(id)] }
}

/** What a polynomial of operands is. */
export interface FormRule<N extends Node> {
  /** Whether it holds with these operands depending on the state. */
  readonly applies: (depends: (operand: number) => boolean, node: N, builder: GraphBuilder) => boolean
  /** Whether it is linear in what depends on the state. */
  readonly linear: (depends: (operand: number) => boolean) => boolean
  readonly monomials: (g: MonomialAlgebra, args: readonly MeanForm[], node: N) => readonly Monomial[]
}

const always = (): boolean => true
const never = (): boolean => false
const firstAlone = (depends: (operand: number) => boolean): boolean => !depends(1)
const each =
  <N extends Node>(f: (g: MonomialAlgebra, a: Monomial, node: N) => Monomial): FormRule<N>['monomials'] =>
  (g, [a], node) =>
    must(a, 'operand').monomials.map((x) => f(g, x, node))

const rules: { readonly [K in Op]?: FormRule<NodeOf<K>> } = {
  neg: { applies: always, linear: always, monomials: each((g, a) => scaled(g, a, g.m.k(-1))) },
  add: { applies: always, linear: always, monomials: (_, args) => args.flatMap((a) => a.monomials) },
  sub: {
    applies: always,
    linear: always,
    monomials: (g, [a, b]) => [...monomialsOf(a), ...monomialsOf(b).map((x) => scaled(g, x, g.m.k(-1)))],
  },
  mul: {
    applies: always,
    linear: (depends) => !(depends(0) && depends(1)),
    monomials: (g, [a, b]) => productOf(g, monomialsOf(a), monomialsOf(b)),
  },
  div: {
    applies: firstAlone,
    linear: always,
    monomials: each((g, a, { args }) => ({ ...a, coefficient: g.m.div(a.coefficient, args[1] as NodeId) })),
  },
  square: { applies: always, linear: never, monomials: (g, [a]) => productOf(g, monomialsOf(a), monomialsOf(a)) },
  pow: {
    applies: (depends, { args }, builder) => !depends(1) && wholePower(builder, args[1] as NodeId) !== undefined,
    linear: never,
    monomials: (g, [a], { args }) => powerOf(g, monomialsOf(a), must(wholePower(g.builder, args[1] as NodeId), 'power')),
  },
  where: {
    applies: (depends) => !depends(0),
    linear: always,
    monomials: (g, [, yes, no], { args }) => [
      ...monomialsOf(yes).map((a) => ({ ...a, coefficient: g.m.where(args[0] as NodeId, a.coefficient, g.m.k(0)) })),
      ...monomialsOf(no).map((a) => ({ ...a, coefficient: g.m.where(args[0] as NodeId, g.m.k(0), a.coefficient) })),
    ],
  },
  sum: { applies: always, linear: always, monomials: each((g, a, { over }) => summedOver(g, a, over)) },
  cumsum: { applies: always, linear: always, monomials: each((g, a, { axis, reverse }) => accumulated(g, a, axis, reverse)) },
  rename: { applies: always, linear: always, monomials: each((g, a, node) => movedMonomial(g, node, a)) },
  shift: { applies: always, linear: always, monomials: each((g, a, node) => movedMonomial(g, node, a)) },
  pick: { applies: firstAlone, linear: always, monomials: each((g, a, node) => movedMonomial(g, node, a)) },
}

/** How a polynomial is made of polynomials; undefined for other operations. */
export function formRuleOf(node: Node): FormRule<Node> | undefined {
  return rules[node.op] as FormRule<Node> | undefined
}

function monomialsOf(form: MeanForm | undefined): readonly Monomial[] {
  return must(form, 'operand').monomials
}

/** No more than one term too many. */
function productOf(g: MonomialAlgebra, a: readonly Monomial[], b: readonly Monomial[]): readonly Monomial[] {
  const product: Monomial[] = []
  for (const x of a) for (const y of b) if (product.length <= MOST_TERMS) product.push(times(g, x, y))
  return product
}

function powerOf(g: MonomialAlgebra, a: readonly Monomial[], power: number): readonly Monomial[] {
  return power === 1 ? a : productOf(g, a, powerOf(g, a, power - 1))
}

/** A power that is written out as a product. */
function wholePower(builder: GraphBuilder, id: NodeId): number | undefined {
  const node = builder.node(id)
  return node.op === 'const' && Number.isInteger(node.value) && node.value >= 1 && node.value <= MOST_FACTORS ? node.value : undefined
}
