import { GraphBuilder } from '../ir/builder.ts'
import type { Graph } from '../ir/graph.ts'
import { maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy } from '../middle/energy.ts'
import { isUnbounded } from '../middle/kinds.ts'
import type { Inverse } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import type { RetrievalState, SamplingState } from '../middle/program.ts'
import { writeBounds } from './supports/bounds.ts'
import { hasTransform, type Transform, transformOf } from './supports/index.ts'

/** The coordinates of values that are given (cues, observations, starting points), for the states that move in others. */
export function inversesOf(energy: Energy, states: readonly (RetrievalState | SamplingState)[]): readonly Inverse[] {
  return states.flatMap((state) => {
    const transform = transformOf(state.type)
    const elsewhere = !('move' in state) || state.move.kind === 'free'
    const same = isUnbounded(state.type)
    return elsewhere && !same && hasTransform(transform) ? [{ name: state.name, graph: inverseGraph(energy, state, transform) }] : []
  })
}

function inverseGraph(energy: Energy, { name, type, axes, coordinateAxes }: RetrievalState | SamplingState, transform: Transform): Graph {
  const builder = new GraphBuilder()
  const bounds = writeBounds(builder, energy, { name, type }, (port) => builder.input(port.name, port.axes))
  const value = builder.input(ports.value(name), axes)
  builder.output(ports.coordinate(name), transform.inverse(maths(builder), type, value, bounds), coordinateAxes)
  return simplify(builder.finish())
}
