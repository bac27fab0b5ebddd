import { type Loaded, load } from '../../src/api/load.ts'
import { retrievalParts, samplingParts } from '../../src/api/pipeline.ts'
import { must } from '../../src/base/internal-error.ts'
import { onlyOutputs } from '../../src/compile/outputs.ts'
import type { Graph, Sizes } from '../../src/ir/graph.ts'
import { madeSizes } from '../../src/middle/derived-sizes.ts'
import type { Executable } from '../../src/middle/executable.ts'
import * as ports from '../../src/middle/ports.ts'
import { kernelKnowing } from '../../src/targets/kernel.ts'

export type Numbers = Readonly<Record<string, Float64Array>>

/** A model as the product runs it: from its text to the kernel that a sampler's or a retrieval's step runs. */
export interface ModelCase {
  readonly text: string
  readonly reading: 'sampling' | 'retrieval'
  /** Sizes of the user's axes, which come from data. */
  readonly sizes: Sizes
  /** Sizes that the kernel may rely on although the model leaves them to the data: not what the product does. */
  readonly assume?: Sizes
  /** The kernel relies on no size, not even on those that the model fixes: not what the product does either. */
  readonly knowing?: 'nothing'
  /** Data, memories and params; the temperature is 1. */
  readonly fixed: Numbers
  readonly coordinates: Numbers
}

/** From text to a kernel that is ready to run. */
export function open(model: ModelCase): Executable {
  const { graph, known, fixed, axes } = graphOf(model)
  return kernelKnowing(known)(graph, madeSizes(axes, model.sizes), {
    fixed,
    buffers: new Map(
      Object.entries({ ...given(model), ...model.coordinates }).filter(([name]) => graph.inputs.some((p) => p.name === name)),
    ),
  })
}

function given({ fixed }: ModelCase): Numbers {
  return { [ports.temperature]: Float64Array.of(1), ...fixed }
}

/** What a kernel is made from. */
export function graphOf(model: ModelCase): Program & { readonly known: Sizes; readonly fixed: ReadonlySet<string> } {
  const { energy } = must(load({ name: 'model', text: model.text }).value, 'model')
  const program = model.reading === 'sampling' ? stepsOf(energy) : descentOf(energy)
  return {
    ...program,
    known: model.knowing === 'nothing' ? {} : madeSizes(program.axes, model.assume ?? {}),
    fixed: new Set(Object.keys(given(model))),
  }
}

type Program = { readonly graph: Graph; readonly axes: Parameters<typeof madeSizes>[0] }

/** What a sampler's step runs. */
function stepsOf(energy: Loaded['energy']): Program {
  const { program, steps } = must(samplingParts(energy).value, 'sampling parts')
  return { graph: steps, axes: program.axes }
}

/** Energy and gradients: what a retrieval's step reads. */
function descentOf(energy: Loaded['energy']): Program {
  const { program } = must(retrievalParts(energy).value, 'retrieval parts')
  const read = program.graph.outputs.map((o) => o.name).filter((name) => /^(energy$|gradient:)/.test(name))
  return { graph: onlyOutputs(program.graph, new Map(read.map((name) => [name, name]))), axes: program.axes }
}
