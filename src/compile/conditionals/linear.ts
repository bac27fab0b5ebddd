import { union, without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Entry, LinearAlgebra, LinearCoordinate } from './entries.ts'
import * as entries from './entries.ts'

/** What a variable x may come in, element by element: a power of it (`1` is x itself), log x or log(1 - x). */
export type Statistic = number | 'log' | 'log1m'

/**
 * A node as a function of one variable: a part without it, and a linear combination of its statistics with graphs as
 * weights. `quadratic`: products of two linear parts besides, whose weights `gradient.ts` finds.
 */
export interface Linear {
  readonly axes: readonly string[]
  readonly constant: NodeId
  readonly parts: ReadonlyMap<Statistic, readonly Entry[]>
  readonly quadratic: boolean
  /** Set where each element is nothing but `scale` times a power of one element of the variable. */
  readonly single?: Single
}

export interface Single {
  readonly power: number
  readonly scale: NodeId
  readonly coordinates: readonly LinearCoordinate[]
}

export function free({ m }: LinearAlgebra, constant: NodeId): Linear {
  return { axes: m.builder.axes(constant), constant, parts: new Map(), quadratic: false }
}

export function isFree({ parts, quadratic }: Linear): boolean {
  return parts.size === 0 && !quadratic
}

/** Whether it is a weighted sum of elements of the variable itself, and a part without it. */
export function isAffine({ parts, quadratic }: Linear): boolean {
  return !quadratic && [...parts.keys()].every((statistic) => statistic === 1)
}

export function variable(a: LinearAlgebra, axes: readonly string[]): Linear {
  const entry = entries.identity(a, axes)
  return power(a, { power: 1, scale: a.m.k(1), coordinates: entry.coordinates }, axes)
}

/** `scale * x^power`. */
export function power({ m }: LinearAlgebra, single: Single, axes: readonly string[]): Linear {
  const { power: p, scale, coordinates } = single
  if (p === 0) return { axes, constant: scale, parts: new Map(), quadratic: false }
  return { axes, constant: m.k(0), parts: new Map([[p, [{ value: scale, coordinates }]]]), quadratic: false, single }
}

export function plus(a: LinearAlgebra, x: Linear, y: Linear): Linear {
  const axes = union([x.axes, y.axes])
  const [p, q] = [spread(a, x, axes), spread(a, y, axes)]
  const parts = new Map(p.parts)
  for (const [statistic, more] of q.parts) parts.set(statistic, [...(parts.get(statistic) ?? []), ...more])
  return { axes, constant: a.m.add(x.constant, y.constant), parts, quadratic: x.quadratic || y.quadratic }
}

/** For a node with more axes. */
function spread(a: LinearAlgebra, x: Linear, axes: readonly string[]): Linear {
  return { ...x, axes, parts: each(x, (e) => entries.lifted(a, e, axes)) }
}

function each({ parts }: Linear, f: (e: Entry) => Entry): Linear['parts'] {
  return new Map([...parts].map(([statistic, own]) => [statistic, own.map(f)]))
}

/** Times a factor without the variable. */
export function times(a: LinearAlgebra, x: Linear, factor: NodeId): Linear {
  const axes = union([x.axes, a.m.builder.axes(factor)])
  const single = x.single && { ...x.single, scale: a.m.mul(factor, x.single.scale) }
  const parts = each(x, (e) => entries.scaled(a, e, factor, axes))
  return { axes, constant: a.m.mul(factor, x.constant), parts, quadratic: x.quadratic, ...(single && { single }) }
}

export function negated(a: LinearAlgebra, x: Linear): Linear {
  return times(a, x, a.m.k(-1))
}

/** x where a condition without the variable holds, 0 elsewhere. */
export function onlyWhere(a: LinearAlgebra, condition: NodeId, x: Linear): Linear {
  const { m } = a
  const axes = union([x.axes, m.builder.axes(condition)])
  const keep = (value: NodeId): NodeId => m.where(condition, value, m.k(0))
  const parts = each(spread(a, x, axes), (e) => ({ ...e, value: keep(e.value) }))
  return { axes, constant: keep(x.constant), parts, quadratic: x.quadratic }
}

/** Where two powers are of the same elements. */
export function isSamePlace(a: readonly LinearCoordinate[], b: readonly LinearCoordinate[]): boolean {
  return a.every((c, i) => {
    const d = b[i]
    if (c.kind === 'tied') return d?.kind === 'tied' && d.name === c.name && d.offset === c.offset
    return c.kind === 'picked' && d?.kind === 'picked' && d.index === c.index
  })
}

export function summed(a: LinearAlgebra, x: Linear, over: readonly string[]): Linear {
  const axes = without(x.axes, over)
  return { axes, constant: a.m.sum(over, x.constant), parts: each(x, (e) => entries.summed(a, e, over)), quadratic: x.quadratic }
}

export function renamed(a: LinearAlgebra, x: Linear, from: string, to: string): Linear {
  const axes = union([without(x.axes, [from]), [to]])
  const move = (id: NodeId): NodeId => a.m.builder.rename(id, from, to)
  return moved(x, axes, move, (e) => entries.renamed(a, e, from, to))
}

export function picked(a: LinearAlgebra, x: Linear, axis: string, index: NodeId): Linear {
  const axes = union([without(x.axes, [axis]), a.m.builder.axes(index)])
  const move = (id: NodeId): NodeId => a.m.builder.pick(id, axis, index)
  return moved(x, axes, move, (e) => entries.picked(a, e, axis, index))
}

/** What only takes elements: a power of one element stays one. */
function moved(x: Linear, axes: readonly string[], move: (id: NodeId) => NodeId, f: (e: Entry) => Entry): Linear {
  const at = x.single && f({ value: x.single.scale, coordinates: x.single.coordinates })
  const stays = at?.coordinates.every((c) => c.kind !== 'free') === true
  const single = x.single && at && stays ? { single: { power: x.single.power, scale: at.value, coordinates: at.coordinates } } : {}
  return { axes, constant: move(x.constant), parts: each(x, f), quadratic: x.quadratic, ...single }
}

export function scattered(a: LinearAlgebra, x: Linear, axis: string, index: NodeId, over: readonly string[]): Linear {
  const axes = union([without(union([x.axes, a.m.builder.axes(index)]), over), [axis]])
  const constant = a.m.builder.scatter(x.constant, axis, index, over)
  return { axes, constant, parts: each(x, (e) => entries.scattered(a, e, axis, index, over)), quadratic: x.quadratic }
}

export function shifted(a: LinearAlgebra, x: Linear, axis: string, by: number): Linear {
  const constant = a.m.builder.shift(x.constant, axis, by)
  return { axes: x.axes, constant, parts: each(x, (e) => entries.shifted(a, e, axis, by)), quadratic: x.quadratic }
}

/** Any other linear map that works along some axes. */
export function mapped(
  a: LinearAlgebra,
  x: Linear,
  works: readonly string[],
  axes: readonly string[],
  f: (value: NodeId) => NodeId,
): Linear {
  const all = union([x.axes, axes])
  return { axes, constant: f(x.constant), parts: each(x, (e) => entries.mapped(a, e, works, all, f)), quadratic: x.quadratic }
}
