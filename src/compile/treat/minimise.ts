import { type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import { dependents, reachable, replaced } from '../../ir/walk.ts'
import type { Eliminated, Energy, EnergyTerm, EnergyVariable, ValueDraw } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { onlyOutputs } from '../outputs.ts'
import { inTurn } from './in-turn.ts'
import { heldInside, outOfReach } from './inner.ts'
import { type LeastPlace, neuronPlace, placeOf } from './places.ts'
import type { TreatmentPass } from './rule.ts'

/**
 * Continuous variables at the place of least energy given everything else: the profile energy. Where the place has a formula it
 * takes their place in all terms, one after the other, the last declared first, each given what is left by those before it; gradients
 * go through the place, where they add up to 0 (envelope theorem). The others an inner loop keeps there, all together. In what order
 * minima are taken does not matter.
 */
export const minimise: TreatmentPass = (energy, names, situation) => {
  const variables = energy.variables.filter((v) => names.includes(v.name)).toReversed()
  let formulas = energy
  const left: EnergyVariable[] = []
  for (const variable of variables) {
    const place = energy.neurons.includes(variable.name) ? neuronPlace(formulas, variable) : placeOf(formulas, variable)
    if ('reason' in place) left.push(variable)
    else formulas = withPlace(formulas, variable, place)
  }
  return inTurn(formulas, left, (e, variable) => {
    const why = outOfReach(e, variable, situation)
    return why === undefined ? made(heldInside(e, variable)) : unmade([refused(variable, why)])
  })
}

function refused({ name, span }: EnergyVariable, reason: string): Diagnostic {
  return diagnostic('AMP613', `"${name}" cannot be minimised beforehand: ${reason}.`, {
    span,
    hint: `Leave out --minimise ${name}: amp retrieve moves it together with the rest, to the same least energy.`,
  })
}

/** Where there is no least value, all terms that mention the variable are minus infinity. */
function withPlace(energy: Energy, variable: EnergyVariable, place: LeastPlace): Energy {
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
  const eliminated: Eliminated = { name, axes, type, how: 'minimise', told: [{ what: 'value', axes }] }
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
