import { must } from '../../base/internal-error.ts'
import { factored, inverseByFactor } from '../../families/formulas/factors.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { ValueType } from '../../middle/model.ts'
import { freshAxis } from '../curvature/entries.ts'
import type { Entry, LinearAlgebra } from './entries.ts'
import { expanded, renamedFactors } from './entries.ts'
import type { Linear, Statistic } from './linear.ts'

/** The weight of a statistic in a scalar, over the axes of the variable. */
export function weightOf(a: LinearAlgebra, linear: Linear, statistic: Statistic): NodeId {
  const own = (linear.parts.get(statistic) ?? []).map((e) => {
    const open = e.coordinates.reduce((entry, _, i) => expanded(a, entry, i), e)
    return called(
      a,
      open,
      open.coordinates.map((c) => c.axis),
    )
  })
  return a.m.plus(...own)
}

export interface PrecisionNodes {
  /** Over the axes of the variable, and for each axis that mixes over its second name. */
  readonly node: NodeId
  readonly mixing: readonly Mixing[]
}

/** An axis of a variable along which its elements meet, and what it is called the second time. */
export interface Mixing {
  readonly axis: string
  readonly other: string
}

/**
 * The second derivatives from a gradient that is linear in the variable. Along an axis where each element of the
 * gradient is about its own position alone, elements do not meet, and the matrix has that axis once, if at all.
 */
export function precisionOf(a: LinearAlgebra, gradient: Linear, axes: readonly string[]): PrecisionNodes {
  const { nodes, mixing } = precisionsOf(a, [gradient], axes)
  return { node: must(nodes[0], 'precision'), mixing }
}

/** Of several gradients whose sum is looked at: all matrices have twice the axes along which elements meet in one of them. */
export function precisionsOf(
  a: LinearAlgebra,
  gradients: readonly Linear[],
  axes: readonly string[],
): { readonly nodes: readonly NodeId[]; readonly mixing: readonly Mixing[] } {
  const names = namesOf(
    a,
    gradients.flatMap((g) => g.parts.get(1) ?? []),
    axes,
    (place, axis) => place === axis,
  )
  const nodes = gradients.map((g) => weightsOver(a, g.parts.get(1) ?? [], names))
  return { nodes, mixing: names.flatMap(({ axis, name }) => (name === axis ? [] : [{ axis, other: name }])) }
}

/**
 * The weights of a variable in a node that is linear in it, over the axes of the node and those of the variable, which are
 * `called` so. Where all weights are of one place along an axis, that of the node's own axis, the two are one axis.
 */
export function derivativeOf(
  a: LinearAlgebra,
  linear: Linear,
  axes: readonly string[],
  mayShare: (place: string, axis: string) => boolean = () => true,
): { readonly node: NodeId; readonly called: readonly string[] } {
  const entries = linear.parts.get(1) ?? []
  const names = namesOf(a, entries, axes, mayShare)
  return { node: weightsOver(a, entries, names), called: names.map((n) => n.name) }
}

/** What an axis of a variable is called in its weights; `shared`: it is one with an axis of the node. */
interface WeightAxis {
  readonly axis: string
  readonly name: string
  readonly shared: boolean
}

function namesOf(
  a: LinearAlgebra,
  entries: readonly Entry[],
  axes: readonly string[],
  mayShare: (place: string, axis: string) => boolean,
): readonly WeightAxis[] {
  return axes.map((axis, i) => {
    const own = entries.length === 0 ? axis : sharedBy(entries, i, mayShare)
    return own === undefined ? { axis, name: freshAxis(a.maker, axis), shared: false } : { axis, name: own, shared: true }
  })
}

function weightsOver(a: LinearAlgebra, entries: readonly Entry[], names: readonly WeightAxis[]): NodeId {
  const parts = entries.map((e) => {
    const open = e.coordinates.reduce((entry, _, i) => (names[i]?.shared === true ? entry : expanded(a, entry, i, names[i]?.name)), e)
    return called(
      a,
      open,
      names.map((n) => n.name),
    )
  })
  return a.m.plus(...parts)
}

/** The axis of the node at whose own place all weights along axis i of the variable are. */
function sharedBy(entries: readonly Entry[], i: number, mayShare: (place: string, axis: string) => boolean): string | undefined {
  const all = entries.map((e) => must(e.coordinates[i], 'coordinate'))
  const [first] = all
  if (first?.kind !== 'tied' || !mayShare(first.name, first.axis)) return undefined
  return all.every((c) => c.kind === 'tied' && c.name === first.name && c.offset === 0) ? first.name : undefined
}

/** The value with its free coordinates called so: through names that nothing has where two change places. */
export function called(a: LinearAlgebra, { value, coordinates }: Entry, names: readonly string[]): NodeId {
  const free = coordinates.flatMap((c, i) => (c.kind === 'free' ? [{ name: c.name, to: must(names[i], 'name'), axis: c.axis }] : []))
  const moved = free.filter((c) => c.name !== c.to)
  const steps = moved.map((c) => ({ ...c, aside: free.some((other) => other.name === c.to) ? freshAxis(a.maker, c.axis) : c.to }))
  const away = steps.reduce((v, c) => renamedFactors(a, v, c.name, c.aside), value)
  return steps.reduce((v, c) => renamedFactors(a, v, c.aside, c.to), away)
}

/** A statistic of a variable, element by element; of a matrix, its inverse or the logarithm of its determinant. */
export function statisticOf(m: Maths, statistic: Statistic, x: NodeId, type: ValueType): NodeId {
  if (type.kind === 'covariance' && statistic !== 1) {
    const factor = factored(m, x, type.rows, type.columns)
    return statistic === 'log' ? factor.logDeterminant : inverseByFactor(m, factor, type.columns)
  }
  if (statistic === 'log') return m.log(x)
  return statistic === 'log1m' ? m.log1p(m.neg(x)) : m.pow(x, m.k(statistic))
}
