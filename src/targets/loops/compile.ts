import type { Graph } from '../../ir/graph.ts'
import { axisOrder } from './graph/axis-order.ts'
import { expand } from './graph/expand.ts'
import { withFactoredElements } from './graph/factored-elements.ts'
import { hoist } from './graph/hoist.ts'
import { narrowAxes } from './graph/narrow.ts'
import { scaledGraphs } from './graph/scaled-graphs.ts'
import { writtenOut } from './graph/written-out.ts'
import { settle } from './passes/settle.ts'
import { foldSigns } from './passes/signs.ts'
import type { LoopProgram } from './program.ts'
import type { Quick } from './quick.ts'
import { lower } from './schedule/lower.ts'
import { schedule } from './schedule/schedule.ts'
import { storage } from './schedule/storage.ts'
import { writeProgram } from './write/program.ts'

export interface LoopOptions {
  /** Names of inputs that change only when said so: what depends only on them is computed once. */
  readonly fixed?: ReadonlySet<string>
  /** Sizes that are known: axes of two or three elements are then written out, and the program is good for these only. */
  readonly sizes?: Readonly<Record<string, number>>
}

/** A graph as one program, or as two ways to the same outputs. */
export interface Programs {
  /** The way that always works; it is made when it is asked for. */
  readonly plain: () => LoopProgram
  readonly quick?: Quick
}

/** The loops that evaluate `graph`. */
export function loopPrograms(graph: Graph, options: LoopOptions = {}): Programs {
  const narrow = narrowAxes(graph, options.sizes ?? {})
  const made = (g: Graph): LoopProgram => tidied(writtenProgram(g, narrow, options.fixed))
  const plain = (): LoopProgram => made(expand(graph, narrow))
  const scaled = scaledGraphs(graph, narrow)
  return scaled === undefined ? { plain } : { plain, quick: { before: made(scaled.before), program: made(scaled.quick) } }
}

/** The phases from an expanded graph to its program, before the passes that leave out and shorten. */
export function writtenProgram(graph: Graph, narrow: ReadonlyMap<string, number>, fixed: ReadonlySet<string> = new Set()): LoopProgram {
  const separate = [...narrow].reduce((g, [axis, size]) => writtenOut(g, axis, size), withFactoredElements(graph))
  const order = axisOrder(separate)
  const lowered = lower(hoist(separate, order, fixed), order, fixed, narrow)
  const plan = schedule(lowered)
  return writeProgram(lowered, plan, storage(lowered, plan), Object.fromEntries(narrow))
}

/** The same program, bit for bit. */
function tidied(program: LoopProgram): LoopProgram {
  return foldSigns(settle(program))
}
