import { must } from '../base/internal-error.ts'
import type { Graph, Sizes } from '../ir/graph.ts'
import type { Target } from '../middle/executable.ts'
import { generateKernel } from '../targets/kernel/generate.ts'
import { helpers } from '../targets/kernel/helpers.ts'
import { instantiate, mayInstantiate } from '../targets/kernel/instantiate.ts'
import type { LoopOptions } from '../targets/loops/compile.ts'
import { reference } from '../targets/reference.ts'

/**
 * The kernel target, which remembers the text of every graph: a law opens the same graphs at many sizes. The text relies
 * on the `known` sizes only, those that the model itself fixes, as it does for users.
 */
export function cachedKernel(known: Sizes): Target {
  if (!mayInstantiate()) return reference
  const texts = new WeakMap<Graph, Map<string, ReturnType<typeof generateKernel>>>()
  const textOf = (graph: Graph, options: LoopOptions): ReturnType<typeof generateKernel> => {
    const key = [...(options.fixed ?? [])].sort().join('\n')
    const ofGraph = texts.get(graph) ?? new Map<string, ReturnType<typeof generateKernel>>()
    texts.set(graph, ofGraph)
    const text = ofGraph.get(key) ?? generateKernel(graph, { ...options, sizes: known })
    ofGraph.set(key, text)
    return text
  }
  return (graph, sizes, options) => {
    const source = textOf(graph, options?.fixed === undefined ? {} : { fixed: options.fixed })
    const given = new Map(source.axes.map((axis) => [axis, must(sizes[axis], `size of the axis ${axis}`)]))
    const made = instantiate(source)(given, helpers, options?.buffers ?? new Map())
    return {
      inputs: made.inputs,
      outputs: made.outputs,
      run: () => made.run(),
      touch: (name) => {
        if (options?.fixed?.has(name)) made.touch(name)
      },
      dispose() {},
    }
  }
}
