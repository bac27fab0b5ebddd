import { must } from '../base/internal-error.ts'
import type { Interval } from '../base/interval.ts'
import type { GraphBuilder } from '../ir/builder.ts'
import type { NodeId } from '../ir/graph.ts'
import { maths } from '../ir/maths.ts'
import { ranges } from '../ir/range.ts'
import { dependents, reachable } from '../ir/walk.ts'
import type { EnergyAxis } from '../middle/energy.ts'
import { type CurvatureBounds, linear } from './curvature/bounds.ts'
import { type AxisMaker, type CurvatureEntry, type EntryAlgebra, freshAxis, identity } from './curvature/entries.ts'
import { boundsOf } from './curvature/rules.ts'

/** A state as an input of the graph. */
export interface Moving {
  readonly name: string
  readonly node: NodeId
  /** Its axes. */
  readonly axes: readonly string[]
}

export interface Curvature {
  /** By state, over its axes: U of the bound below. */
  readonly upper: ReadonlyMap<string, NodeId>
  /** Axes made on the way. */
  readonly axes: readonly EnergyAxis[]
}

/**
 * A diagonal majoriser of the scalar `energy` around any point x of the moving states: for every y,
 *
 *     E(y) <= E(x) + gradient(x).(y - x) + (y - x)' diag(U(x)) (y - x) / 2
 *
 * jointly over the states in `upper`, everything else held. Its minimiser `x - gradient/U` never raises E: it is the
 * attention update of a modern Hopfield network (U = 1), the mean shift of a kernel density (U = 1/sigma^2) and the
 * M-step of a mixture (U = sum of responsibilities / sigma^2).
 *
 * States for which no bound is known are left out; among states that only have bounds one at a time, earlier ones win.
 */
export function curvature(
  builder: GraphBuilder,
  energy: NodeId,
  states: readonly Moving[],
  inputs: (name: string) => Interval,
  taken: readonly EnergyAxis[],
): Curvature {
  const maker: AxisMaker = { made: [], taken: new Set(taken.map((a) => a.name)) }
  const algebra: EntryAlgebra = { m: maths(builder), axes: maker }
  const analysis = analyser(builder, energy, inputs, algebra)
  const upper = analysis(states) ?? analysis(jointly(states, analysis)) ?? new Map()
  return { upper, axes: maker.made }
}

/** The weights of `total`, a scalar, in which it is linear in an input; undefined where it is not. Axes may be made on the way. */
export function weightsOf(
  builder: GraphBuilder,
  total: NodeId,
  input: Moving,
  inputs: (name: string) => Interval,
  taken: readonly EnergyAxis[],
): { readonly weights: NodeId; readonly axes: readonly EnergyAxis[] } | undefined {
  const maker: AxisMaker = { made: [], taken: new Set(taken.map((a) => a.name)) }
  const algebra: EntryAlgebra = { m: maths(builder), axes: maker }
  const { weights } = walk(builder, total, reachable(builder, [total]), [input], algebra, ranges(builder, inputs))
  return weights === undefined ? undefined : { weights: totalOf(algebra, weights.get(input.name) ?? []), axes: maker.made }
}

/** A node that is linear in one element of one state for each of its own, with its weight (`value`). */
export interface Line extends CurvatureEntry {
  readonly state: string
  readonly axes: readonly EnergyAxis[]
}

/** Undefined where a node is not of that form. */
export function lineOf(
  builder: GraphBuilder,
  node: NodeId,
  states: readonly Moving[],
  inputs: (name: string) => Interval,
  taken: readonly EnergyAxis[],
): Line | undefined {
  const maker: AxisMaker = { made: [], taken: new Set(taken.map((a) => a.name)) }
  const algebra: EntryAlgebra = { m: maths(builder), axes: maker }
  const { weights } = walk(builder, node, reachable(builder, [node]), states, algebra, ranges(builder, inputs))
  const [only, ...more] = [...(weights ?? [])].flatMap(([state, entries]) => entries.map((e) => ({ ...e, state })))
  return only === undefined || more.length > 0 ? undefined : { ...only, axes: maker.made }
}

/** What varies over the axes of a line, over those of its state. */
export function onAxesOf(builder: GraphBuilder, entry: CurvatureEntry, taken: readonly EnergyAxis[]): NodeId {
  return onOwnAxes({ m: maths(builder), axes: { made: [], taken: new Set(taken.map((a) => a.name)) } }, entry)
}

type CurvatureAnalysis = (states: readonly Moving[]) => ReadonlyMap<string, NodeId> | undefined

/** The states that have a bound alone, added in order as long as all of them have one together. */
function jointly(states: readonly Moving[], analysis: CurvatureAnalysis): readonly Moving[] {
  const chosen: Moving[] = []
  for (const s of states) {
    chosen.push(s)
    if (analysis(chosen) === undefined) chosen.pop()
  }
  return chosen
}

function analyser(builder: GraphBuilder, energy: NodeId, inputs: (name: string) => Interval, algebra: EntryAlgebra): CurvatureAnalysis {
  const ids = reachable(builder, [energy])
  const range = ranges(builder, inputs)
  return (states) => {
    const upper = walk(builder, energy, ids, states, algebra, range).upper
    if (upper === undefined) return undefined
    return new Map(states.map((s) => [s.name, totalOf(algebra, upper.get(s.name) ?? [])]))
  }
}

function walk(
  builder: GraphBuilder,
  energy: NodeId,
  ids: readonly NodeId[],
  states: readonly Moving[],
  algebra: EntryAlgebra,
  range: (id: NodeId) => Interval,
): CurvatureBounds {
  const known = new Map<NodeId, CurvatureBounds>(states.map((s) => [s.node, linear(identity(algebra, s.name, s.axes))]))
  const moving = dependents(builder, ids, new Set(known.keys()))
  for (const id of ids) {
    if (known.has(id) || !moving.has(id)) continue
    const node = builder.node(id)
    const args = node.args.map((a) => (moving.has(a) ? must(known.get(a), 'operand') : undefined))
    known.set(id, boundsOf(node, { algebra, id, args, range }))
  }
  return known.get(energy) ?? linear(new Map())
}

/** The sum of entries of a scalar, over the state's own axes. */
function totalOf(a: EntryAlgebra, entries: readonly CurvatureEntry[]): NodeId {
  return a.m.plus(...entries.map((e) => onOwnAxes(a, e)))
}

/** Through names that nothing has, since two axes may have changed places. */
function onOwnAxes(a: EntryAlgebra, { value, coordinates }: CurvatureEntry): NodeId {
  const { builder } = a.m
  const moved = coordinates.filter((c) => c.name !== c.axis)
  const aside = moved.map((c) => ({ ...c, temporary: moved.length > 1 ? freshAxis(a.axes, c.axis) : c.name }))
  const away = aside.reduce((v, c) => builder.rename(v, c.name, c.temporary), value)
  return aside.reduce((v, c) => builder.rename(v, c.temporary, c.axis), away)
}
