import { energyFrom, modelFrom, samplingFrom } from '../../../src/api/pipeline.ts'
import { must } from '../../../src/base/internal-error.ts'
import type { Graph } from '../../../src/ir/graph.ts'
import * as ports from '../../../src/middle/ports.ts'
import { kernel } from '../../../src/targets/kernel.ts'

/** The sampling program of a text, and how its graphs are opened with the data of its defaults. */
export function openEnergyOf(text: string) {
  const model = must(modelFrom({ name: 'm.amp', text: `model m\n${text}\n` }).value, 'model')
  const energy = must(energyFrom(model).value, 'energy')
  const program = must(samplingFrom(energy).value, 'program')
  const sizes = { i: 3, k: 2, 'k:free': 1 }
  const open = (graph: Graph, shared: ReadonlyMap<string, Float64Array>) => {
    const executable = kernel(graph, sizes, { buffers: new Map([...shared].filter(([name]) => [...graph.inputs, ...graph.outputs].some((p) => p.name === name))) }) // biome-ignore format: one thought
    executable.inputs.get(ports.temperature)?.fill(1)
    executable.inputs.get('y')?.set([1.2, 0.3, 2.5])
    return executable
  }
  return { program, energy, open }
}
