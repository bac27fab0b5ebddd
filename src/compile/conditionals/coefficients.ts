import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import { freshAxis } from '../curvature/entries.ts'
import type { Entry, LinearAlgebra } from './entries.ts'
import { expanded } from './entries.ts'
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
  const entries = gradient.parts.get(1) ?? []
  const apart = (i: number): boolean =>
    entries.every((e) => {
      const c = must(e.coordinates[i], 'coordinate')
      return c.kind === 'tied' && c.name === c.axis && c.offset === 0
    })
  const mixes = axes.map((_, i) => !apart(i))
  const others = axes.map((axis, i) => (mixes[i] === true ? freshAxis(a.maker, axis) : axis))
  const parts = entries.map((e) => {
    const open = e.coordinates.reduce((entry, _, i) => (mixes[i] === true ? expanded(a, entry, i, others[i]) : entry), e)
    return called(a, open, others)
  })
  const mixing = axes.flatMap((axis, i) => (mixes[i] === true ? [{ axis, other: must(others[i], 'axis') }] : []))
  return { node: a.m.plus(...parts), mixing }
}

/** The value with its free coordinates called so: through names that nothing has where two change places. */
export function called(a: LinearAlgebra, { value, coordinates }: Entry, names: readonly string[]): NodeId {
  const { builder } = a.m
  const free = coordinates.flatMap((c, i) => (c.kind === 'free' ? [{ name: c.name, to: must(names[i], 'name'), axis: c.axis }] : []))
  const moved = free.filter((c) => c.name !== c.to)
  const steps = moved.map((c) => ({ ...c, aside: free.some((other) => other.name === c.to) ? freshAxis(a.maker, c.axis) : c.to }))
  const away = steps.reduce((v, c) => builder.rename(v, c.name, c.aside), value)
  return steps.reduce((v, c) => builder.rename(v, c.aside, c.to), away)
}
