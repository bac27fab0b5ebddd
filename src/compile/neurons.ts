import { InternalError, must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import { cut } from '../ir/cut.ts'
import { gradient } from '../ir/gradient.ts'
import type { Graph, NodeId } from '../ir/graph.ts'
import type { Typed, Variable } from '../middle/model.ts'
import * as ports from '../middle/ports.ts'
import { type LowerContext, type Lowered, refuse } from './lower/context.ts'
import type { LoweredTerm } from './lower/terms.ts'

/**
 * Layers of neurons with Lagrangians (Krotov & Hopfield 2021). A state v with Lagrangian L(v) has the activation
 * g = dL/dv and adds its Legendre transform `sum(v g) - L(v)` to E; it moves by `tau dv/dt = -dE/dg`, the derivative
 * being by the activation as if it were free, so that `dv/dt = (I - v) / tau` with I the input from the interactions.
 */
export interface Neuron {
  readonly name: string
  /** Over the axes of the state; `activation` stands in for dL/dv in all terms until `withActivations`. */
  readonly activation: NodeId
  readonly marker: NodeId
  readonly tau: NodeId
}

/** Neurons and the terms they add. The checker has seen to it that interactions go through activations alone. */
export function lowerNeurons(
  c: LowerContext,
  written: readonly LoweredTerm[],
  lower: (e: Typed) => Lowered,
): { readonly neurons: readonly Neuron[]; readonly terms: readonly LoweredTerm[] } {
  const states = c.model.variables.filter((v) => v.lagrangian !== undefined)
  const lowered = states.map((v) => lowerNeuron(c, v, must(v.lagrangian, 'lagrangian'), lower))
  for (const v of states)
    for (const t of written) if (dependsOn(c.builder, t.node, v.name)) throw new InternalError(`${t.name} uses the neuron ${v.name} itself`)
  return { neurons: lowered.map((l) => l.neuron), terms: lowered.map((l) => l.term) }
}

function lowerNeuron(
  c: LowerContext,
  v: Variable,
  lagrangian: Typed,
  lower: (e: Typed) => Lowered,
): { readonly neuron: Neuron; readonly term: LoweredTerm } {
  const { builder, m } = c
  const written = lower(lagrangian).node
  const scalar = builder.axes(written).length === 0 ? written : refuse(c, lagrangian.span, 'A Lagrangian is one number.').node
  const value = builder.input(v.name, v.axes)
  const marker = builder.input(ports.marker(v.name), v.axes)
  const activation = must(gradient(builder, scalar, [value])[0], 'activation')
  const tau = v.tau === undefined ? m.k(1) : lower(v.tau).node
  const legendre = m.sub(m.sum(v.axes, m.mul(value, marker)), scalar)
  return {
    neuron: { name: v.name, activation, marker, tau },
    term: { name: `legendre ${v.name}`, span: v.span, kind: 'energy', node: legendre },
  }
}

/** -dE/dg of every neuron, the activations being leaves. */
export function drives(c: LowerContext, neurons: readonly Neuron[], terms: readonly LoweredTerm[]): readonly NodeId[] {
  if (neurons.length === 0) return []
  const total = c.m.plus(...terms.map((t) => t.node))
  const slopes = gradient(
    c.builder,
    total,
    neurons.map((n) => n.marker),
  )
  return slopes.map((g) => c.m.neg(g))
}

/** The graph with every activation's stand-in replaced by the activation itself, its output `activation:NAME`. */
export function withActivations(graph: Graph, neurons: readonly Neuron[]): Graph {
  if (neurons.length === 0) return graph
  const builder = new GraphBuilder()
  const names = new Map(neurons.map((n) => [ports.activation(n.name), ports.marker(n.name)]))
  const activations = cut(
    graph,
    graph.outputs.filter((o) => names.has(o.name)),
  )
  const copied = include(builder, activations)
  const known = new Map(activations.outputs.map((o) => [names.get(o.name), must(copied[o.node], o.name)]))
  const ids = include(builder, graph, (port) => known.get(port.name))
  for (const o of graph.outputs) builder.output(o.name, must(ids[o.node], o.name), o.axes)
  return builder.finish()
}

/** Whether the input `name` is among what `root` is made of. */
function dependsOn(builder: GraphBuilder, root: NodeId, name: string): boolean {
  const reached = new Set([root])
  for (const id of reached) {
    const node = builder.node(id)
    if (node.op === 'input' && node.name === name) return true
    for (const a of node.args) reached.add(a)
  }
  return false
}
