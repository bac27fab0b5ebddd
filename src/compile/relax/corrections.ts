import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import { sumFactored } from '../factor.ts'
import { type Atom, type Monomial, type MonomialAlgebra, substituted } from './monomials.ts'
import { type ElementPosition, positionNode } from './references.ts'

/**
 * The mean of a monomial under independent elements less the product of the means of its atoms: what it takes that a power of
 * an element is the element again (b^2 = b, s^2 = 1). By cumulants, whose blocks are of one and the same element:
 * the mean is the sum over partitions of the atoms of the products of the cumulants of their blocks (Leonov & Shiryaev 1959).
 */
export function correction(g: MonomialAlgebra, monomial: Monomial): NodeId {
  const own = partitions(monomial.atoms.map((_, k) => k)).filter((p) => p.some((block) => block.length > 1))
  return g.m.plus(...own.flatMap((p) => withBlocks(g, monomial, p)))
}

/** A monomial whose atoms turned out to be of fewer elements, and what is multiplied besides the coefficient. */
interface Weighed {
  readonly monomial: Monomial
  readonly factors: readonly ((atoms: readonly Atom[]) => NodeId)[]
  readonly scale: number
}

function withBlocks(g: MonomialAlgebra, monomial: Monomial, blocks: Partition): readonly NodeId[] {
  const met = blocks.reduce<Monomial | undefined>((a, block) => a && meeting(g, a, block), monomial)
  if (met === undefined) return []
  const start: readonly Weighed[] = [{ monomial: met, factors: [], scale: 1 }]
  return blocks.reduce((all, block) => all.flatMap((w) => cumulant(g, w, block)), start).map((w) => written(g, w))
}

const atomAt = (atoms: readonly Atom[], k: number | undefined): Atom => must(atoms[k ?? -1], 'atom')

/** The cumulant of a block by the moments of its parts: `sum over partitions of (-1)^(n-1) (n-1)! times moments`. */
function cumulant(g: MonomialAlgebra, { monomial, factors, scale }: Weighed, block: readonly number[]): readonly Weighed[] {
  if (block.length === 1) return [{ monomial, factors: [...factors, (atoms) => atomAt(atoms, block[0]).mean], scale }]
  // A constant that is added changes no cumulant but the first.
  const widths = block.reduce((product, k) => product * atomAt(monomial.atoms, k).width, scale)
  return partitions(block).map((parts) => ({
    monomial: parts.reduce((a, part) => oneLevel(g, a, part), monomial),
    factors: [
      ...factors,
      ...parts.map(
        ([first]) =>
          (atoms: readonly Atom[]) =>
            atomAt(atoms, first).q,
      ),
    ],
    scale: widths * (parts.length % 2 === 1 ? 1 : -1) * factorial(parts.length - 1),
  }))
}

/** Atoms of one element are all 1 only where they are about one level. */
function oneLevel(g: MonomialAlgebra, monomial: Monomial, [first, ...others]: readonly number[]): Monomial {
  return others.reduce((a, k) => {
    const [one, other] = [atomAt(a.atoms, first).level, atomAt(a.atoms, k).level]
    return one === undefined || other === undefined || one === other ? a : substituted(g, a, other, { axis: one, offset: 0 })
  }, monomial)
}

function written({ m }: MonomialAlgebra, { monomial, factors, scale }: Weighed): NodeId {
  const weights = factors.map((factor) => factor(monomial.atoms))
  return sumFactored(m, monomial.over, m.times(m.k(scale), ...weights, monomial.coefficient))
}

/** The monomial where all atoms of a block are of one element; undefined where they never are. */
function meeting(g: MonomialAlgebra, monomial: Monomial, [first, ...others]: readonly number[]): Monomial | undefined {
  let met = monomial
  for (const k of others) {
    for (const axis of atomAt(monomial.atoms, first).positions.keys()) {
      const at = (atom: number): ElementPosition => must(atomAt(met.atoms, atom).positions.get(axis), axis)
      const next = where(g, met, at(first as number), at(k))
      if (next === undefined) return undefined
      met = next
    }
  }
  return met
}

/** The monomial where two positions are the same. */
function where(g: MonomialAlgebra, a: Monomial, p: ElementPosition, q: ElementPosition): Monomial | undefined {
  const { builder, m } = g
  if ('axis' in p && 'axis' in q && p.axis === q.axis) return p.offset === q.offset ? a : undefined
  if ('node' in p && 'node' in q && p.node === q.node) return a
  if (isOwn(a, q) && isPlain(p)) return substituted(g, a, q.axis, p)
  if (isOwn(a, p) && isPlain(q)) return substituted(g, a, p.axis, q)
  return { ...a, coefficient: m.mul(a.coefficient, m.equal(positionNode(builder, p), positionNode(builder, q))) }
}

/** All positions along an axis that is summed over. */
function isOwn(a: Monomial, p: ElementPosition): p is { readonly axis: string; readonly offset: number } {
  return 'axis' in p && p.offset === 0 && a.over.includes(p.axis)
}

/** A position that is always there. */
function isPlain(p: ElementPosition): boolean {
  return 'node' in p || p.offset === 0
}

type Partition = readonly (readonly number[])[]

/** All ways to put things into blocks. */
function partitions([first, ...others]: readonly number[]): readonly Partition[] {
  if (first === undefined) return [[]]
  return partitions(others).flatMap((p) => [[[first], ...p], ...p.map((block, k) => p.with(k, [first, ...block]))])
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1)
}
