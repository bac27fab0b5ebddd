import { must } from '../../base/internal-error.ts'
import { type GraphBuilder, include } from '../../ir/builder.ts'
import type { NodeId, Port } from '../../ir/graph.ts'
import type { Energy } from '../../middle/energy.ts'
import { boundExpressions, boundsOf } from '../../middle/kinds.ts'
import type { ValueType, Wall } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { expressionOf } from '../outputs.ts'
import type { BoundNodes } from './transform.ts'

/** A variable whose type may have bounds. */
export interface Bounded {
  readonly name: string
  readonly type: ValueType
}

/** The bounds of a type on a builder. `given` stands for each variable that they read, directly or through lets. */
export function writeBounds(
  builder: GraphBuilder,
  energy: Energy,
  { name, type }: Bounded,
  given: (port: Port, bound: Wall) => NodeId,
): BoundNodes {
  const nodes = wallsOf(type).map(({ end, wall }) => {
    const graph = expressionOf(energy, ports.bound(name, end))
    const ids = include(builder, graph, (port) => given(port, wall))
    return [end, must(ids[must(graph.outputs[0], 'value of a bound').node], 'bound')] as const
  })
  return Object.fromEntries(nodes)
}

/** The names of the variables that the bounds of a type read, directly or through lets. */
export function readByBounds(energy: Energy, { name, type }: Bounded): readonly string[] {
  const inputs = wallsOf(type).flatMap(({ end }) => expressionOf(energy, ports.bound(name, end)).inputs)
  return [...new Set(inputs.map((p) => p.name))]
}

/** Whether a type has bounds that are more than numbers. */
export function hasMadeBounds(type: ValueType): boolean {
  return boundExpressions(type).some((wall) => wall.number === undefined)
}

function wallsOf(type: ValueType): readonly { readonly end: ports.End; readonly wall: Wall }[] {
  const bounds = boundsOf(type)
  return (['lower', 'upper'] as const).flatMap((end) => {
    const wall = bounds?.[end]
    return wall === undefined || typeof wall === 'number' ? [] : [{ end, wall }]
  })
}
