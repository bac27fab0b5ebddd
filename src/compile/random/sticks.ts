import { must } from '../../base/internal-error.ts'
import { type Process, processes } from '../../families/processes/table.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { Graph, NodeId, OutputPort } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy, EnergyTerm, EnergyVariable } from '../../middle/energy.ts'
import type { SharedAxis } from '../../middle/fit-program.ts'
import * as ports from '../../middle/ports.ts'
import type { RandomAxis } from '../../middle/random-axis.ts'
import { argumentsOf } from './seats.ts'

/**
 * The energy of rows that share out the elements of random axes, each axis cut to its first `elements`, of which a state
 * `stick(AXIS)` says how much each takes of what those before it left (Sethuraman 1994; Pitman and Yor 1997). The sticks are those of the
 * endless axis, so that weights add up to less than 1: rows are said to take the first elements, and nothing is said of the rest. What elements have
 * moves, whatever its role. Other axes stay as they are.
 */
export function withSticks(energy: Energy, elements: number): Energy {
  return energy.random.reduce((e, axis) => (isShared(axis) ? cutShort(e, axis, elements) : e), energy)
}

/** The axes that it cuts. */
export function sharedAxes({ random }: Energy): readonly SharedAxis[] {
  return random.filter(isShared).map(({ axis, pickers }) => ({ axis, pickers }))
}

const isShared = ({ form, refused }: RandomAxis): boolean => form === 'rows' && refused.length === 0

function cutShort(energy: Energy, random: RandomAxis, elements: number): Energy {
  const { axis, slots } = random
  const weights = ports.weight(axis)
  const own = must(energy.variables.find((v) => v.name === weights), weights) // biome-ignore format: one thought
  const stick: EnergyVariable = { name: ports.stick(axis), role: 'state', axes: [axis], type: { kind: 'probability' }, span: own.span }
  const variables = (all: readonly EnergyVariable[]): readonly EnergyVariable[] =>
    all.map((v) => (v.name === weights ? stick : slots.includes(v.name) ? { ...v, role: 'state' } : v))
  const term: EnergyTerm = { name: stick.name, span: random.span, kind: 'density', altered: true }
  return {
    ...energy,
    written: withoutWeights(energy.written, random),
    graph: simplify(withoutWeights(energy.graph, random, energy.written)),
    terms: [...energy.terms, term],
    declared: variables(energy.declared),
    variables: variables(energy.variables),
    random: energy.random.filter((r) => r !== random),
    axes: energy.axes.map((a) => (a.name === axis ? { ...a, size: { kind: 'fixed', size: elements } } : a)),
  }
}

/** Weights by sticks. `says`, for the graph of terms: what has the arguments of the process among its outputs; the term comes with it. */
function withoutWeights(graph: Graph, random: RandomAxis, says?: Graph): Graph {
  const { axis } = random
  const builder = new GraphBuilder()
  const m = maths(builder)
  const sticks = builder.input(ports.stick(axis), [axis])
  const weights = m.exp(logWeights(m, axis, sticks))
  const ids = include(builder, graph, ({ name }) => (name === ports.weight(axis) ? weights : undefined))
  const outputs = graph.outputs.map((o): OutputPort => ({ ...o, node: must(ids[o.node], o.name) }))
  if (says === undefined) return builder.part(outputs)
  const energy = stickEnergy(m, random, argumentsOf(builder, random, says), sticks)
  return builder.part([...outputs, { name: ports.term(ports.stick(axis)), node: energy, axes: [] }])
}

function logWeights(m: Maths, axis: string, sticks: NodeId): NodeId {
  const rest = m.log1p(m.neg(sticks))
  return m.add(m.log(sticks), m.builder.shift(m.builder.cumsum(rest, axis, false), axis, 1))
}

/** -log beta(1 - d, alpha + k d) of stick k = 1, 2, ...; without discount as alpha (1 - v)^(alpha - 1), which is a gamma form of alpha. */
function stickEnergy(m: Maths, { axis, process }: RandomAxis, args: readonly NodeId[], sticks: NodeId): NodeId {
  const { law }: Process = processes[process]
  const { discount, concentration } = law(args, m.k(0))
  const [taken, rest] = [m.log(sticks), m.log1p(m.neg(sticks))]
  if (m.known(discount) === 0) {
    const log = m.add(m.log(concentration), m.mul(m.sub(concentration, m.k(1)), rest))
    return m.neg(m.sum([axis], log))
  }
  const b = m.add(concentration, m.mul(m.add(m.builder.index(axis), m.k(1)), discount))
  const a = m.sub(m.k(1), discount)
  const log = m.plus(m.mul(m.neg(discount), taken), m.mul(m.sub(b, m.k(1)), rest), m.neg(m.log_beta(a, b)))
  return m.neg(m.sum([axis], log))
}
