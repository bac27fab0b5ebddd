import { must } from '../../base/internal-error.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import type { AxisMaker } from '../curvature/entries.ts'
import { freshAxis } from '../curvature/entries.ts'
import { pickByLevel } from '../marginalise/substitute.ts'
import { type ElementPosition, type ElementPositions, movedPositions, pickedPosition } from './references.ts'

/** Whether one element of the state has one level, 0 or 1; or the value of an element that has two. */
export interface Atom {
  /** The probability of 1, or of the upper value: over the axes of its positions, and of the level where there is one. */
  readonly q: NodeId
  /** Its mean, and the difference of its two values. */
  readonly mean: NodeId
  readonly width: number
  readonly positions: ElementPositions
  /** The axis that says which level; a spin or a bit is at its upper value. */
  readonly level?: string
}

/** `sum[over](coefficient * product of atoms)`. The axes in `over` are its own: no other monomial has them. */
export interface Monomial {
  readonly over: readonly string[]
  readonly coefficient: NodeId
  readonly atoms: readonly Atom[]
}

/** What monomials are computed with. */
export interface MonomialAlgebra {
  readonly builder: GraphBuilder
  readonly m: Maths
  readonly axes: AxisMaker
}

export function fixedMonomial(coefficient: NodeId): Monomial {
  return { over: [], coefficient, atoms: [] }
}

export function scaled({ m }: MonomialAlgebra, a: Monomial, factor: NodeId): Monomial {
  return { ...a, coefficient: m.mul(a.coefficient, factor) }
}

/** The product; of a monomial with itself, too. */
export function times(g: MonomialAlgebra, a: Monomial, b: Monomial): Monomial {
  const shared = b.over.filter((axis) => a.over.includes(axis))
  const { over, coefficient, atoms } = shared.reduce((x, axis) => renamedBound(g, x, axis), b)
  return { over: [...a.over, ...over], coefficient: g.m.mul(a.coefficient, coefficient), atoms: [...a.atoms, ...atoms] }
}

/** `sum[axes](a)`. */
export function summedOver(g: MonomialAlgebra, a: Monomial, axes: readonly string[]): Monomial {
  const bound = { ...a, over: [...a.over, ...axes] }
  return axes.reduce<Monomial>((x, axis) => renamedBound(g, x, axis), bound)
}

function renamedBound(g: MonomialAlgebra, a: Monomial, axis: string): Monomial {
  const to = freshAxis(g.axes, axis)
  const moved = substituted(g, { ...a, over: a.over.filter((x) => x !== axis) }, axis, { axis: to, offset: 0 })
  return { ...moved, over: [...moved.over, to] }
}

/** The monomial where an axis that is its own is at a position. */
export function substituted({ builder }: MonomialAlgebra, a: Monomial, axis: string, to: ElementPosition): Monomial {
  const index = 'node' in to ? to.node : must(to.offset === 0 ? builder.index(to.axis) : undefined, 'a position without an offset')
  const at = (x: NodeId): NodeId => (builder.axes(x).includes(axis) ? pickByLevel(builder, x, axis, index) : x)
  const atoms = a.atoms.map((atom) => ({
    ...atom,
    q: at(atom.q),
    mean: at(atom.mean),
    positions: new Map([...atom.positions].map(([site, p]) => [site, pickedPosition(builder, p, axis, index)] as const)),
    ...(atom.level === axis && !('node' in to) ? { level: to.axis } : {}),
  }))
  return { over: a.over.filter((x) => x !== axis), coefficient: at(a.coefficient), atoms }
}

/** A monomial moved as a whole by an operation that moves: `rename`, `shift`, `pick` by what does not depend on the state. */
export function movedMonomial({ builder }: MonomialAlgebra, node: Node, a: Monomial): Monomial {
  const others = node.args.slice(1)
  const move = (x: NodeId): NodeId => builder.like(node, [x, ...others])
  // A shift brings zeros in along an axis that is not there, too; the coefficient has them already.
  const moveOwn = (x: NodeId): NodeId => (node.op !== 'shift' || builder.axes(x).includes(node.axis) ? move(x) : x)
  const atoms = a.atoms.map((atom) => ({
    ...atom,
    q: moveOwn(atom.q),
    mean: moveOwn(atom.mean),
    positions: must(movedPositions(builder, node, atom.positions), node.op),
  }))
  return { ...a, coefficient: move(a.coefficient), atoms }
}

/** What comes before along an axis (after it, if `reverse`) and here, added up. */
export function accumulated(g: MonomialAlgebra, a: Monomial, axis: string, reverse: boolean): Monomial {
  const { m, builder } = g
  const from = freshAxis(g.axes, axis)
  const moved = substituted(g, a, axis, { axis: from, offset: 0 })
  const [here, there] = [builder.index(axis), builder.index(from)]
  const counts = reverse ? m.less_equal(here, there) : m.less_equal(there, here)
  return { ...moved, over: [...moved.over, from], coefficient: m.mul(moved.coefficient, counts) }
}

export function algebra(builder: GraphBuilder, axes: AxisMaker): MonomialAlgebra {
  return { builder, m: maths(builder), axes }
}
