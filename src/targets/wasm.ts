import type { Sizes } from '../ir/graph.ts'
import type { Target } from '../middle/executable.ts'
import { firstQuick } from './kernel/first-quick.ts'
import { kernelKnowing } from './kernel.ts'
import { loopPrograms } from './loops/compile.ts'
import type { LoopProgram } from './loops/program.ts'
import { paysAsWasm } from './wasm/choice.ts'
import { instantiateWasm } from './wasm/instantiate-wasm.ts'

export { mayUseWasm } from './wasm/engine.ts'

/**
 * Runs a graph as WebAssembly, two numbers at a time where that gives the same bits: those of the kernel, which relies on the `known`
 * sizes alone. Throws `RangeError` where the arrays do not fit in its memory of 4 GiB.
 */
export function wasmKnowing(known: Sizes): Target {
  return (graph, sizes, options) => {
    const fixed = options?.fixed ?? new Set<string>()
    const { plain, quick } = loopPrograms(graph, { sizes: known, fixed })
    const make = (program: LoopProgram, buffers: ReadonlyMap<string, Float64Array>) => instantiateWasm(program, sizes, buffers, fixed)
    const buffers = options?.buffers ?? new Map<string, Float64Array>()
    const made = quick === undefined ? make(plain(), buffers) : firstQuick(plain, quick, make, buffers)
    return {
      inputs: made.inputs,
      outputs: made.outputs,
      run: () => made.run(),
      touch(name) {
        if (fixed.has(name)) made.touch(name)
      },
      dispose() {},
    }
  }
}

/** Runs a graph as WebAssembly where that is faster, and otherwise as JavaScript: the same bits. */
export function fasterKnowing(known: Sizes): Target {
  const [wasm, kernel] = [wasmKnowing(known), kernelKnowing(known)]
  return (graph, sizes, options) => (paysAsWasm(graph, sizes) ? wasm : kernel)(graph, sizes, options)
}
