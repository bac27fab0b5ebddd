import type { Graph, Sizes } from '../../ir/graph.ts'
import { volumeOver } from '../../ir/layout.ts'
import { workOf } from '../loops/work.ts'

/**
 * From about so many additions a run on, WebAssembly takes less time than JavaScript, or as long where rounds wait for each other
 * (recursions). Below, the call into the module and the copies of what it reads count: 0.1 us, of 0.2 us for eight schools.
 */
const ENOUGH_WORK = 10_000

/** What is given is copied into the module's memory: no more numbers than these, 512 MiB. */
const MOST_NUMBERS = 67_108_864

/** Whether a graph at these sizes had better run as WebAssembly: by its sizes alone, so that every machine chooses alike. */
export function paysAsWasm(graph: Graph, sizes: Sizes): boolean {
  const numbers = [...graph.inputs, ...graph.outputs].reduce((sum, { axes }) => sum + volumeOver(axes, sizes), 0)
  return numbers <= MOST_NUMBERS && workOf(graph, sizes) >= ENOUGH_WORK
}
