import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import { gradient } from '../ir/gradient.ts'
import type { Graph } from '../ir/graph.ts'
import { maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy } from '../middle/energy.ts'
import * as ports from '../middle/ports.ts'
import type { SamplingProgram } from '../middle/program.ts'
import { ordinaryInputs } from './type-range.ts'

/**
 * Second derivatives of a program's scalar by the coordinates of all its states, times a direction: inputs `direction:NAME` beside those of
 * the program, outputs `product:NAME`. The derivative of the slope along the direction, exact.
 */
export function hessianProduct(
  { graph, states }: Pick<SamplingProgram, 'graph' | 'states'>,
  { variables }: Pick<Energy, 'variables'>,
): Graph {
  const builder = new GraphBuilder()
  const ids = include(builder, graph)
  const m = maths(builder)
  const output = (name: string) => must(ids[must(graph.outputs.find((o) => o.name === name), name).node], name) // biome-ignore format: one thought
  const inputs = states.map((s) => builder.input(ports.coordinate(s.name), s.coordinateAxes))
  const slopes = states.map(({ name, coordinateAxes }) => {
    const direction = builder.input(ports.direction(name), coordinateAxes)
    return m.sum(coordinateAxes, m.mul(output(ports.gradient(name)), direction))
  })
  gradient(builder, m.plus(...slopes), inputs, { inputs: ordinaryInputs(variables) }).forEach((g, i) => {
    const { name, coordinateAxes } = must(states[i], 'state')
    builder.output(ports.product(name), g, coordinateAxes)
  })
  return simplify(builder.finish())
}
