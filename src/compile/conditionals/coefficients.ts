import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
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
  const { node, called: names } = derivativeOf(a, gradient, axes, (place, axis) => place === axis)
  return { node, mixing: axes.flatMap((axis, i) => (names[i] === axis ? [] : [{ axis, other: must(names[i], 'axis') }])) }
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
  if (entries.length === 0) return { node: a.m.k(0), called: axes }
  const names = axes.map((axis, i) => sharedBy(entries, i, mayShare) ?? freshAxis(a.maker, axis))
  const own = axes.map((_, i) => sharedBy(entries, i, mayShare) !== undefined)
  const parts = entries.map((e) => {
    const open = e.coordinates.reduce((entry, _, i) => (own[i] === true ? entry : expanded(a, entry, i, names[i])), e)
    return called(a, open, names)
  })
  return { node: a.m.plus(...parts), called: names }
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
