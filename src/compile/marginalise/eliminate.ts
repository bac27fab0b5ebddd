import { must } from '../../base/internal-error.ts'
import { type GraphBuilder, union } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { weights } from '../../ir/structural-gradient.ts'
import { reachable } from '../../ir/walk.ts'
import type { EnergyAxis, EnergyVariable, Marginalised } from '../../middle/energy.ts'
import { levelsOf } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { sumOutChain } from './chain.ts'
import { type Dependence, dependence } from './dependence.ts'
import type { Elimination, SummedOut } from './elimination.ts'
import { coupling, isObstacle, least, type Obstacle } from './obstacle.ts'
import { type Pieces, pieceOver, type SumPiece, takeApart } from './pieces.ts'
import { siteEnergy } from './site-energy.ts'
import { substitute } from './substitute.ts'
import { freshAxis, type SummedConditional, type SummedEnergy, temperature, type WorkTerm } from './work.ts'

/** Larger graphs than this are not made: eliminating coupled states one by one can double the graph each time. */
const LARGEST_GRAPH = 20_000

/** A table over the levels of several states has at most 2^8 entries (an axis of elements counting as 16). */
const WIDEST_TABLE = 8
const ELEMENT_WIDTH = 4

/**
 * Sums one discrete state out of the energy, exactly: `-T sum[sites] log sum[levels] exp(-G/T)` takes the place of all
 * that depended on it, with G(site, level) its energy at a site. What is in the way where that cannot be.
 */
export function eliminate(work: SummedEnergy, variable: EnergyVariable): SummedEnergy | Obstacle {
  const state = work.builder.input(variable.name, variable.axes)
  const obstacles: Obstacle[] = []
  for (const chain of [undefined, ...variable.axes]) {
    const done = attempt(work, variable, state, chain)
    if (!isObstacle(done)) return done
    obstacles.push(done)
  }
  return least(obstacles)
}

function attempt(work: SummedEnergy, variable: EnergyVariable, state: NodeId, chain: string | undefined): SummedEnergy | Obstacle {
  const { builder } = work
  const ids = reachable(builder, [...work.terms.map((t) => t.node), ...work.others.map((o) => o.node)])
  if (ids.length > LARGEST_GRAPH) return { kind: 'large' }
  const kinds = dependence(builder, ids, state, variable.axes, chain)
  const other = otherInTheWay(work, variable, kinds)
  if (other !== undefined) return { kind: 'other', output: other }
  const apart = takeTermsApart(work, kinds, { node: state, sites: variable.axes })
  const coupled = apart.flatMap(({ term, pieces }) => (pieces?.coupled === undefined ? [] : [{ term, node: pieces.coupled }]))
  if (coupled.length > 0) return { kind: 'coupled', terms: coupled.map((t) => coupling(builder, t.term, t.node, kinds, variable.axes)) }
  const held = apart.flatMap((a) => a.pieces?.held ?? [])
  if (isTooWide(work, variable, held, kinds)) return { kind: 'wide' }
  const { level, axes } = levelAxis(work, variable, held, kinds)
  const elimination = { work: { ...work, axes }, variable, state, held, level, value: valueAt(work, variable, level.name) }
  const summed = chain === undefined ? sumOut(elimination) : sumOutChain({ ...elimination, chain })
  return rebuilt(work, elimination, apart, summed)
}

interface TermApart {
  readonly term: WorkTerm
  /** Absent where the term does not depend on the state. */
  readonly pieces?: Pieces
}

function takeTermsApart(
  { builder, terms }: SummedEnergy,
  kinds: ReadonlyMap<NodeId, Dependence>,
  state: { readonly node: NodeId; readonly sites: readonly string[] },
): readonly TermApart[] {
  return terms.map((term) => (kinds.has(term.node) ? { term, pieces: takeApart(builder, term.node, kinds, state) } : { term }))
}

/**
 * Responsibilities of states summed out before are averaged over this one, site by site; the drive of a neuron is not
 * a part of the energy and cannot be.
 */
function otherInTheWay(work: SummedEnergy, variable: EnergyVariable, kinds: ReadonlyMap<NodeId, Dependence>): string | undefined {
  const allowed = (o: SummedEnergy['others'][number]): boolean => {
    const kind = kinds.get(o.node)
    if (kind === undefined) return true
    return (
      ports.responsibilityOf(o.name) !== undefined && kind === 'here' && variable.axes.every((a) => work.builder.axes(o.node).includes(a))
    )
  }
  return work.others.find((o) => !allowed(o))?.name
}

/** Whether tables over the levels of this state and of those it still meets would have too many axes. */
function isTooWide(
  work: SummedEnergy,
  variable: EnergyVariable,
  held: readonly SumPiece[],
  kinds: ReadonlyMap<NodeId, Dependence>,
): boolean {
  const used = usedAxes(work, held, kinds)
  const met = work.marginalised.filter((s) => used.includes(s.level))
  return [variable, ...met].reduce((width, s) => width + (levelsOf(s.type)?.kind === 'axis' ? ELEMENT_WIDTH : 1), 0) > WIDEST_TABLE
}

/** The axis of the levels: the element axis itself where nothing that depends on the state has it, else a made one. */
function levelAxis(
  work: SummedEnergy,
  { name, type }: EnergyVariable,
  held: readonly SumPiece[],
  kinds: ReadonlyMap<NodeId, Dependence>,
): { readonly level: EnergyAxis; readonly axes: readonly EnergyAxis[] } {
  const levels = levelsOf(type)
  if (levels?.kind !== 'axis') {
    const level = { name: freshAxis(work.axes, `${name}:level`), size: { kind: 'fixed', size: 2 } } as const
    return { level, axes: [...work.axes, level] }
  }
  const used = usedAxes(work, held, kinds)
  if (!used.includes(levels.axis)) {
    const level = must(
      work.axes.find((a) => a.name === levels.axis),
      `axis ${levels.axis}`,
    )
    return { level, axes: work.axes }
  }
  const level = { name: freshAxis(work.axes, levels.axis), size: { kind: 'same', as: levels.axis } } as const
  return { level, axes: [...work.axes, level] }
}

function usedAxes(work: SummedEnergy, held: readonly SumPiece[], kinds: ReadonlyMap<NodeId, Dependence>): readonly string[] {
  const { builder } = work
  const dependent = reachable(
    builder,
    held.map((p) => p.node),
  ).filter((id) => kinds.has(id))
  const others = work.others.filter((o) => kinds.has(o.node)).flatMap((o) => reachable(builder, [o.node]).filter((id) => kinds.has(id)))
  return union([
    ...held.map((p) => [...p.over, ...builder.axes(p.coefficient)]),
    ...[...dependent, ...others].map((id) => builder.axes(id)),
  ])
}

/** Elements are their positions; two values lie at 0 and 1 of the line through them. */
function valueAt({ builder, m }: SummedEnergy, { type }: EnergyVariable, level: string): NodeId {
  const index = builder.index(level)
  const levels = levelsOf(type)
  if (levels?.kind !== 'values') return index
  const [low, high] = levels.values
  const scaled = high - low === 1 ? index : m.mul(m.k(high - low), index)
  return low === 0 ? scaled : m.sub(scaled, m.k(-low))
}

function sumOut(e: Elimination): SummedOut {
  const levels = levelsOf(e.variable.type)
  return levels?.kind === 'values' && isTame(e) ? sumOutTwo(e, levels.values) : sumOutLevels(e)
}

function sumOutLevels(e: Elimination): SummedOut {
  const { builder, m } = e.work
  const T = temperature(builder)
  const scaled = m.div(m.neg(siteEnergy(e, { here: e.value })), T)
  const total = m.logsumexp([e.level.name], scaled)
  return {
    marginal: m.neg(m.mul(T, m.sum(e.variable.axes, total))),
    responsibility: weights(m, scaled, total),
    axes: [],
  }
}

/** With two levels, `log(exp(-G0/T) + exp(-G1/T)) = -G0/T + softplus((G0 - G1)/T)`: the textbook free energy, and no made axis in it. */
function sumOutTwo(e: Elimination, [low, high]: readonly [number, number]): SummedOut {
  const { builder, m } = e.work
  const T = temperature(builder)
  const [g0, g1] = [siteEnergy(e, { here: m.k(low) }), siteEnergy(e, { here: m.k(high) })]
  const odds = m.div(m.sub(g0, g1), T)
  const side = m.sub(m.mul(m.k(2), builder.index(e.level.name)), m.k(1))
  return {
    marginal: m.sum(e.variable.axes, m.sub(g0, m.mul(T, m.softplus(odds)))),
    responsibility: m.sigmoid(m.mul(side, odds)),
    axes: [],
  }
}

/** Whether a site's energy is surely finite at both levels: the two-level form would meet infinity minus infinity. */
function isTame({ work, held, state }: Elimination): boolean {
  const ids = reachable(
    work.builder,
    held.flatMap((p) => [p.node, p.coefficient]),
  )
  const safe = new Set([
    'input',
    'const',
    'size',
    'index',
    'add',
    'sub',
    'mul',
    'neg',
    'sum',
    'square',
    'softplus',
    'logcosh',
    'tanh',
    'sigmoid',
    'rename',
    'pick',
    'exp',
  ])
  return ids.every((id) => id === state || safe.has(work.builder.node(id).op))
}

/** The work with the state's parts exchanged for its marginal, which stands where the first of them stood. */
function rebuilt(work: SummedEnergy, e: Elimination, apart: readonly TermApart[], summed: SummedOut): SummedEnergy {
  const { m } = work
  const { variable, level } = e
  const firstHeld = apart.findIndex((a) => a.pieces !== undefined)
  const marginal: WorkTerm = { name: `marginal ${variable.name}`, span: variable.span, kind: 'density', node: summed.marginal }
  const terms = apart.flatMap(({ term, pieces }, i): readonly WorkTerm[] => {
    if (pieces === undefined) return [term]
    const rest = pieces.free.length === 0 ? [] : [{ ...term, node: m.plus(...pieces.free.map((p) => pieceOver(m, p, []))) }]
    return i === firstHeld ? [...rest, marginal] : rest
  })
  const entry: Marginalised = { name: variable.name, axes: variable.axes, level: level.name, type: variable.type }
  const axes = [...variable.axes, level.name]
  const averaged = averageOthers(work, e, summed.responsibility)
  return {
    ...work,
    terms: firstHeld === -1 ? [...terms, marginal] : terms,
    others: [...averaged, { name: ports.responsibility(variable.name), node: summed.responsibility, axes }],
    axes: [...e.work.axes, ...summed.axes],
    marginalised: [...work.marginalised, entry],
    conditionals: [...work.conditionals, conditional(work.builder, entry, summed)],
  }
}

function conditional(builder: GraphBuilder, state: Marginalised, { responsibility, chain }: SummedOut): SummedConditional {
  const axes = [...state.axes, state.level]
  if (chain === undefined) return { state, parts: { probability: { node: responsibility, axes } } }
  const { axis, before, forward, step } = chain
  const own = builder.axes(step)
  const stepAxes = [...axes, before].filter((a) => own.includes(a))
  return { state, parts: { forward: { node: forward, axes }, step: { node: step, axes: stepAxes } }, chain: { axis, before } }
}

function averageOthers(work: SummedEnergy, e: Elimination, responsibility: NodeId): SummedEnergy['others'] {
  const { builder, m } = work
  return work.others.map((o) => {
    const [atLevel = o.node] = substitute(builder, [o.node], e.state, { here: e.value })
    return atLevel === o.node ? o : { ...o, node: m.sum([e.level.name], m.mul(responsibility, atLevel)) }
  })
}
