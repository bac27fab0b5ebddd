import type { Checked, Diagnostic } from '../../base/diagnostic.ts'
import { checked } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { type GraphBuilder, include } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { boundExpressions, boundsOf } from '../../middle/kinds.ts'
import type { Model, Typed, ValueType } from '../../middle/model.ts'
import { lowerValue } from '../lower.ts'
import type { Bounds } from './transform.ts'

type Port = { readonly name: string; readonly axes: readonly string[] }

/** The bounds of a type on a builder. `given` stands for each variable that they read, directly or through lets. */
export function lowerBounds(
  builder: GraphBuilder,
  model: Model,
  type: ValueType,
  given: (port: Port, bound: Typed) => NodeId,
): Checked<Bounds> {
  const diagnostics: Diagnostic[] = []
  const nodes = endsOf(type).flatMap(([end, bound]): readonly (readonly [string, NodeId])[] => {
    const lowered = lowerValue(model, bound)
    diagnostics.push(...lowered.diagnostics)
    if (lowered.value === undefined) return []
    const ids = include(builder, lowered.value, (port) => given(port, bound))
    return [[end, must(ids[must(lowered.value.outputs[0], 'value of a bound').node], 'bound')]]
  })
  return checked(Object.fromEntries(nodes), diagnostics)
}

/** The names of the variables that the bounds of a type read, directly or through lets. */
export function readByBounds(model: Model, type: ValueType): readonly string[] {
  const inputs = boundExpressions(type).flatMap((bound) => lowerValue(model, bound).value?.inputs ?? [])
  return [...new Set(inputs.map((p) => p.name))]
}

/** Whether a type has bounds that are more than numbers. */
export function hasMadeBounds(type: ValueType): boolean {
  return boundExpressions(type).some((bound) => bound.kind !== 'number')
}

/** The ends that are expressions, by name. */
function endsOf(type: ValueType): readonly (readonly [string, Typed])[] {
  const { lower, upper } = boundsOf(type) ?? { lower: 0, upper: 0 }
  return Object.entries({ lower, upper }).flatMap(([end, bound]) => (typeof bound === 'number' ? [] : [[end, bound] as const]))
}
