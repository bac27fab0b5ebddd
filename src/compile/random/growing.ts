import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import { cut } from '../../ir/cut.ts'
import type { Graph, OutputPort } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy } from '../../middle/energy.ts'
import type { GrowingProgram } from '../../middle/growing.ts'
import * as ports from '../../middle/ports.ts'
import type { OpenedAxis } from '../../middle/random-axis.ts'
import { statesOf } from '../../middle/situation.ts'
import { onlyOutputs } from '../outputs.ts'

/** How patterns are written to a memory over an axis that grows. */
export function readGrowing(energy: Energy, opened: OpenedAxis): GrowingProgram {
  const graph = scores(energy, opened)
  const args = Array.from({ length: opened.arguments }, (_, i) => ports.argument(ports.weight(opened.axis), i))
  const processArguments = onlyOutputs(energy.written, new Map(args.map((port) => [port, port])))
  const prior = onlyOutputs(energy.written, new Map(opened.parameters.map(({ name }) => [ports.preset(name), name])))
  const read = new Set([graph, processArguments, prior].flatMap((g) => g.inputs.map((p) => p.name)))
  const states = statesOf({ variables: energy.declared })
  const own = energy.declared.filter((v) => read.has(v.name))
  return {
    kind: 'growing',
    ...{ axis: opened.axis, process: opened.process, picker: opened.picker, count: opened.count },
    ...{ graph, arguments: processArguments, prior, evidence: opened.evidence, axes: energy.axes },
    fixed: own.filter((v) => !states.has(v.name) && v.role !== 'memory'),
    states: own.filter((v) => states.has(v.name)),
    parameters: opened.parameters.map(({ name, axes }) => ({ name, axes })),
  }
}

/** All of E but how likely elements are, at each of them; and what the pattern adds. */
function scores(energy: Energy, { axis, picker, parameters }: OpenedAxis): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const seat = energy.implied.find((d) => d.variable === picker)?.name
  const terms = energy.terms.filter((t) => t.name !== seat).map((t) => ports.term(t.name))
  const part = cut(
    energy.graph,
    energy.graph.outputs.filter((o) => terms.includes(o.name)),
  )
  const ids = include(builder, part, (p) => {
    if (p.name === picker) return builder.index(axis)
    return p.name === ports.temperature ? m.k(1) : undefined
  })
  const whole = m.plus(...part.outputs.map((o) => must(ids[o.node], o.name)))
  const added = parameters.map(({ name, axes, added: graph }): OutputPort => {
    const node = must(include(builder, graph)[must(graph.outputs[0], name).node], name)
    return { name: ports.added(name), node, axes }
  })
  return simplify(builder.part([{ name: ports.score, node: m.neg(whole), axes: [axis] }, ...added]))
}
