import type { Model, Typed } from '../dsl/model.ts'
import type { Graph, NodeId } from '../ir/graph.ts'
import { simplify } from '../ir/simplify.ts'
import { emptyEnvironment, newContext } from './lower/context.ts'
import { lowerExpression } from './lower/expressions.ts'
import type { RetrievalState, SamplingState } from './program.ts'
import { hasTransform, type Transform, transformOf } from './supports/index.ts'

/** From a value to its coordinates: input `value:NAME` and what its bounds are made of, output `coordinate:NAME`. */
export interface Inverse {
  readonly name: string
  readonly graph: Graph
}

/** The coordinates of values that are given (cues, observations, starting points), for the states that move in others. */
export function inversesOf(model: Model, states: readonly (RetrievalState | SamplingState)[]): readonly Inverse[] {
  return states.flatMap((state) => {
    const transform = transformOf(state.type)
    const elsewhere = !('move' in state) || state.move.kind === 'free'
    const same = state.type.kind === 'real' && state.type.lower === undefined && state.type.upper === undefined
    return elsewhere && !same && hasTransform(transform) ? [{ name: state.name, graph: inverseGraph(model, state, transform) }] : []
  })
}

function inverseGraph(model: Model, state: RetrievalState | SamplingState, transform: Transform): Graph {
  const c = newContext(model)
  const { type } = state
  const bound = (e: Typed | undefined): NodeId | undefined => (e === undefined ? undefined : lowerExpression(c, e, emptyEnvironment()).node)
  const lower = type.kind === 'real' ? bound(type.lower) : undefined
  const upper = type.kind === 'real' ? bound(type.upper) : undefined
  const value = c.builder.input(`value:${state.name}`, state.axes)
  const bounds = { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) }
  c.builder.output(`coordinate:${state.name}`, transform.inverse(c.m, type, value, bounds), state.coordinateAxes)
  return simplify(c.builder.finish())
}
