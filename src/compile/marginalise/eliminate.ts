import { must } from '../../base/internal-error.ts'
import { union } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { dependents, reachable } from '../../ir/walk.ts'
import type { EnergyAxis, EnergyVariable, Marginalised } from '../../middle/energy.ts'
import { levelsOf } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { sumOutChain } from './chain.ts'
import { type Dependences, dependence } from './dependence.ts'
import type { Elimination, SummedOut } from './elimination.ts'
import { coupling, isObstacle, least, type Obstacle } from './obstacle.ts'
import { averaged, dependentsOf } from './others.ts'
import { type Pieces, pieceOver, type SumPiece, takeApart } from './pieces.ts'
import { sumOutSites } from './sites.ts'
import { freshAxis, type SummedConditional, type SummedEnergy, type WorkTerm } from './work.ts'

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
  const { dependents: outputs, impossible } = dependentsOf(work, variable, chain)
  if (impossible !== undefined) return { kind: 'other', output: impossible.name }
  const apart = takeTermsApart(work, kinds, { node: state, sites: variable.axes })
  const coupled = apart.flatMap(({ term, pieces }) => (pieces?.coupled === undefined ? [] : [{ term, node: pieces.coupled }]))
  if (coupled.length > 0) return { kind: 'coupled', terms: coupled.map((t) => coupling(builder, t.term, t.node, kinds, variable.axes)) }
  const held = [...apart.flatMap((a) => a.pieces?.held ?? []), ...outputs.flatMap((d) => d.probe?.pieces.held ?? [])]
  const used = usedAxes(work, held, state)
  if (isTooWide(work, variable, used)) return { kind: 'wide' }
  const { level, axes } = levelAxis(work, variable, used)
  const elimination = { work: { ...work, axes }, variable, state, held, level, value: valueAt(work, variable, level.name) }
  const summed = chain === undefined ? sumOutSites(elimination) : sumOutChain({ ...elimination, axis: chain })
  return rebuilt(elimination, apart, averaged(elimination, summed, outputs))
}

interface TermApart {
  readonly term: WorkTerm
  /** Absent where the term does not depend on the state. */
  readonly pieces?: Pieces
}

function takeTermsApart(
  { builder, terms }: SummedEnergy,
  kinds: Dependences,
  state: { readonly node: NodeId; readonly sites: readonly string[] },
): readonly TermApart[] {
  return terms.map((term) => (kinds.has(term.node) ? { term, pieces: takeApart(builder, term.node, kinds, state) } : { term }))
}

/** Whether tables over the levels of this state and of those it still meets would have too many axes. */
function isTooWide(work: SummedEnergy, variable: EnergyVariable, used: readonly string[]): boolean {
  const met = work.marginalised.filter((s) => used.includes(s.level))
  return [variable, ...met].reduce((width, s) => width + (levelsOf(s.type)?.kind === 'axis' ? ELEMENT_WIDTH : 1), 0) > WIDEST_TABLE
}

/** The axis of the levels: the element axis itself where nothing that depends on the state has it, else a made one. */
function levelAxis(
  work: SummedEnergy,
  { name, type }: EnergyVariable,
  used: readonly string[],
): { readonly level: EnergyAxis; readonly axes: readonly EnergyAxis[] } {
  const levels = levelsOf(type)
  if (levels?.kind !== 'axis') {
    const level = { name: freshAxis(work.axes, `${name}:level`), size: { kind: 'fixed', size: 2 } } as const
    return { level, axes: [...work.axes, level] }
  }
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

/** The axes of all that depends on the state, before it is put together. */
function usedAxes({ builder, others }: SummedEnergy, held: readonly SumPiece[], state: NodeId): readonly string[] {
  const all = reachable(builder, [...held.map((p) => p.node), ...others.map((o) => o.node)])
  const dependent = [...dependents(builder, all, new Set([state]))]
  return union([...held.map((p) => [...p.over, ...builder.axes(p.coefficient)]), ...dependent.map((id) => builder.axes(id))])
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

/** The work with the state's parts exchanged for its marginal, which stands where the first of them stood. */
function rebuilt(e: Elimination, apart: readonly TermApart[], { summed, others }: ReturnType<typeof averaged>): SummedEnergy {
  const { work, variable, level } = e
  const firstHeld = apart.findIndex((a) => a.pieces !== undefined)
  const marginal: WorkTerm = { name: `marginal ${variable.name}`, span: variable.span, kind: 'density', node: summed.marginal }
  const terms = apart.flatMap(({ term, pieces }, i): readonly WorkTerm[] => {
    if (pieces === undefined) return [term]
    const rest: readonly WorkTerm[] =
      pieces.free.length === 0 ? [] : [{ ...term, altered: true, node: work.m.plus(...pieces.free.map((p) => pieceOver(work.m, p, []))) }]
    return i === firstHeld ? [...rest, marginal] : rest
  })
  const { name, axes, type } = variable
  const state: Marginalised = { name, axes, level: level.name, type }
  const responsibility = { name: ports.responsibility(variable.name), node: summed.probability, axes: [...state.axes, state.level] }
  return {
    ...work,
    terms: firstHeld === -1 ? [...terms, marginal] : terms,
    others: work.over === 'least' ? others : [...others, responsibility],
    axes: [...work.axes, ...summed.axes],
    marginalised: [...work.marginalised, state],
    conditionals: [...work.conditionals, conditional(work, state, summed)],
  }
}

function conditional({ builder, over }: SummedEnergy, state: Marginalised, { probability, chain }: SummedOut): SummedConditional {
  const axes = [...state.axes, state.level]
  const name = over === 'least' ? ports.score : ports.probability
  if (chain === undefined) return { state, parts: { [name]: { node: probability, axes } } }
  const { axis, before, forward, step } = chain
  const own = builder.axes(step)
  const stepAxes = [...axes, before].filter((a) => own.includes(a))
  return { state, parts: { forward: { node: forward, axes }, step: { node: step, axes: stepAxes } }, chain: { axis, before } }
}
