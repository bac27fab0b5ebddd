import { must } from '../../base/internal-error.ts'
import { scalar } from '../../ir/scalar.ts'
import type { Target } from '../executable.ts'
import { generateKernel } from './kernel/generate.ts'
import { type Helpers, instantiate } from './kernel/instantiate.ts'

/** The special functions that kernels call, by operation. */
export const helpers: Helpers = scalar as unknown as Helpers

/**
 * Runs a graph as generated JavaScript over float64 arrays. Nothing is allocated in a run. Arrays given in `buffers`
 * must not overlap. Throws `InternalError` when a size is missing.
 */
export const kernel: Target = (graph, sizes, options) => {
  const source = generateKernel(graph, { sizes, ...(options?.fixed === undefined ? {} : { fixed: options.fixed }) })
  const given = new Map(source.axes.map((axis) => [axis, must(sizes[axis], `size of the axis ${axis}`)]))
  const made = instantiate(source)(given, helpers, options?.buffers ?? new Map())
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
