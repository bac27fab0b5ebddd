import { must } from '../base/internal-error.ts'
import type { Graph, Sizes } from '../ir/graph.ts'
import type { Executable, ExecutableOptions, Target } from '../middle/executable.ts'
import { firstQuick } from './kernel/first-quick.ts'
import { kernelSource } from './kernel/generate.ts'
import { helpers } from './kernel/helpers.ts'
import { type Helpers, instantiate, type KernelInstance, mayInstantiate } from './kernel/instantiate.ts'
import { loopPrograms } from './loops/compile.ts'
import type { LoopProgram } from './loops/program.ts'
import { reference } from './reference.ts'
import { quickRoutines } from './wasm/matrices/routines.ts'

/** Large matrices as WebAssembly, with the bits of the helpers. Put together late: emitted modules fill in their rows of the table last. */
function quickHelpers(): Helpers {
  together ??= { ...helpers, ...quickRoutines } as unknown as Helpers
  return together
}
let together: Helpers | undefined

/**
 * Runs a graph as generated JavaScript over float64 arrays. Nothing is allocated in a run. Arrays given in `buffers`
 * must not overlap. Throws `InternalError` when a size is missing. The text may rely on every size it is given. Where no
 * code may be made from text, the graph is interpreted instead.
 */
export const kernel: Target = (graph, sizes, options) => run(graph, sizes, sizes, options)

/**
 * Like `kernel`, but the text relies on `known` sizes only: those that the model itself fixes. An emitted module, which
 * is written before any data are there, then adds in the same order and gives the same bits.
 */
export function kernelKnowing(known: Sizes): Target {
  return (graph, sizes, options) => run(graph, sizes, known, options)
}

function run(graph: Graph, sizes: Sizes, known: Sizes, options: ExecutableOptions | undefined): Executable {
  if (!mayInstantiate()) return reference(graph, sizes, options)
  const { plain, quick } = loopPrograms(graph, { sizes: known, ...(options?.fixed === undefined ? {} : { fixed: options.fixed }) })
  const make = (program: LoopProgram, buffers: ReadonlyMap<string, Float64Array>): KernelInstance => {
    const source = kernelSource(program)
    const given = new Map(source.axes.map((axis) => [axis, must(sizes[axis], `size of the axis ${axis}`)]))
    return instantiate(source)(given, quickHelpers(), buffers)
  }
  const buffers = options?.buffers ?? new Map()
  const made = quick === undefined ? make(plain(), buffers) : firstQuick(plain, quick, make, buffers)
  return {
    inputs: made.inputs,
    outputs: made.outputs,
    run: () => made.run(),
    touch(name) {
      if (options?.fixed?.has(name)) made.touch(name)
    },
    dispose() {},
  }
}
