import { type Loaded, load } from '../../src/api/load.ts'
import { retrievalParts } from '../../src/api/retrieve.ts'
import { samplingParts } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import type { Executable } from '../../src/compile/executable.ts'
import { madeSizes } from '../../src/compile/made-sizes.ts'
import { onlyOutputs } from '../../src/compile/outputs.ts'
import { port } from '../../src/compile/program.ts'
import { kernelKnowing } from '../../src/compile/targets/kernel.ts'
import type { Graph, Sizes } from '../../src/ir/graph.ts'

export type Numbers = Readonly<Record<string, Float64Array>>

/** A model as the product runs it: from its text to the kernel that a sampler's or a retrieval's step runs. */
export interface ModelCase {
  readonly text: string
  readonly reading: 'sampling' | 'retrieval'
  /** Sizes of the user's axes, which come from data. */
  readonly sizes: Sizes
  /** Sizes that the kernel may rely on although the model leaves them to the data: not what the product does. */
  readonly assume?: Sizes
  /** Data, memories and params; the temperature is 1. */
  readonly fixed: Numbers
  readonly coordinates: Numbers
}

/** From text to a kernel that is ready to run. */
export function open({ text, reading, sizes, assume = {}, fixed, coordinates }: ModelCase): Executable {
  const { energy } = must(load({ name: 'model', text }).value, 'model')
  const { graph, axes } = reading === 'sampling' ? stepsOf(energy) : descentOf(energy)
  const given = { [port.temperature]: Float64Array.of(1), ...fixed }
  const target = kernelKnowing(madeSizes(axes, assume))
  return target(graph, madeSizes(axes, sizes), {
    fixed: new Set(Object.keys(given)),
    buffers: new Map(Object.entries({ ...given, ...coordinates }).filter(([name]) => graph.inputs.some((p) => p.name === name))),
  })
}

type Program = { readonly graph: Graph; readonly axes: Parameters<typeof madeSizes>[0] }

/** What a sampler's step runs. */
function stepsOf(energy: Loaded['energy']): Program {
  const { program, steps } = must(samplingParts(energy, new Set()).value, 'sampling parts')
  return { graph: steps, axes: program.axes }
}

/** Energy and gradients: what a retrieval's step reads. */
function descentOf(energy: Loaded['energy']): Program {
  const { program } = must(retrievalParts(energy, new Set()).value, 'retrieval parts')
  const read = program.graph.outputs.map((o) => o.name).filter((name) => /^(energy$|gradient:)/.test(name))
  return { graph: onlyOutputs(program.graph, new Map(read.map((name) => [name, name]))), axes: program.axes }
}
