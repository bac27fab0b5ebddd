import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import type { Graph, NodeId } from '../ir/graph.ts'
import { type Maths, maths } from '../ir/maths.ts'
import { replaced } from '../ir/walk.ts'
import type { Energy, EnergyAxis, EnergyVariable } from '../middle/energy.ts'
import { levelsOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import type { DiscreteState } from '../middle/program.ts'
import { type Situation, situationOf } from '../middle/situation.ts'
import { cutsUnder, Keeper } from './discrete/caches.ts'
import { changeOf, differences } from './discrete/difference.ts'
import type { SiteMove } from './discrete/site.ts'
import { onlyOutputs } from './outputs.ts'

/** Sums of sums of sums are followed this far before the state is kept whole instead. */
const MOST_ROUNDS = 4

/**
 * The moves of one discrete state, one site at a time, as small graphs: what must be kept (overlaps, local fields), the
 * change of E when one site takes another value, and what is kept afterwards. For an energy of overlaps
 * `sum[pattern] F(sum[neuron](xi s))` a move costs one pass over the patterns.
 *
 * Whatever else moves is an input `value:NAME`, too.
 */
export function discreteMoves(energy: Energy, name: string, situation: Situation = situationOf(energy)): DiscreteState {
  const variable = must(
    energy.variables.find((v) => v.name === name),
    `variable ${name}`,
  )
  const { axes, type } = variable
  const levels = must(levelsOf(type), `levels of ${name}`)
  const graphs = singleMoves(energy, variable, situation)
  const all = levels.kind === 'values' ? { all: allMoves(energy, variable, situation, levels.values) } : {}
  return { name, axes, type, levels, ...graphs, ...all }
}

/** The axes that the graphs `all` of these states have besides those of the energy: which site is flipped. */
export function flippedAxes(states: readonly { readonly axes: readonly string[] }[]): readonly EnergyAxis[] {
  const axes = new Set(states.flatMap((s) => s.axes))
  return [...axes].map((as) => ({ name: flippedAxis(as), size: { kind: 'same', as } }))
}

function flippedAxis(axis: string): string {
  return `flipped ${axis}`
}

interface OpenedTotal {
  readonly builder: GraphBuilder
  readonly m: Maths
  readonly total: NodeId
  readonly state: NodeId
}

/** The total energy on a builder of its own, what moves called `value:NAME`. */
function opened(energy: Energy, variable: EnergyVariable, { moving }: Situation): OpenedTotal {
  const builder = new GraphBuilder()
  const ids = include(builder, energy.graph, (p) => (moving.has(p.name) ? builder.input(ports.value(p.name), p.axes) : undefined))
  const m = maths(builder)
  const terms = ports.termsAmong(energy.graph).map((o) => must(ids[o.node], o.name))
  return { builder, m, total: m.plus(...terms), state: builder.input(ports.value(variable.name), variable.axes) }
}

function singleMoves(
  energy: Energy,
  variable: EnergyVariable,
  situation: Situation,
): Pick<DiscreteState, 'prepare' | 'propose' | 'commit'> {
  const o = opened(energy, variable, situation)
  const { builder, m, state } = o
  const site = new Map(variable.axes.map((a) => [a, builder.input(ports.site(a), [])]))
  const [before, after] = [builder.input(ports.before, []), builder.input(ports.after, [])]
  const keeper = new Keeper(builder, state, new Set([...site.values(), before, after]))
  const move: SiteMove = { builder, state, axes: variable.axes, site, before, after, whole: (id) => keeper.keeps(id) }
  const change = changeOf(m, must(differences(move, [o.total])[0], 'difference of the energy'))
  const { cuts, updates } = closure(o, move, change, (id) => keeper.keeps(id))
  const caches = new Map(cuts.map((id, k) => [id, builder.input(ports.cache(k), builder.axes(id))]))
  const inTermsOfCaches = replaced(builder, [change, ...updates], caches)
  builder.output(ports.change, must(inTermsOfCaches[0], 'change'))
  cuts.forEach((id, k) => {
    const axes = builder.axes(id)
    builder.output(ports.cacheBefore(k), id, axes)
    builder.output(ports.cacheAfter(k), must(inTermsOfCaches[k + 1], 'cache'), axes)
  })
  const graph = builder.finish()
  const renamed = (port: (k: number) => string): Map<string, string> => new Map(cuts.map((_, k) => [port(k), ports.cache(k)]))
  return {
    prepare: onlyOutputs(graph, renamed(ports.cacheBefore)),
    propose: onlyOutputs(graph, new Map([[ports.change, ports.change]])),
    commit: onlyOutputs(graph, renamed(ports.cacheAfter)),
  }
}

interface Closure {
  readonly cuts: readonly NodeId[]
  /** The value of each cut after the move. */
  readonly updates: readonly NodeId[]
}

/** Caches that suffice to compute the change and their own updates. */
function closure(o: OpenedTotal, move: SiteMove, change: NodeId, keeps: (id: NodeId) => boolean): Closure {
  const { builder, state } = o
  let cuts: readonly NodeId[] = []
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const updates = updatesOf(o, move, cuts)
    const next = cutsUnder(builder, [change, ...updates], state, keeps)
    if (next.length === cuts.length && next.every((id, k) => id === cuts[k])) return { cuts, updates }
    cuts = next
  }
  return { cuts: [state], updates: updatesOf(o, move, [state]) }
}

function updatesOf({ builder, m, state }: OpenedTotal, move: SiteMove, cuts: readonly NodeId[]): readonly NodeId[] {
  return differences(move, cuts).map((parts, k) => {
    const id = must(cuts[k], 'cache')
    return parts.reduce((x, p) => {
      const here = [...p.tied].map(([axis, s]) => m.equal(builder.index(axis), must(move.site.get(s), s)))
      if (id === state) return m.where(m.times(...here), move.after, x)
      return here.length === 0 ? m.add(x, p.change) : m.add(x, m.where(m.times(...here), p.change, m.k(0)))
    }, id)
  })
}

/** Every single flip of a two-level state at once: the site becomes an axis of its own, called by the site axis in the output. */
function allMoves(energy: Energy, variable: EnergyVariable, situation: Situation, values: readonly number[]): Graph {
  return movesTo(energy, variable, situation, (m, before) => m.sub(m.k(values.reduce((a, b) => a + b, 0)), before))
}

/** Every element of every site at once, of a state that has an element of an axis at each: the change over its axes and `level`. */
export function allElements(energy: Energy, variable: EnergyVariable, situation: Situation, level: string): Graph {
  return movesTo(energy, variable, situation, (m) => m.builder.index(level), [level])
}

/** What becomes of E where single sites take other values, all of them side by side. */
function movesTo(
  energy: Energy,
  variable: EnergyVariable,
  situation: Situation,
  valueAfter: (m: Maths, before: NodeId) => NodeId,
  more: readonly string[] = [],
): Graph {
  const { builder, m, total, state } = opened(energy, variable, situation)
  const flipped = new Map(variable.axes.map((a) => [a, flippedAxis(a)]))
  const rename = (x: NodeId, back: boolean): NodeId =>
    [...flipped].reduce((y, [from, to]) => (back ? builder.rename(y, to, from) : builder.rename(y, from, to)), x)
  const before = rename(state, false)
  const after = valueAfter(m, before)
  const site = new Map([...flipped].map(([axis, own]) => [axis, builder.index(own)]))
  const keeper = new Keeper(builder, state, new Set([...site.values(), before, after]))
  const move: SiteMove = { builder, state, axes: variable.axes, site, before, after, whole: (id) => keeper.keeps(id) }
  const change = changeOf(m, must(differences(move, [total])[0], 'difference of the energy'))
  builder.output(ports.change, rename(change, true), [...variable.axes, ...more])
  return onlyOutputs(builder.finish(), new Map([[ports.change, ports.change]]))
}
