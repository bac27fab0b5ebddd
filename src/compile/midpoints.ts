import { GraphBuilder } from '../ir/builder.ts'
import type { Graph } from '../ir/graph.ts'
import { maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy } from '../middle/energy.ts'
import type { Midpoint } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import type { RetrievalState, SamplingState } from '../middle/program.ts'
import { hasMadeBounds, writeBounds } from './supports/bounds.ts'
import { hasTransform, transformOf } from './supports/index.ts'

export function midpointsOf(energy: Energy, states: readonly (RetrievalState | SamplingState)[]): readonly Midpoint[] {
  return states.filter(({ type }) => hasMadeBounds(type)).map((state) => ({ name: state.name, graph: middle(energy, state) }))
}

/** Where the coordinates are 0, as for a state that nothing was said about. */
function middle(energy: Energy, { name, type, axes }: RetrievalState | SamplingState): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const bounds = writeBounds(builder, energy, { name, type }, (port) => builder.input(port.name, port.axes))
  const transform = transformOf(type)
  const { value } = hasTransform(transform) ? transform.forward(m, type, m.k(0), bounds) : { value: m.k(0) }
  builder.output(ports.result, value, axes)
  return simplify(builder.finish())
}
