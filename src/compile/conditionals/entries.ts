import { must } from '../../base/internal-error.ts'
import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { type AxisMaker, freshAxis } from '../curvature/entries.ts'

/**
 * The weights of a linear map from a variable to a node: one number for each pair of an element of the node and one of
 * the variable, as one graph over the node's axes and those of free coordinates.
 */
export interface Entry {
  readonly value: NodeId
  /** One for each axis of the variable. */
  readonly coordinates: readonly LinearCoordinate[]
}

/**
 * Which position along an axis of the variable an element of the node is about:
 * - `tied`: its own position along the node's axis `name`, less `offset`; nothing at other positions;
 * - `picked`: the one that `index`, over axes of the node, says; nothing at others;
 * - `free`: all of them, along an axis `name` that the node does not have.
 */
export type LinearCoordinate = { readonly axis: string } & (
  | { readonly kind: 'tied'; readonly name: string; readonly offset: number }
  | { readonly kind: 'picked'; readonly index: NodeId }
  | { readonly kind: 'free'; readonly name: string }
)

/** What entries are computed with: a writer of formulas and a source of axes that nothing else uses. */
export interface LinearAlgebra {
  readonly m: Maths
  readonly maker: AxisMaker
}

export function identity({ m }: LinearAlgebra, axes: readonly string[]): Entry {
  return { value: m.k(1), coordinates: axes.map((axis) => ({ axis, kind: 'tied', name: axis, offset: 0 })) }
}

/** The same entry for a node with more axes: free coordinates give way where they are called the same. */
export function lifted(a: LinearAlgebra, entry: Entry, axes: readonly string[]): Entry {
  return entry.coordinates.reduce((e, c, i) => {
    if (c.kind !== 'free' || !axes.includes(c.name)) return e
    const name = freshAxis(a.maker, c.axis)
    return { value: renamedFactors(a, e.value, c.name, name), coordinates: e.coordinates.with(i, { ...c, name }) }
  }, entry)
}

export function scaled(a: LinearAlgebra, entry: Entry, factor: NodeId, axes: readonly string[]): Entry {
  const e = lifted(a, entry, axes)
  return { ...e, value: a.m.mul(factor, e.value) }
}

/** `sum[over]`: a tied coordinate that goes leaves its axis to the variable's, a picked one is added up where it points. */
export function summed(a: LinearAlgebra, entry: Entry, over: readonly string[]): Entry {
  const { builder } = a.m
  let e = allButLastPick(a, entry, over)
  const gone = new Set<string>()
  for (const [i, c] of entry.coordinates.entries()) {
    if (c.kind !== 'tied' || !over.includes(c.name)) continue
    if (gone.has(c.name) || (c.offset !== 0 && isUsedTwice(a, e, c.name))) {
      e = expanded(a, e, i)
      continue
    }
    gone.add(c.name)
    e = {
      value: builder.shift(e.value, c.name, -c.offset),
      coordinates: e.coordinates.with(i, { axis: c.axis, kind: 'free', name: c.name }),
    }
  }
  const rest = new Set(without(over, [...gone]))
  for (const [i, c] of e.coordinates.entries()) {
    if (c.kind !== 'picked' || !touches(a, c, over)) continue
    const name = freshAxis(a.maker, c.axis)
    const added = builder.axes(c.index).filter((axis) => rest.delete(axis))
    e = { value: builder.scatter(e.value, name, c.index, added), coordinates: e.coordinates.with(i, { axis: c.axis, kind: 'free', name }) }
  }
  return { ...e, value: a.m.sum([...rest], e.value) }
}

/** Where several coordinates are picked along what is summed, one alone can be added up where it points. */
function allButLastPick(a: LinearAlgebra, entry: Entry, over: readonly string[]): Entry {
  const picks = entry.coordinates.flatMap((c, i) => (c.kind === 'picked' && touches(a, c, over) ? [i] : []))
  return picks.slice(0, -1).reduce((e, i) => expanded(a, e, i), entry)
}

function isUsedTwice(a: LinearAlgebra, e: Entry, axis: string): boolean {
  return e.coordinates.filter((c) => touches(a, c, [axis])).length > 1
}

/**
 * A weight along an axis that is called otherwise: factor by factor, so that those without the axis stay where a sum can leave
 * them out (a variance that moves, of a precision that is a sum over data).
 */
export function renamedFactors(a: LinearAlgebra, x: NodeId, from: string, to: string): NodeId {
  const { m } = a
  const known = new Map<NodeId, NodeId>()
  const again = (id: NodeId): NodeId => {
    const made = known.get(id) ?? factor(id)
    known.set(id, made)
    return made
  }
  const factor = (id: NodeId): NodeId => {
    const { op, args } = m.builder.node(id)
    const [first = id, second = id] = args
    if (!m.builder.axes(id).includes(from)) return id
    if (op === 'neg') return m.neg(again(first))
    if (op === 'mul') return m.mul(again(first), again(second))
    return op === 'div' ? m.div(again(first), again(second)) : m.builder.rename(id, from, to)
  }
  return again(x)
}

export function renamed(a: LinearAlgebra, entry: Entry, from: string, to: string): Entry {
  const e = lifted(a, entry, [to])
  const rename = (x: NodeId): NodeId => renamedFactors(a, x, from, to)
  const coordinates = e.coordinates.map((c): LinearCoordinate => {
    if (c.kind === 'picked') return { ...c, index: rename(c.index) }
    return c.kind === 'tied' && c.name === from ? { ...c, name: to } : c
  })
  return { value: rename(e.value), coordinates }
}

export function picked(a: LinearAlgebra, entry: Entry, axis: string, index: NodeId): Entry {
  const { builder } = a.m
  const e = lifted(
    a,
    along(a, entry, (c) => c.kind === 'tied' && c.name === axis && c.offset !== 0),
    builder.axes(index),
  )
  const coordinates = e.coordinates.map((c): LinearCoordinate => {
    if (c.kind === 'picked') return { ...c, index: builder.pick(c.index, axis, index) }
    return c.kind === 'tied' && c.name === axis ? { axis: c.axis, kind: 'picked', index } : c
  })
  return { value: builder.pick(e.value, axis, index), coordinates }
}

/** What was picked by the same index goes back to its own place. */
export function scattered(a: LinearAlgebra, entry: Entry, axis: string, index: NodeId, over: readonly string[]): Entry {
  const { builder } = a.m
  const home = entry.coordinates.findIndex((c) => c.kind === 'picked' && c.index === index)
  const own = entry.coordinates[home]
  const e = lifted(
    a,
    along(a, entry, (c) => c !== own && touches(a, c, over)),
    [axis, ...builder.axes(index)],
  )
  const coordinates = own === undefined ? e.coordinates : e.coordinates.with(home, { axis: own.axis, kind: 'tied', name: axis, offset: 0 })
  return { value: builder.scatter(e.value, axis, index, over), coordinates }
}

export function shifted(a: LinearAlgebra, entry: Entry, axis: string, by: number): Entry {
  const shift = (x: NodeId): NodeId => a.m.builder.shift(x, axis, by)
  const coordinates = entry.coordinates.map((c): LinearCoordinate => {
    // Positions that do not exist have weight 0, so any index does there.
    if (c.kind === 'picked') return touches(a, c, [axis]) ? { ...c, index: shift(c.index) } : c
    return c.kind === 'tied' && c.name === axis ? { ...c, offset: c.offset + by } : c
  })
  return { value: shift(entry.value), coordinates }
}

/** Any other linear map, which works along some axes of the node: the weights are mapped as the node's numbers are. */
export function mapped(
  a: LinearAlgebra,
  entry: Entry,
  works: readonly string[],
  axes: readonly string[],
  f: (value: NodeId) => NodeId,
): Entry {
  const e = lifted(
    a,
    along(a, entry, (c) => touches(a, c, works)),
    axes,
  )
  return { ...e, value: f(e.value) }
}

/** With coordinates that `which` says written out as zeros and ones. */
function along(a: LinearAlgebra, entry: Entry, which: (c: LinearCoordinate) => boolean): Entry {
  return entry.coordinates.reduce((e, c, i) => (which(c) ? expanded(a, e, i) : e), entry)
}

/** Coordinate i free: the entry is 0 at all positions but the one. `called`: the name of its axis, if it has to be one. */
export function expanded(a: LinearAlgebra, entry: Entry, i: number, called?: string): Entry {
  const { m } = a
  const c = must(entry.coordinates[i], 'coordinate')
  if (c.kind === 'free') return entry
  const name = called ?? freshAxis(a.maker, c.axis)
  const position = c.kind === 'picked' ? c.index : c.offset === 0 ? m.builder.index(c.name) : m.sub(m.builder.index(c.name), m.k(c.offset))
  const value = m.where(m.equal(m.builder.index(name), position), entry.value, m.k(0))
  return { value, coordinates: entry.coordinates.with(i, { axis: c.axis, kind: 'free', name }) }
}

function touches(a: LinearAlgebra, c: LinearCoordinate, axes: readonly string[]): boolean {
  if (c.kind === 'free') return false
  return c.kind === 'tied' ? axes.includes(c.name) : a.m.builder.axes(c.index).some((axis) => axes.includes(axis))
}
