import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy, EnergyAxis, EnergyVariable, LevelDraw, Marginalised } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import type { Situation } from '../../middle/situation.ts'
import { onlyOutputs } from '../outputs.ts'

/** An energy opened up on a builder, while states are summed out of it one after the other. */
export interface SummedEnergy {
  readonly energy: Energy
  /** `-T log sum exp(-E/T)` over the levels, or the least energy, for which T does not matter. */
  readonly over: Situation['over']
  readonly builder: GraphBuilder
  readonly m: Maths
  readonly terms: readonly WorkTerm[]
  /** The other outputs: activations, drives, time constants, responsibilities. */
  readonly others: readonly { readonly name: string; readonly node: NodeId; readonly axes: readonly string[] }[]
  readonly axes: readonly EnergyAxis[]
  /** Inputs that were made on the way: what is known of states that are summed out. */
  readonly given: readonly EnergyVariable[]
  readonly marginalised: readonly Marginalised[]
  /** In the order of elimination; nodes read the states eliminated later as inputs. */
  readonly conditionals: readonly SummedConditional[]
}

/** The distribution of a summed-out state given the states that were still there. */
export interface SummedConditional {
  readonly state: Marginalised
  readonly parts: Readonly<Record<string, { readonly node: NodeId; readonly axes: readonly string[] }>>
  readonly chain?: { readonly axis: string; readonly before: string }
}

export type WorkTerm = Energy['terms'][number] & { readonly node: NodeId }

export function open(energy: Energy, over: Situation['over']): SummedEnergy {
  const builder = new GraphBuilder()
  const ids = include(builder, energy.graph)
  const outputs = energy.graph.outputs.map(({ name, node, axes }) => ({ name, axes, node: must(ids[node], name) }))
  const nodes = new Map(outputs.map((o) => [o.name, o.node]))
  const terms = energy.terms.map((t) => ({ ...t, node: must(nodes.get(ports.term(t.name)), `term ${t.name}`) }))
  const others = outputs.filter((o) => !ports.isTerm(o.name))
  const { axes, marginalised } = energy
  return { energy, over, builder, m: maths(builder), terms, others, axes, given: [], marginalised, conditionals: [] }
}

export function close(work: SummedEnergy): Energy {
  const { builder, energy } = work
  for (const t of work.terms) builder.output(ports.term(t.name), t.node, [])
  for (const o of work.others) builder.output(o.name, o.node, o.axes)
  const gone = new Set(work.marginalised.map((s) => s.name))
  const left = new Set(work.others.map((o) => o.name))
  const graph = simplify(builder.finish())
  return {
    ...energy,
    graph,
    terms: work.terms.map(({ node: _, ...term }) => term),
    variables: [...energy.variables.filter((v) => !gone.has(v.name)), ...work.given],
    axes: work.axes,
    marginalised: work.marginalised,
    eliminated: energy.eliminated.map((e) => ({ ...e, told: e.told.filter((t) => left.has(ports.told(t.what, e.name))) })),
    joint: [...work.conditionals.toReversed().map((c) => jointDraw(builder, c)), ...energy.joint],
  }
}

/** What was eliminated last depends on no other of them, so it is drawn first. */
function jointDraw(builder: GraphBuilder, { state, parts, chain }: SummedConditional): LevelDraw {
  const named = Object.entries(parts).map(([label, part]) => ({ ...part, label, name: ports.ofState(label, state.name) }))
  for (const { name, node, axes } of named) builder.output(name, node, axes)
  const graph = onlyOutputs(builder.finish(), new Map(named.map(({ name, label }) => [name, label])))
  return { ...state, by: 'levels', graph, ...(chain === undefined ? {} : { chain }) }
}

/** The temperature T of exp(-E/T), an input of every graph in which something was summed out. */
export function temperature(builder: GraphBuilder): NodeId {
  return builder.input(ports.temperature, [])
}

/** An axis name that nothing uses yet, like `base`. */
export function freshAxis(axes: readonly EnergyAxis[], base: string): string {
  return axes.some((a) => a.name === base) ? freshAxis(axes, `${base}'`) : base
}
