import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { Graph, NodeId, OutputPort } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import type { OpenedAxis, RandomAxis } from '../../middle/random-axis.ts'
import { situationOf } from '../../middle/situation.ts'
import { conditioned } from '../posterior/condition.ts'
import { isStored, type Natural, naturalOf } from '../posterior/natural.ts'
import { storedIntegral } from '../posterior/stored-term.ts'
import { integrate } from '../treat/integrate.ts'
import { argumentsOf, seatShares } from './seats.ts'
import { slotEnergy } from './slot.ts'

/**
 * The energy of one pattern with its random axes opened: a level for every element that a store has, and one that is new. What each
 * element has is known by natural parameters and counts, which are memories over the axis, by default those of the empty store; it is
 * integrated out, so that a level weighs its predictive density. Axes that cannot be opened stay, with the reason.
 */
export function openRandomAxes(energy: Energy): Energy {
  return energy.random.reduce((e, axis) => (axis.form === 'pattern' && axis.refused.length === 0 ? opened(e, axis) : e), energy)
}

/** The energy of one element, with the natural parameters of what it has in the place of its priors. */
export interface SlotEnergy {
  readonly energy: Energy
  readonly naturals: readonly Natural[]
}

export function slotOf(energy: Energy, axis: RandomAxis): SlotEnergy | Diagnostic {
  const alone = slotEnergy(energy, axis)
  const naturals: Natural[] = []
  for (const name of axis.slots) {
    const memory = must(
      alone.declared.find((v) => v.name === name),
      name,
    )
    const found = memory.role === 'memory' ? naturalOf(alone, memory) : { reason: `it is a ${memory.role}, of which nothing is kept` }
    if (!isStored(found)) return notOpened(axis, memory, found)
    naturals.push(found)
  }
  return { energy: naturals.reduce(conditioned, alone), naturals }
}

function notOpened({ axis }: RandomAxis, { name, span }: EnergyVariable, found: { readonly reason: string }): Diagnostic {
  return diagnostic(
    'AMP601',
    `"${axis}" cannot be opened, since what patterns say of "${name}" is not known as numbers: ${found.reason}.`,
    {
      span,
      hint: `Give the axis a size and \`~ dirichlet(alpha / size)\` for a finite approximation.`,
    },
  )
}

function opened(energy: Energy, axis: RandomAxis): Energy {
  const slot = slotOf(energy, axis)
  if ('code' in slot) return { ...energy, random: energy.random.map((r) => (r === axis ? { ...r, refused: [slot] } : r)) }
  const { naturals } = slot
  const parameters = naturals.flatMap((n) => n.parameters.map((p) => p.variable))
  const over = overElements(slot.energy, axis, parameters)
  const { value, diagnostics } = integrate(over, axis.slots, situationOf(over))
  if (value === undefined) return { ...energy, random: energy.random.map((r) => (r === axis ? { ...r, refused: diagnostics } : r)) }
  const [picker] = axis.pickers
  const own: OpenedAxis = {
    ...{ axis: axis.axis, process: axis.process, picker: must(picker, 'picker'), count: ports.count(axis.axis) },
    ...{ arguments: axis.arguments, slots: axis.slots, evidence: evidenceOf(naturals) },
    parameters: naturals.flatMap((n) => n.parameters.map(({ variable, added }) => ({ name: variable.name, axes: variable.axes, added }))),
  }
  const random = value.random.filter((r) => r.axis !== axis.axis)
  return { ...value, written: withEnergy(value.written, value.graph), random, opened: [...value.opened, own] }
}

/** Minus the log normaliser of all that one element has. */
function evidenceOf(naturals: readonly Natural[]): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  return simplify(builder.part([{ name: ports.result, node: m.plus(...naturals.map((n) => storedIntegral(m, n).energy)), axes: [] }]))
}

/** The terms as they are now in the place of those of the text. */
function withEnergy(written: Graph, energy: Graph): Graph {
  const builder = new GraphBuilder()
  const [said, now] = [written, energy].map((graph) => include(builder, graph))
  const outputs = (graph: Graph, ids: readonly NodeId[] = []): readonly OutputPort[] =>
    graph.outputs.map((o) => ({ ...o, node: must(ids[o.node], o.name) }))
  const others = outputs(written, said).filter((o) => !ports.isTerm(o.name))
  return builder.part([...others, ...outputs(energy, now)])
}

/** Parameters over the axis, each read at the element that is taken; shares by counts. */
function overElements(energy: Energy, axis: RandomAxis, parameters: readonly EnergyVariable[]): Energy {
  const names = new Set(parameters.map((p) => p.name))
  const widened = (v: EnergyVariable): EnergyVariable => (names.has(v.name) ? { ...v, axes: [axis.axis, ...v.axes] } : v)
  const weights = ports.weight(axis.axis)
  const [own] = energy.variables.filter((v) => v.name === weights)
  const count: EnergyVariable = {
    ...{ name: ports.count(axis.axis), role: 'memory', axes: [axis.axis], type: { kind: 'nonnegative' } },
    span: must(own, weights).span,
  }
  const variables = (all: readonly EnergyVariable[]): readonly EnergyVariable[] => [
    ...all.filter((v) => v.name !== weights && !axis.slots.includes(v.name)).map(widened),
    count,
  ]
  const written = rewritten(energy.written, axis, names)
  return {
    ...energy,
    written: withDefault(written, count),
    graph: simplify(rewritten(energy.graph, axis, names, energy.written)),
    declared: variables(energy.declared),
    variables: [...variables(energy.variables), ...energy.variables.filter((v) => axis.slots.includes(v.name))],
    rules: energy.rules.filter((r) => !names.has(r.target)),
  }
}

/** No pattern has taken any. */
function withDefault(graph: Graph, { name, axes }: EnergyVariable): Graph {
  const builder = new GraphBuilder()
  const ids = include(builder, graph)
  const outputs = graph.outputs.map((o) => ({ ...o, node: must(ids[o.node], o.name) }))
  return builder.part([...outputs, { name: ports.preset(name), node: builder.constant(0), axes }])
}

/** `says` has the arguments of the process among its outputs. */
function rewritten(graph: Graph, axis: RandomAxis, parameters: ReadonlySet<string>, says = graph): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const weights = ports.weight(axis.axis)
  const args = argumentsOf(builder, axis, says)
  const shares = seatShares(m, axis, args, builder.input(ports.count(axis.axis), [axis.axis]))
  const picker = builder.input(must(axis.pickers[0], 'picker'), [])
  const taken = (name: string, axes: readonly string[]): NodeId =>
    builder.pick(builder.input(name, [axis.axis, ...axes]), axis.axis, picker)
  const ids = include(builder, graph, ({ name, axes }) => {
    if (name === weights) return shares
    return parameters.has(name) ? taken(name, axes) : undefined
  })
  return builder.part(
    graph.outputs.map((o) => {
      const isDefault = [...parameters].some((name) => o.name === ports.preset(name))
      return { ...o, node: must(ids[o.node], o.name), axes: isDefault ? [axis.axis, ...o.axes] : o.axes }
    }),
  )
}
