import type { Graph, Sizes } from '../ir/graph.ts'
import type { Executable, Target } from './executable.ts'

/** What graphs are opened with: where they run, how large axes are, and the inputs that stay what they are. */
export interface OpenSetting {
  readonly target: Target
  readonly sizes: Sizes
  readonly fixed: ReadonlyMap<string, Float64Array>
  /** Inputs that are written anew now and then, and `touch`ed. */
  readonly still?: readonly string[]
}

/**
 * A graph made ready to run, with what is fixed filled in. `shared`: buffers by the names of inputs and outputs that several
 * executables work in, those of `fixed` among them; what is fixed is then worked out once, until it is `touch`ed.
 */
export function open(
  { target, sizes, fixed, still = [] }: OpenSetting,
  graph: Graph,
  shared?: ReadonlyMap<string, Float64Array>,
): Executable {
  const executable = target(graph, sizes, shared && { buffers: buffersOf(graph, shared), fixed: new Set([...fixed.keys(), ...still]) })
  for (const [name, buffer] of executable.inputs) {
    const value = fixed.get(name)
    if (value === undefined) continue
    if (value !== buffer) buffer.set(value)
    executable.touch(name)
  }
  return executable
}

function buffersOf(graph: Graph, shared: ReadonlyMap<string, Float64Array>): Map<string, Float64Array> {
  const known = new Set([...graph.inputs, ...graph.outputs].map((p) => p.name))
  return new Map([...shared].filter(([name]) => known.has(name)))
}
