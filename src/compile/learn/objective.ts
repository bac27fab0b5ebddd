import { diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { dependents } from '../../ir/batch.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import * as ports from '../../middle/ports.ts'
import { expressionOf } from '../outputs.ts'
import type { LossRule } from './loss.ts'

/** An objective of the model, as it is written: summed over patterns where it mentions what a pattern has of its own. */
export const objectiveLoss =
  (name: string): LossRule =>
  ({ energy, situation, own }) => {
    const graph = expressionOf(energy, ports.objective(name))
    const hidden = energy.variables.filter((v) => situation.moving.has(v.name) && graph.inputs.some((p) => p.name === v.name))
    if (hidden.length > 0)
      return unmade(
        hidden.map((v) =>
          diagnostic('AMP633', `The objective "${name}" depends on "${v.name}", which is not observed.`, {
            span: v.span,
            hint: `Give it with --observed ${v.name}=FILE, or learn it: --params ${v.name}.`,
          }),
        ),
      )
    const builder = new GraphBuilder()
    const m = maths(builder)
    const ids = include(builder, graph)
    const { node } = must(graph.outputs[0], 'objective')
    const varies = dependents(graph, own)[node] === true
    builder.output(ports.shared, varies ? m.k(0) : must(ids[node], name), [])
    builder.output(ports.each, varies ? must(ids[node], name) : m.k(0), [])
    return made({ graph: simplify(builder.finish()), energy })
  }
