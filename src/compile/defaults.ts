import type { Energy } from '../middle/energy.ts'
import type { Default } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import { expressionOf, namesWritten } from './outputs.ts'

/** The defaults of a model, in declared order: each uses only sizes and earlier params. */
export function defaultsOf(energy: Energy): readonly Default[] {
  const written = namesWritten(energy)
  return energy.declared.flatMap(({ name, role, axes }): readonly Default[] => {
    const port = ports.preset(name)
    if (!written.has(port)) return []
    const graph = expressionOf(energy, port)
    // A default may be one number for all elements: its output is repeated over the variable's axes, in declared order.
    return [{ name, role, axes, graph: { ...graph, outputs: graph.outputs.map((o) => ({ ...o, axes })) } }]
  })
}
