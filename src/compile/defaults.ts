import type { Checked, Diagnostic } from '../base/diagnostic.ts'
import { checked } from '../base/diagnostic.ts'
import type { Graph } from '../ir/graph.ts'
import type { Model } from '../middle/model.ts'
import type { Default } from '../middle/parts.ts'
import { lowerValue } from './lower.ts'

/** The defaults of a model, in declared order: each uses only sizes and earlier params. */
export function defaultsOf(model: Model): Checked<readonly Default[]> {
  const diagnostics: Diagnostic[] = []
  const defaults = model.variables.flatMap((variable): readonly Default[] => {
    if (variable.default === undefined) return []
    const lowered = lowerValue(model, variable.default)
    diagnostics.push(...lowered.diagnostics)
    return lowered.value === undefined
      ? []
      : [{ name: variable.name, role: variable.role, axes: variable.axes, graph: over(lowered.value, variable.axes) }]
  })
  return checked(defaults, diagnostics)
}

/** A default may be one number for all elements: its output is repeated over the variable's axes, in declared order. */
function over(graph: Graph, axes: readonly string[]): Graph {
  return { ...graph, outputs: graph.outputs.map((o) => ({ ...o, axes })) }
}
