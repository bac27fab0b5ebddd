import type { Checked, Diagnostic } from '../base/diagnostic.ts'
import { checked } from '../base/diagnostic.ts'
import type { Graph } from '../ir/graph.ts'
import type { Model, Variable } from '../middle/model.ts'
import { lowerValue } from './lower.ts'

/** `param beta = 8`: what a variable is when nothing else is given. `graph` has the one output `value`, over `axes`. */
export interface Default {
  readonly name: string
  readonly role: Variable['role']
  readonly axes: readonly string[]
  readonly graph: Graph
}

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
