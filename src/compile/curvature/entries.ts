import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { EnergyAxis } from '../../middle/energy-axis.ts'

/**
 * A number for each pair (element of a node, element of a state): a weight of a linear map or a diagonal curvature.
 * Held as one node over the node's axes and the state's. Along a *tied* coordinate the pair counts only where the two
 * positions agree (the node's less `offset`), so one axis serves both; an untied coordinate has an axis of its own.
 */
export interface CurvatureEntry {
  readonly value: NodeId
  /** One per axis of the state. */
  readonly coordinates: readonly CurvatureCoordinate[]
}

export interface CurvatureCoordinate {
  /** The state's axis. */
  readonly axis: string
  /** What it is called among the axes of `value`. */
  readonly name: string
  readonly tied: boolean
  readonly offset: number
}

/** Entries by state, to be added up. A state that is absent has 0. */
export type Entries = ReadonlyMap<string, readonly CurvatureEntry[]>

export const zero: Entries = new Map()

/** Makes axes that nothing else uses. */
export interface AxisMaker {
  readonly made: { readonly name: string; readonly size: Extract<EnergyAxis['size'], { readonly kind: 'same' | 'product' }> }[]
  readonly taken: Set<string>
}

export function freshAxis(maker: AxisMaker, as: string): string {
  let name = `${as}'`
  while (maker.taken.has(name)) name += "'"
  maker.taken.add(name)
  maker.made.push({ name, size: { kind: 'same', as } })
  return name
}

/** One for the elements of several axes together. */
export function productAxis(maker: AxisMaker, of: readonly string[]): string {
  let name = of.join(' * ')
  while (maker.taken.has(name)) name += "'"
  maker.taken.add(name)
  maker.made.push({ name, size: { kind: 'product', of } })
  return name
}

/** How entries are computed with: the builder's maths and a source of axes. */
export interface EntryAlgebra {
  readonly m: Maths
  readonly axes: AxisMaker
}

/** One entry per state, 1 where node and state are the same element. */
export function identity({ m }: EntryAlgebra, state: string, axes: readonly string[]): Entries {
  return new Map([[state, [{ value: m.k(1), coordinates: axes.map((axis) => ({ axis, name: axis, tied: true, offset: 0 })) }]]])
}

export function plus(a: Entries, b: Entries): Entries {
  if (a.size === 0) return b
  if (b.size === 0) return a
  const out = new Map(a)
  for (const [state, entries] of b) out.set(state, [...(out.get(state) ?? []), ...entries])
  return out
}

export function mapEntries(all: Entries, f: (e: CurvatureEntry) => CurvatureEntry): Entries {
  return new Map([...all].map(([state, entries]) => [state, entries.map(f)]))
}

/** f of every value; the value must stay over axes that the node has. */
export function mapValues(all: Entries, f: (value: NodeId) => NodeId): Entries {
  return mapEntries(all, (e) => ({ ...e, value: f(e.value) }))
}

export function negated({ m }: EntryAlgebra, all: Entries): Entries {
  return mapValues(all, (v) => m.neg(v))
}

/** The same entries for a node that has `axes` (a superset): untied coordinates give way where they are called the same. */
export function lifted(a: EntryAlgebra, all: Entries, axes: readonly string[]): Entries {
  return mapEntries(all, (e) => liftedOne(a, e, axes))
}

function liftedOne(a: EntryAlgebra, e: CurvatureEntry, axes: readonly string[]): CurvatureEntry {
  return e.coordinates.reduce((entry, c, i) => {
    if (c.tied || !axes.includes(c.name)) return entry
    const name = freshAxis(a.axes, c.axis)
    const coordinates = entry.coordinates.with(i, { ...c, name })
    return { value: a.m.builder.rename(entry.value, c.name, name), coordinates }
  }, e)
}

/** Entries of a node multiplied by `factor`, for a result over `axes`. */
export function scaled(a: EntryAlgebra, all: Entries, factor: NodeId, axes: readonly string[]): Entries {
  return mapEntries(all, (e) => scaledOne(a, e, factor, axes))
}

export function scaledOne(a: EntryAlgebra, e: CurvatureEntry, factor: NodeId, axes: readonly string[]): CurvatureEntry {
  const entry = liftedOne(a, e, axes)
  return { ...entry, value: a.m.mul(entry.value, factor) }
}

/** Entries of `sum[over]` of a node: tied coordinates that go become the state's own, other axes are summed. */
export function summed(a: EntryAlgebra, all: Entries, over: readonly string[]): Entries {
  return mapEntries(all, (e) => summedOne(a, e, over))
}

export function summedOne({ m }: EntryAlgebra, e: CurvatureEntry, over: readonly string[]): CurvatureEntry {
  const going = e.coordinates.filter((c) => c.tied && over.includes(c.name))
  const value = going.reduce((v, c) => (c.offset === 0 ? v : m.builder.shift(v, c.name, -c.offset)), e.value)
  const coordinates = e.coordinates.map((c) => (going.includes(c) ? { ...c, tied: false, offset: 0 } : c))
  const names = going.map((c) => c.name)
  return { coordinates, value: m.sum(without(over, names), value) }
}

/** Sum of the absolute values over all states, for each element of the node. */
export function totalWeight(a: EntryAlgebra, all: Entries): NodeId {
  const parts = [...all.values()].flat().map((e) => a.m.sum(untiedNames(e), a.m.abs(e.value)))
  return a.m.plus(...parts)
}

/**
 * d with `(sum w_i y_i)^2 <= sum d_i y_i^2` for every y: `w^2` where only one coordinate counts, else by Cauchy-Schwarz
 * `|w_i| sum_j |w_j|`, jointly over all states.
 */
export function squared(a: EntryAlgebra, weights: Entries): Entries {
  if (isSingle(weights)) return mapValues(weights, (v) => a.m.square(v))
  const total = totalWeight(a, weights)
  return mapValues(weights, (v) => a.m.mul(a.m.abs(v), total))
}

/** Whether every element of the node depends on one element of one state only. */
export function isSingle(weights: Entries): boolean {
  const entries = [...weights.values()].flat()
  return entries.length === 1 && entries.every((e) => e.coordinates.every((c) => c.tied))
}

export function untiedNames(e: CurvatureEntry): readonly string[] {
  return e.coordinates.filter((c) => !c.tied).map((c) => c.name)
}
