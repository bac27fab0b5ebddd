import type { Checked, Diagnostic } from '../../base/diagnostic.ts'
import { checked } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { type GraphBuilder, include } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
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
  const nodes = Object.entries(boundsOf(type)).flatMap(([end, bound]): readonly (readonly [string, NodeId])[] => {
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
  const inputs = Object.values(boundsOf(type)).flatMap((bound) => lowerValue(model, bound).value?.inputs ?? [])
  return [...new Set(inputs.map((p) => p.name))]
}

/** Whether a type has bounds that are more than numbers. */
export function hasMadeBounds(type: ValueType): boolean {
  return Object.values(boundsOf(type)).some((bound) => bound.kind !== 'number')
}

function boundsOf(type: ValueType): { readonly lower?: Typed; readonly upper?: Typed } {
  if (type.kind !== 'real') return {}
  const { lower, upper } = type
  return { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) }
}
