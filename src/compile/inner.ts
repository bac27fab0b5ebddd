import { type Checked, checked, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import type { Graph } from '../ir/graph.ts'
import { dependents, reachable } from '../ir/walk.ts'
import type { Energy } from '../middle/energy.ts'
import * as ports from '../middle/ports.ts'
import type { RetrievalProgram } from '../middle/program.ts'
import type { Situation } from '../middle/situation.ts'
import { onlyOutputs } from './outputs.ts'
import { readRetrieval } from './retrieval.ts'

/** The minimum inside an energy as a retrieval of its own, and what of the rest it is given. */
export interface InnerProgram {
  /** Moves the variables inside; everything else is fixed. */
  readonly program: RetrievalProgram
  /** From the coordinates of what moves outside to the values that are read inside: outputs `value:NAME`. */
  readonly outside: Graph
}

/** Of an energy with variables inside; `outer` is the graph of the program around it. */
export function innerProgram(energy: Energy, situation: Situation, outer: Graph): Checked<InnerProgram> {
  const inside = partInside(energy)
  const own = new Set(energy.inner.map((v) => v.name))
  const { value: program, diagnostics } = readRetrieval(inside, { ...situation, moving: own, observed: new Set(), treatments: [] })
  if (program === undefined) return unmade(diagnostics)
  const read = new Set(inside.graph.inputs.map((p) => p.name))
  return checked({ program, outside: valuesIn(outer, energy, situation, read) }, diagnostics)
}

/** The terms that mention what is inside, over all that they read. */
function partInside(energy: Energy): Energy {
  const builder = new GraphBuilder()
  const ids = include(builder, energy.graph)
  const own = new Set(energy.inner.map((v) => builder.input(v.name, v.axes)))
  const neurons = new Set(energy.inner.flatMap((v) => (energy.neurons.includes(v.name) ? [v.name] : [])))
  const belongs = new Set([...neurons].flatMap((name) => [ports.activation(name), ports.drive(name), ports.tau(name)]))
  const outputs = energy.graph.outputs
    .map((o) => ({ ...o, node: must(ids[o.node], o.name) }))
    .filter((o) => belongs.has(o.name) || (ports.isTerm(o.name) && dependents(builder, reachable(builder, [o.node]), own).has(o.node)))
  const graph = builder.part(outputs)
  const read = new Set(graph.inputs.map((p) => p.name))
  return {
    ...energy,
    graph,
    terms: energy.terms.filter((t) => outputs.some((o) => o.name === ports.term(t.name))),
    variables: [...energy.variables.filter((v) => read.has(v.name)), ...energy.inner],
    neurons: [...neurons],
    ...{ marginalised: [], relaxed: [], eliminated: [], joint: [], inner: [] },
  }
}

function valuesIn(outer: Graph, energy: Energy, { moving }: Situation, read: ReadonlySet<string>): Graph {
  const wanted = energy.variables.filter((v) => moving.has(v.name) && read.has(v.name))
  const there = new Set(outer.outputs.map((o) => o.name))
  const computed = wanted.filter((v) => there.has(ports.value(v.name)))
  if (computed.length === wanted.length) return onlyOutputs(outer, new Map(wanted.map((v) => [ports.value(v.name), ports.value(v.name)])))
  // Where nothing moves values are given as they are.
  const builder = new GraphBuilder()
  return builder.part(wanted.map((v) => ({ name: ports.value(v.name), node: builder.input(v.name, v.axes), axes: v.axes })))
}
