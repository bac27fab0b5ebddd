import { madeSizes } from '../src/middle/derived-sizes.ts'
import type { Executable, Target } from '../src/middle/executable.ts'
import * as ports from '../src/middle/ports.ts'
import { kernelKnowing } from '../src/targets/kernel.ts'
import { wasmKnowing } from '../src/targets/wasm.ts'
import { type Paired, paired } from './measure.ts'
import { graphOf, type ModelCase } from './models/load.ts'

/** The same loops as WebAssembly (a) and as JavaScript (b). They give the same bits, which is an error where they do not. */
export function wasmOverKernel(model: ModelCase): Paired {
  const { graph, known, fixed, axes } = graphOf(model)
  const sizes = madeSizes(axes, model.sizes)
  const values = new Map(Object.entries({ [ports.temperature]: Float64Array.of(1), ...model.fixed, ...model.coordinates }))
  const buffers = new Map([...values].filter(([name]) => graph.inputs.some((p) => p.name === name)))
  const open = (target: (sizes: typeof known) => Target): Executable => {
    const made = target(known)(graph, sizes, { fixed, buffers })
    made.run()
    return made
  }
  const [wasm, kernel] = [open(wasmKnowing), open(kernelKnowing)]
  for (const [name, numbers] of kernel.outputs)
    if (numbers.some((x, i) => !Object.is(x, wasm.outputs.get(name)?.[i]))) throw new Error(`${name} has other bits as WebAssembly`)
  return paired(
    () => wasm.run(),
    () => kernel.run(),
  )
}
