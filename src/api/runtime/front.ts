import type { Key } from '../../base/random.ts'
import type { Target } from '../../compile/executable.ts'
import type { AncestralProgram } from '../../compile/program.ts'
import { drawnVariables, frontSampler } from '../../inference/ancestral.ts'
import { openChain } from '../../inference/chain.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { Workbench } from './workbench.ts'

/** Exact, independent draws from the front; `fixed` holds what is not drawn. There is no warm-up. */
export function frontWorkbench(
  program: AncestralProgram,
  target: Target,
  sizes: Sizes,
  fixed: ReadonlyMap<string, Float64Array>,
  key: Key,
): Workbench {
  const executable = target(program.graph, sizes)
  for (const [name, buffer] of executable.inputs) {
    const value = fixed.get(name)
    if (value !== undefined) buffer.set(value)
  }
  return {
    variables: drawnVariables(program, sizes),
    open: (chain, options, from) =>
      openChain(frontSampler(program, executable, sizes, key, chain), key, chain, { ...options, warmup: 0, thin: 1 }, from),
    generate({ chain, count, draws, columns, statistics }) {
      return { draws: { chain, count, values: draws, columns, statistics }, sums: [] }
    },
  }
}
