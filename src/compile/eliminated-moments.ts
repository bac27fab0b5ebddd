import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import { cut } from '../ir/cut.ts'
import { maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import type { Eliminated, Energy, Told } from '../middle/energy.ts'
import * as ports from '../middle/ports.ts'
import type { EliminatedVariable, ToldMoment } from '../middle/program.ts'

/** What is reported of the variables that were integrated out or minimised, each as a graph of its own: it runs when the rest is at its end. */
export function eliminatedMoments(energy: Energy): readonly EliminatedVariable[] {
  return energy.eliminated.map((variable) => momentsOf(energy, variable))
}

/** The outputs of an energy that tell of them. */
export function momentPorts({ eliminated }: Energy): ReadonlySet<string> {
  return new Set(eliminated.flatMap(({ name, told }) => told.map((t) => ports.told(t.what, name))))
}

/** A spread is told as a standard deviation. */
const calledSo: Readonly<Record<Told['what'], ToldMoment>> = { mean: 'mean', variance: 'sd', covariance: 'covariance', value: 'value' }

function momentsOf({ graph }: Energy, { told, ...variable }: Eliminated): EliminatedVariable {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const named = told.map((t) => ({ ...t, port: ports.told(t.what, variable.name) }))
  const found = new Map(graph.outputs.map((o) => [o.name, o]))
  const part = cut(
    graph,
    named.map(({ port }) => must(found.get(port), port)),
  )
  const ids = include(builder, part)
  const outputs = named.map(({ what, axes, port }, i) => {
    const node = must(ids[must(part.outputs[i], port).node], port)
    return { name: port, axes, node: what === 'variance' ? m.sqrt(node) : node }
  })
  return {
    ...variable,
    told: named.map(({ what, axes, port }) => ({ what: calledSo[what], axes, port })),
    graph: simplify(builder.part(outputs)),
  }
}
