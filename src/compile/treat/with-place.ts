import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import { dependents, reachable, replaced } from '../../ir/walk.ts'
import type { Eliminated, Energy, EnergyTerm, EnergyVariable, ValueDraw } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { onlyOutputs } from '../outputs.ts'
import type { LeastPlace } from './places.ts'

/** A variable at a place. Where there is no least value, all terms that mention the variable are minus infinity. */
export function withPlace(energy: Energy, variable: EnergyVariable, place: LeastPlace, how: 'minimise' | 'plug-in'): Energy {
  const { name, axes, type } = variable
  const builder = new GraphBuilder()
  const m = maths(builder)
  const ids = include(builder, energy.graph)
  const [at, exists] = nodesOf(builder, place)
  const state = builder.input(name, axes)
  const own = new Set([ports.activation(name), ports.drive(name), ports.tau(name)])
  const outputs = energy.graph.outputs.filter((o) => !own.has(o.name)).map((o) => ({ ...o, node: must(ids[o.node], o.name) }))
  const roots = outputs.map((o) => o.node)
  const moving = dependents(builder, reachable(builder, roots), new Set([state]))
  const there = replaced(builder, roots, new Map([[state, at]]))
  const changed = new Set(outputs.flatMap((o) => (moving.has(o.node) ? [o.name] : [])))
  const after = outputs.map((o, i) => {
    const node = must(there[i], o.name)
    const mayLack = exists !== undefined && ports.isTerm(o.name) && changed.has(o.name)
    return { ...o, node: mayLack ? m.where(exists, node, m.k(Number.NEGATIVE_INFINITY)) : node }
  })
  const eliminated: Eliminated = { name, axes, type, how, told: [{ what: 'value', axes }] }
  const made = new Set(energy.axes.map((a) => a.name))
  return {
    ...energy,
    graph: simplify(builder.part([...after, { name: ports.told('value', name), node: at, axes }])),
    terms: energy.terms.map((t): EnergyTerm => (changed.has(ports.term(t.name)) ? { ...t, altered: true } : t)),
    variables: energy.variables.filter((v) => v.name !== name),
    axes: [...energy.axes, ...place.axes.filter((a) => !made.has(a.name))],
    neurons: energy.neurons.filter((n) => n !== name),
    eliminated: [...energy.eliminated, eliminated],
    joint: [drawOf(variable, place), ...energy.joint],
  }
}

/** A place on another builder. */
function nodesOf(builder: GraphBuilder, { graph }: LeastPlace): readonly [value: NodeId, exists: NodeId | undefined] {
  const ids = include(builder, graph)
  const [value, exists] = graph.outputs.map((o) => must(ids[o.node], o.name))
  return [must(value, 'place'), exists]
}

function drawOf({ name, axes, type }: EnergyVariable, { graph }: LeastPlace): ValueDraw {
  return { by: 'value', name, axes, type, graph: simplify(onlyOutputs(graph, new Map([[ports.result, ports.result]]))) }
}
