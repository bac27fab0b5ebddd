import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { Graph, OutputPort } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy, StoredPosterior, WrittenRule } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import type { Natural, NaturalParameter } from './natural.ts'
import { storedTerm } from './stored-term.ts'

/**
 * The energy with the posterior of a memory in the place of what the text says of it alone, normalised: `posterior of NAME`. Its
 * natural parameters are memories, which by default are those of the prior and to which a write adds what its pattern says.
 */
export function conditioned(energy: Energy, natural: Natural): Energy {
  const { memory, shared, parameters, axes } = natural
  const name = ports.posterior(memory.name)
  const builder = new GraphBuilder()
  const ids = include(builder, energy.graph)
  const gone = new Set(shared.map(ports.term))
  const kept = energy.graph.outputs.filter((o) => !gone.has(o.name)).map((o) => ({ ...o, node: must(ids[o.node], o.name) }))
  const term = { name: ports.term(name), node: storedTerm(maths(builder), natural), axes: [] }
  const variables = parameters.map((p) => p.variable)
  const first = energy.terms.findIndex((t) => shared.includes(t.name))
  const left = energy.terms.filter((t) => !shared.includes(t.name))
  const own = { name, span: energy.terms[first]?.span ?? memory.span, kind: 'density' } as const
  return {
    ...energy,
    graph: simplify(builder.part([...kept, term])),
    terms: left.toSpliced(Math.max(0, first), 0, own),
    written: withExpressions(energy.written, parameters),
    declared: [...energy.declared, ...variables],
    variables: [...energy.variables, ...variables],
    axes: [...energy.axes, ...axes.filter((made) => energy.axes.every((a) => a.name !== made.name))],
    rules: [...energy.rules, ...parameters.flatMap((p) => rulesOf(p))],
    posteriors: [...energy.posteriors, storedOf(natural)],
  }
}

function storedOf({ memory, parameters, mixing }: Natural): StoredPosterior {
  const named = (statistic: string): string | undefined => parameters.find((p) => p.statistic === statistic)?.variable.name
  const [precision, linear, [mixed]] = [named('precision'), named('linear'), mixing]
  const gaussian =
    precision === undefined || linear === undefined ? {} : { gaussian: { precision, linear, ...(mixed && { mixing: mixed }) } }
  return { name: memory.name, parameters: parameters.map((p) => p.variable.name), ...gaussian }
}

const ruleValue = (kind: 'write' | 'forget', { variable }: NaturalParameter): string => ports.rule(kind, variable.name, 0)

/** What parameters are by default, and with and without a pattern. */
function withExpressions(written: Graph, parameters: readonly NaturalParameter[]): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const ids = include(builder, written)
  const more = parameters.flatMap((p): readonly OutputPort[] => {
    const { name, axes } = p.variable
    const now = builder.input(name, axes)
    const [prior, added] = [p.prior, p.added].map((graph) => must(include(builder, graph)[must(graph.outputs[0], name).node], name))
    return [
      { name: ports.preset(name), node: must(prior, name), axes },
      { name: ruleValue('write', p), node: m.add(now, must(added, name)), axes },
      { name: ruleValue('forget', p), node: m.sub(now, must(added, name)), axes },
    ]
  })
  return builder.part([...written.outputs.map((o) => ({ ...o, node: must(ids[o.node], o.name) })), ...more])
}

function rulesOf(parameter: NaturalParameter): readonly WrittenRule[] {
  const { name, axes, span } = parameter.variable
  return (['write', 'forget'] as const).map((kind) => ({
    ...{ kind, target: name, axes, value: ruleValue(kind, parameter), places: [], supplied: true, refused: [], span },
  }))
}
