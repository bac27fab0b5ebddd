import { must } from '../base/internal-error.ts'
import { evaluate } from '../ir/evaluate.ts'
import type { Port } from '../ir/graph.ts'
import { volumeOver } from '../ir/layout.ts'
import type { Target } from '../middle/executable.ts'

/** Runs the graph by its definition, in float64: slow, and what the other targets are measured against. */
export const reference: Target = (graph, sizes, options) => {
  const buffers = (ports: readonly Port[]): ReadonlyMap<string, Float64Array> =>
    new Map(ports.map((p) => [p.name, options?.buffers?.get(p.name) ?? new Float64Array(volumeOver(p.axes, sizes))]))
  const inputs = buffers(graph.inputs)
  const outputs = buffers(graph.outputs)
  return {
    inputs,
    outputs,
    run() {
      const values = evaluate(graph, sizes, Object.fromEntries(inputs))
      for (const [name, buffer] of outputs) buffer.set(must(values[name], `output ${name}`))
    },
    touch() {},
    dispose() {},
  }
}
