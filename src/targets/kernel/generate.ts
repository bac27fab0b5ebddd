import type { Graph, Port, Sizes } from '../../ir/graph.ts'
import { type LoopOptions, loopPrograms } from '../loops/compile.ts'
import type { LoopProgram } from '../loops/program.ts'
import { type Printed, printInOrder, printJs } from './print-js.ts'

/** A graph as JavaScript text. Plain data: it can be written to a file. */
export interface KernelSource {
  /**
   * A function expression `(sizes, f, buffers) => { inputs, outputs, run, touch }` in one self-contained piece of text:
   * `sizes` is a Map from axis name to number of elements, `f` an object with the functions named in `helpers`,
   * `buffers` a Map from port name to Float64Array for ports that shall not get a fresh one.
   */
  readonly text: string
  /** The axes whose sizes it asks for. */
  readonly axes: readonly string[]
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** The sizes that the text relies on; it throws when it gets another. */
  readonly assumes: Sizes
  /** The special functions (by operation name, as in the table of scalar functions) that it calls. */
  readonly helpers: readonly string[]
}

/**
 * The text of a function that evaluates `graph`: loop nests over Float64Array, no allocation in a run. Sizes are not
 * part of it. Names of the user's occur only as quoted strings.
 */
export function generateKernel(graph: Graph, options: LoopOptions = {}): KernelSource {
  const { program, printed } = printedKernel(graph, options)
  return sourceOf(program, printed)
}

/** The same text line by line, to be written inside another, and the functions that it calls. */
export function kernelLines(graph: Graph, options: LoopOptions = {}): Pick<Printed, 'lines' | 'helpers'> {
  return printedKernel(graph, options).printed
}

function printedKernel(graph: Graph, options: LoopOptions): { readonly program: LoopProgram; readonly printed: Printed } {
  const { plain, quick } = loopPrograms(graph, options)
  const program = plain()
  return { program, printed: quick === undefined ? printJs(program) : printInOrder(program, quick) }
}

export function kernelSource(program: LoopProgram): KernelSource {
  return sourceOf(program, printJs(program))
}

function sourceOf({ inputs, outputs, assumes }: LoopProgram, { lines, axes, helpers }: Printed): KernelSource {
  return { text: lines.join('\n'), axes, inputs, outputs, assumes, helpers }
}
